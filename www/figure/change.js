// @ts-check
// What was changed of the start image: the difference, and its size.

import { h } from '../dom.js';
import { twoDigits } from './words.js';

/** @typedef {import('../experiment.js').Column} Column */
/** @typedef {import('../experiment.js').Experiment} Experiment */
/** @typedef {import('./stage.js').Paint} Paint */

const SIDE = 28;
const PIXELS = SIDE * SIDE;

export class Change {
  #title = h('p', { className: 'title' });
  #canvas = h('canvas', { width: SIDE, height: SIDE, role: 'img', 'aria-label': 'Difference' });
  #words = h('p', { className: 'caption' });
  element = h(
    'section',
    { className: 'card' },
    this.#title,
    h(
      'div',
      { className: 'comparison' },
      h('div', { className: 'images' }, h('div', { className: 'image' }, this.#canvas)),
      this.#words,
    ),
  );

  /**
   * @param {Experiment} experiment
   * @param {Column} column
   * @param {number} iteration
   * @param {number} row
   * @param {Paint} paint
   */
  draw(experiment, { name, history }, iteration, row, paint) {
    const part = (/** @type {Float32Array} */ images) => images.subarray(row * PIXELS, (row + 1) * PIXELS);
    const start = part(history.at(0).images);
    const difference = part(history.at(iteration).images).map((pixel, at) => pixel - start[at]);
    const most = difference.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const distance = Math.hypot(...difference);
    const ink = Math.hypot(...start);
    this.#title.textContent = `What was changed: ${name}, image for ${experiment.digits[row]}`;
    this.#canvas.getContext('2d')?.putImageData(paint(difference, -most, most), 0, 0);
    this.#words.textContent =
      `The image less its start: yellow was added, dark blue taken away, green left as it was. No ` +
      `pixel by more than ${twoDigits(most)}; in all a distance of ${twoDigits(distance)}, where the ` +
      `start itself is ${twoDigits(ink)} from black.`;
    this.#canvas.setAttribute('aria-label', `Difference from the start: distance ${twoDigits(distance)}`);
  }
}
