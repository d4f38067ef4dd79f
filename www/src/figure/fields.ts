// The kinds of field in the form, each with its label.

import { h, setChildren } from './dom.ts';

/**
 * A choice of a few. What is offered can change; a choice that stays keeps its element, and so the focus.
 *
 * @param values Each with its label.
 */
export function segments(name: string, title: string, values: string[][]) {
  const legend = h('legend', {}, title);
  const element = h('fieldset', { className: `segments ${name}` }, legend);
  let choices = new Map<string, { input: HTMLInputElement; words: HTMLElement; label: HTMLElement }>();
  const offer = (values: string[][]) => {
    choices = new Map(values.map(([value]) => [value, choices.get(value) ?? segment(name, value)]));
    for (const [value, words] of values) {
      const choice = choices.get(value);
      choice?.words.replaceChildren(words);
    }
    setChildren(element, [legend, ...[...choices.values()].map(({ label }) => label)]);
  };
  const choose = (value: string) => {
    for (const { input } of choices.values()) {
      input.checked = input.value === value;
    }
  };
  offer(values);
  return { element, legend, offer, choose };
}

function segment(name: string, value: string) {
  const input = h('input', { type: 'radio', name, value });
  const words = h('span');
  return { input, words, label: h('label', {}, input, words) };
}

export function slider(name: string, title: string, range: Partial<HTMLInputElement>) {
  const input = h('input', { type: 'range', name, 'aria-label': title, ...range });
  const output = h('output');
  const element = h('div', { className: 'field' }, h('span', { className: 'label' }, title), output, input);
  const put = (value: number, words: string) => {
    input.valueAsNumber = value;
    output.textContent = words;
    input.setAttribute('aria-valuetext', words);
  };
  return { element, input, put };
}

/** For a number that is typed. */
export function field(name: string, title: string, range: Partial<HTMLInputElement>) {
  const input = h('input', { type: 'number', name, 'aria-label': title, ...range });
  const element = h('div', { className: 'field' }, h('span', { className: 'label' }, title), input);
  const put = (value: number) => {
    input.defaultValue = String(value);
    input.value = input.defaultValue;
  };
  return { element, input, put };
}

/** Whether somebody has typed something else into a field than `put` has set. */
export function isTyped({ type, value, defaultValue, validity }: HTMLInputElement) {
  return type === 'number' && (value !== defaultValue || validity.badInput);
}

/** @param values Each with its label. */
export function select(name: string, title: string, values: string[][]) {
  const options = values.map(([value, words]) => h('option', { value }, words));
  const input = h('select', { name, 'aria-label': title }, ...options);
  const element = h('div', { className: 'field' }, h('span', { className: 'label' }, title), input);
  return { element, input };
}
