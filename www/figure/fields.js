// @ts-check
// The kinds of field in the form, each with its label.

import { h } from '../dom.js';

/**
 * A choice of a few.
 *
 * @param {string} name
 * @param {string} title
 * @param {string[][]} values Each with its label.
 */
export function segments(name, title, values) {
  const inputs = values.map(([value]) => h('input', { type: 'radio', name, value }));
  const element = h(
    'fieldset',
    { className: `segments ${name}` },
    h('legend', {}, title),
    ...inputs.map((input, index) => h('label', {}, input, h('span', {}, values[index][1]))),
  );
  const choose = (/** @type {string} */ value) => {
    for (const input of inputs) {
      input.checked = input.value === value;
    }
  };
  return { element, choose };
}

/** @param {string} name @param {string} title @param {Partial<HTMLInputElement>} range */
export function slider(name, title, range) {
  const input = h('input', { type: 'range', name, 'aria-label': title, ...range });
  const output = h('output');
  const element = h('div', { className: 'field' }, h('span', { className: 'label' }, title), output, input);
  /** @param {number} value @param {string} words */
  const put = (value, words) => {
    input.valueAsNumber = value;
    output.textContent = words;
    input.setAttribute('aria-valuetext', words);
  };
  return { element, put };
}

/** For a number that is typed. @param {string} name @param {string} title @param {Partial<HTMLInputElement>} range */
export function field(name, title, range) {
  const input = h('input', { type: 'number', name, 'aria-label': title, ...range });
  const element = h('div', { className: 'field' }, h('span', { className: 'label' }, title), input);
  const put = (/** @type {number} */ value) => {
    input.defaultValue = String(value);
    input.value = input.defaultValue;
  };
  return { element, input, put };
}

/** Whether something else stands in it than what was put there. @param {HTMLInputElement} input */
export function isTyped({ type, value, defaultValue, validity }) {
  return type === 'number' && (value !== defaultValue || validity.badInput);
}

/** @param {string} name @param {string} title @param {string[][]} values Each with its label. */
export function select(name, title, values) {
  const options = values.map(([value, words]) => h('option', { value }, words));
  const input = h('select', { name, 'aria-label': title }, ...options);
  const element = h('div', { className: 'field' }, h('span', { className: 'label' }, title), input);
  return { element, input };
}
