// Beside each image, the mean training image of its class: the probability that the network gives it, and how much
// the image looks like it.

import { averageOf } from '../player/typical-digits.ts';
import { type Begun, type Moment, type Room, card } from './card.ts';
import { type Coloring, WHITE, lowOfMnist } from './colors.ts';
import { h } from './dom.ts';
import { LONGEST, reserve } from './reserved.ts';
import { across } from './stage.ts';
import { isOfDigits } from './words-of-objectives.ts';
import { mean, percent, signed } from './words.ts';

const SIDE = 28;

export class Comparison {
  static part = 'mean';
  static suits = isOfDigits;
  #images = h('div', { className: 'images' });
  #words = h('p', { className: 'caption' });
  #cells: { canvas: HTMLCanvasElement; label: HTMLElement }[] = [];
  /** The colors that the mean images are painted in, as a text; undefined, while there are no mean images. */
  #painted: string | undefined;
  #card = card('', '', h('div', { className: 'comparison' }, this.#images, this.#words));
  element = this.#card.element;

  arrange({ name, several, digits }: Room) {
    this.#card.title.textContent = `The mean ${digits.length === 1 ? digits[0] : 'digits'} of MNIST${several ? `: ${name}` : ''}`;
    this.#images.classList.toggle('many', digits.length > 1);
    this.#images.style.setProperty('--across', String(across(digits.length)));
    this.#cells = digits.map((digit) => ({
      canvas: h('canvas', {
        width: SIDE,
        height: SIDE,
        role: 'img',
        'aria-label': `Mean training image of the ${digit}`,
      }),
      label: h('span', {}, ...labelOf(digit, NaN, NaN)),
    }));
    this.#images.replaceChildren(
      ...this.#cells.map(({ canvas, label }) => h('div', { className: 'image' }, canvas, label)),
    );
    this.#painted = undefined;
    reserve(this.#words, said(digits, name, LONGEST.percent, LONGEST.signed, LONGEST.signed));
  }

  /** Shows the mean images. */
  begin({ experiment: { digits, means }, networkResult: { meanProbabilities, name }, config, paint }: Begun) {
    this.#painted = inWords(config);
    const picture = paint(means, lowOfMnist(config), WHITE);
    for (const [row, { canvas }] of this.#cells.entries()) {
      const digit = digits[row];
      const answer = percent(meanProbabilities[digit][digit]);
      canvas.setAttribute(
        'aria-label',
        `Mean training image of the ${digit}. The ${name} gives the ${digit} ${answer}.`,
      );
      canvas.getContext('2d')?.putImageData(picture, 0, -digit * SIDE, 0, digit * SIDE, SIDE, SIDE);
    }
  }

  /** Says how the images compare. */
  draw(moment: Moment) {
    if (this.#painted !== inWords(moment.config)) {
      this.begin(moment); // The card is shown only now, or in other colors.
    }
    const { experiment: { digits }, networkResult: { meanProbabilities, name }, comparisons } = moment;
    for (const [row, { label }] of this.#cells.entries()) {
      const { correlation, margin } = comparisons[row];
      label.replaceChildren(...labelOf(digits[row], correlation, margin));
    }
    const probabilities = digits.map((it) => meanProbabilities[it][it]);
    const { correlation, margin } = averageOf(comparisons);
    this.#words.textContent = said(digits, name, percent(mean(probabilities)), signed(correlation), signed(margin));
  }
}

function inWords({ colors, colorScale }: Coloring) {
  return `${colors} ${colorScale}`;
}

/** @returns With the margin in brackets. */
function labelOf(digit: number, correlation: number, margin: number) {
  return [h('b', {}, String(digit)), ` r ${signed(correlation)}`, h('br'), `(${signed(margin)})`];
}

/**
 * What is said of the mean images, and of those of the figure. The numbers of real digits and of the mean of all are
 * those of the 10,000 test images: see tests/page/claims-data.test.js.
 *
 * @param name Of the network.
 * @param answer What it gives to the means.
 * @param r Of the images of the figure.
 */
function said(digits: number[], name: string, answer: string, r: string, margin: string) {
  const [digit] = digits;
  const isOne = digits.length === 1;
  const what = isOne
    ? `The mean of all training images of the ${digit}; the ${name} gives it ${answer} for the ${digit}.`
    : `The means of all training images of each digit; the ${name} gives them ${answer} for their own digits, on average.`;
  return (
    `${what} r is the correlation of an image’s ink with the nearest of ten typical ${isOne ? `${digit}s` : 'ones'}; the ` +
    `margin, in brackets, is r less the highest r with another digit. Made here${isOne ? '' : ', on average'}: ${r} ` +
    `(${margin}). Real digits: 0.79 (0.14). A blob, the mean of all digits: 0.80 (−0.07).`
  );
}
