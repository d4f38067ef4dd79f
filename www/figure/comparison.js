// @ts-check
// Beside each image, the mean training image of its class: what the network makes of that, and how
// much the image resembles it.

import { h } from '../dom.js';
import { mean, percent, signed } from './words.js';

/** @typedef {import('../experiment.js').Column} Column */
/** @typedef {import('../experiment.js').Experiment} Experiment */
/** @typedef {import('./stage.js').Paint} Paint */

const SIDE = 28;

export class Comparison {
  #images = h('div', { className: 'images' });
  #words = h('p', { className: 'caption' });
  /** @type {HTMLElement[]} */
  #labels = [];
  element = h('div', { className: 'comparison' }, this.#images, this.#words);

  /**
   * Shows the mean images.
   *
   * @param {Experiment} experiment
   * @param {Column} column
   * @param {Paint} paint
   */
  arrange({ digits, means }, { meanAnswers, name }, paint) {
    this.#images.classList.toggle('many', digits.length > 1);
    this.#images.style.setProperty('--across', String(Math.min(5, digits.length)));
    const picture = paint(means, 0, 1);
    const cells = digits.map((digit) => {
      const answer = percent(meanAnswers[digit][digit]);
      const canvas = h('canvas', {
        width: SIDE,
        height: SIDE,
        role: 'img',
        'aria-label': `Mean training image of the ${digit}. The ${name} gives the ${digit} ${answer}.`,
      });
      canvas.getContext('2d')?.putImageData(picture, 0, -digit * SIDE, 0, digit * SIDE, SIDE, SIDE);
      const label = h('span');
      return { cell: h('div', { className: 'image' }, canvas, label), label };
    });
    this.#labels = cells.map(({ label }) => label);
    this.#images.replaceChildren(...cells.map(({ cell }) => cell));
  }

  /**
   * Says how the images compare.
   *
   * @param {Experiment} experiment
   * @param {Column} column
   * @param {number[]} resemblances One an image.
   */
  draw({ digits }, { meanAnswers, name }, resemblances) {
    for (const [row, label] of this.#labels.entries()) {
      label.replaceChildren(h('b', {}, String(digits[row])), ` r ${signed(resemblances[row])}`);
    }
    const [digit] = digits;
    const answers = digits.map((it) => meanAnswers[it][it]);
    this.#words.textContent =
      digits.length === 1
        ? `The mean of all training images of the ${digit}. The ${name} gives it ` +
          `${percent(answers[0])} for the ${digit}. Its correlation with the image made here is ` +
          `r = ${signed(resemblances[0])}: 1 would be the same picture, 0 no likeness.`
        : `The means of all training images of each digit. The ${name} gives them ` +
          `${percent(mean(answers))} for their own digits, on average. Their correlation with the ` +
          `images made here is r = ${signed(mean(resemblances))} on average: 1 would be the same ` +
          `picture, 0 no likeness.`;
  }
}
