// @ts-check
// The kinds of field in the form, each with its label.

import { h, setChildren } from './dom.js';

/**
 * A choice of a few. What is offered can change; a choice that stays keeps its element, and so the focus.
 *
 * @param {string} name
 * @param {string} title
 * @param {string[][]} values Each with its label.
 */
export function segments(name, title, values) {
  const legend = h('legend', {}, title);
  const element = h('fieldset', { className: `segments ${name}` }, legend);
  /** @type {Map<string, { input: HTMLInputElement, words: HTMLElement, label: HTMLElement }>} */
  let choices = new Map();
  const offer = (/** @type {string[][]} */ values) => {
    choices = new Map(values.map(([value]) => [value, choices.get(value) ?? segment(name, value)]));
    for (const [value, words] of values) {
      const choice = choices.get(value);
      choice?.words.replaceChildren(words);
    }
    setChildren(element, [legend, ...[...choices.values()].map(({ label }) => label)]);
  };
  const choose = (/** @type {string} */ value) => {
    for (const { input } of choices.values()) {
      input.checked = input.value === value;
    }
  };
  offer(values);
  return { element, legend, offer, choose };
}

/** @param {string} name @param {string} value */
function segment(name, value) {
  const input = h('input', { type: 'radio', name, value });
  const words = h('span');
  return { input, words, label: h('label', {}, input, words) };
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
  return { element, input, put };
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

/** Whether somebody has typed something else into a field than `put` has set. @param {HTMLInputElement} input */
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
