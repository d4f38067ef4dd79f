// Beside each image, the mean training image of its class: the probability that the network gives it, and how much
// the image looks like it.

import { averageOf, type Comparison as Compared } from '../player/class-means.ts';
import { type Begun, type Moment, type Room, card } from './card.ts';
import { h } from './dom.ts';
import { LONGEST, reserve } from './reserved.ts';
import { mean, percent, signed } from './words.ts';

const SIDE = 28;

export class Comparison {
  static part = 'mean';
  static ofDigits = true;
  #images = h('div', { className: 'images' });
  #words = h('p', { className: 'caption' });
  #cells: { canvas: HTMLCanvasElement; label: HTMLElement }[] = [];
  /** Whether there are no mean images yet. */
  #isBlank = true;
  #card = card('', '', h('div', { className: 'comparison' }, this.#images, this.#words));
  element = this.#card.element;

  arrange({ name, several, digits }: Room) {
    this.#card.title.textContent = `The mean ${digits.length === 1 ? digits[0] : 'digits'} of MNIST${several ? `: ${name}` : ''}`;
    this.#images.classList.toggle('many', digits.length > 1);
    this.#images.style.setProperty('--across', String(Math.min(5, digits.length)));
    this.#cells = digits.map((digit) => ({
      canvas: h('canvas', {
        width: SIDE,
        height: SIDE,
        role: 'img',
        'aria-label': `Mean training image of the ${digit}`,
      }),
      label: h('span', {}, h('b', {}, String(digit)), ' \u00a0'),
    }));
    this.#images.replaceChildren(
      ...this.#cells.map(({ canvas, label }) => h('div', { className: 'image' }, canvas, label)),
    );
    this.#isBlank = true;
    reserve(this.#words, said(digits, name, LONGEST.percent, LONGEST_WORDS, LONGEST_WORDS));
  }

  /** Shows the mean images. */
  begin({ experiment: { digits, means }, networkResult: { meanProbabilities, name }, paint }: Begun) {
    this.#isBlank = false;
    const picture = paint(means, 0, 1);
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
    if (this.#isBlank) {
      this.begin(moment); // The card is shown only now.
    }
    const { experiment: { digits, classMeans }, networkResult: { meanProbabilities, name }, comparisons } = moment;
    for (const [row, { label }] of this.#cells.entries()) {
      const { correlation, margin } = words(comparisons[row]);
      label.replaceChildren(h('b', {}, String(digits[row])), ` r ${correlation}, margin ${margin}`);
    }
    const probabilities = digits.map((it) => meanProbabilities[it][it]);
    this.#words.textContent =
      said(digits, name, percent(mean(probabilities)), words(averageOf(comparisons)), words(classMeans.blob));
  }
}

/** A comparison, as people read it. */
interface Words {
  correlation: string;
  margin: string;
}

const LONGEST_WORDS: Words = { correlation: LONGEST.signed, margin: LONGEST.signed };

function words({ correlation, margin }: Compared): Words {
  return { correlation: signed(correlation), margin: signed(margin) };
}

/**
 * What is said of the mean images.
 *
 * @param name Of the network.
 * @param answer What it gives them.
 * @param made How the images of the figure compare with them.
 * @param blob How the mean of all digits does.
 */
function said(digits: number[], name: string, answer: string, made: Words, blob: Words) {
  const [digit] = digits;
  const what = digits.length === 1
    ? `The mean of all training images of the ${digit}. The ${name} gives it ${answer} for the ${digit}. The image ` +
      `made here has a correlation of r = ${made.correlation} with it`
    : `The means of all training images of each digit. The ${name} gives them ${answer} for their own digits, on ` +
      `average. The images made here have a correlation of r = ${made.correlation} with them on average`;
  return (
    `${what} (1: the same image, 0: no relation), and a margin of ${made.margin}: r less the highest r with the mean ` +
    `of another digit. A blob, the mean of all ten, has r = ${blob.correlation} and a margin of ${blob.margin}.`
  );
}
