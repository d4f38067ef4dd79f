// @ts-check
// The part of the form that goes beyond the lab: the objective, the form of the image, what it is charged
// for, and how all that is computed.

import { h } from '../dom.js';
import { commonLayers } from '../objectives.js';
import { field, select } from './fields.js';
import { aDigit } from './words.js';

/** @typedef {import('../config.js').Config} Config */

/** @type {[keyof Config & string, string, number, number][]} Name, title, step, most. */
const WEIGHTS = [
  ['l1', 'L1: dark', 0.01, 1000],
  ['l2', 'L2: dark', 0.01, 1000],
  ['tv', 'Total variation: smooth', 0.01, 1000],
  ['near', 'Near the start', 0.01, 1000],
  ['density', 'Like the data', 0.01, 1000],
  ['diversity', 'Diversity', 0.1, 1000],
  ['shift', 'Shifts, pixels', 1, 8],
  ['turn', 'Rotations, degrees', 1, 45],
  ['zoom', 'Changes of scale', 0.01, 0.5],
  ['soften', 'Blur, pixels', 0.1, 5],
];

const OBJECTIVES = [
  ['distance', 'Distance to the target probability'],
  ['log-probability', 'Log-probability'],
  ['logit', 'Logit'],
  ...Array.from({ length: 10 }, (_, digit) => [`not-${digit}`, `Rather than ${aDigit(digit)}`]),
];

export class Regularizers {
  #objective = select('objective', 'Objective', OBJECTIVES);
  #form = select('form', 'Made of', [
    ['pixels', 'pixels, unbounded'],
    ['sigmoid', 'pixels from black to white'],
    ['fourier', 'waves, from black to white'],
    ['prior', 'principal components of MNIST'],
  ]);
  #path = select('path', 'Computed', [
    ['fused', 'in whole iterations, if possible'],
    ['plain', 'operation by operation, by Burn'],
  ]);
  #fields = WEIGHTS.map(([name, title, step, most]) => ({
    name,
    ...field(name, title, { min: '0', max: String(most), step: String(step) }),
  }));
  /** Those that are offered. */
  #layers = '';
  element = h(
    'details',
    { className: 'more' },
    h('summary', {}, 'Objective and regularizers'),
    h(
      'div',
      { className: 'regularizers' },
      this.#objective.element,
      this.#form.element,
      ...this.#fields.map(({ element }) => element),
      this.#path.element,
    ),
  );

  /** @param {Config} config */
  show(config) {
    const layers = commonLayers(config.network).map(([name]) => name);
    if (String(layers) !== this.#layers) {
      this.#layers = String(layers);
      this.#offer(layers);
    }
    this.#objective.input.value = config.objective;
    this.#form.input.value = config.form;
    this.#path.input.value = config.path;
    for (const { name, put } of this.#fields) {
      put(Number(config[name]));
    }
  }

  /** @param {string[]} layers Those that all of the networks have. */
  #offer(layers) {
    const units = layers.map((name) => [
      `unit-${name}`,
      name.startsWith('conv') ? `A filter of ${name}` : `A unit of ${name}`,
    ]);
    this.#objective.input.replaceChildren(
      ...[...OBJECTIVES, ...units].map(([value, words]) => h('option', { value }, words)),
    );
  }
}
