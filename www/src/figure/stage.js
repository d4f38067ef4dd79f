// @ts-check
// The images, live: one canvas for each at its native 28×28, scaled by the style sheet.

import { h, setChildren } from './dom.js';
import { iterations, signed } from './words.js';

const SIDE = 28;

/** The share of pixels at either end of the scale that may lie outside it. */
const OUTSIDE = 0.01;

/** @typedef {(images: Float32Array, low: number, high: number) => ImageData} Paint */

/**
 * @typedef {object} Caption What is said of an image.
 * @property {string} label Beside its digit.
 * @property {string} words What the network makes of it, in sentences.
 */

export class Stage {
  #images = h('div', { className: 'images' });
  #spoken;
  #low = h('span', {}, '\u00a0');
  #high = h('span', {}, '\u00a0');
  #onSelect;
  /** @type {ReturnType<typeof cell>[]} */
  #cells = [];
  /** @type {number[]} */
  #digits = [];
  /** @type {string[]} */
  #aims = [];
  #name = '';
  element;

  /**
   * @param {(row: number) => void} onSelect Hears of an image that was chosen, by its row.
   * @param {import('./spoken.js').Spoken} spoken
   */
  constructor(onSelect, spoken) {
    this.#onSelect = onSelect;
    this.#spoken = spoken;
    this.element = h(
      'div',
      { className: 'picture' },
      this.#images,
      h(
        'div',
        { className: 'scale', role: 'img', 'aria-label': 'Colors: pixel values from low to high' },
        this.#high,
        h('span', { className: 'ramp' }),
        this.#low,
      ),
    );
  }

  /**
   * Makes room for one image a digit.
   *
   * @param {number[]} digits Or the numbers of neurons or channels.
   * @param {string[]} aims What each image is made for, in words.
   * @param {string} name Of the network.
   */
  arrange(digits, aims, name) {
    this.#name = name;
    this.#aims = aims;
    if (String(digits) === String(this.#digits)) {
      return; // The images on show stay until the next are drawn.
    }
    this.#digits = digits;
    this.#images.classList.toggle('many', digits.length > 1);
    this.#images.style.setProperty('--across', String(Math.min(5, digits.length)));
    this.#images.style.setProperty('--all', String(digits.length));
    const choosable = digits.length > 1;
    const kept = this.#cells.filter(({ element }) => choosable && element instanceof HTMLButtonElement);
    this.#cells = digits.map(
      (_, row) => kept[row] ?? cell(choosable ? () => this.#onSelect(row) : undefined),
    );
    for (const [row, { label, canvas }] of this.#cells.entries()) {
      // The second word is blank for now, but keeps its line where there is room for one word only.
      label.replaceChildren(h('b', {}, String(digits[row])), ' \u00a0');
      canvas.setAttribute('aria-label', `Image for ${aims[row]}`);
    }
    setChildren(this.#images, this.#cells.map(({ element }) => element));
  }

  /** @param {number | undefined} row */
  select(row) {
    for (const [index, { element }] of this.#cells.entries()) {
      if (element instanceof HTMLButtonElement) {
        element.setAttribute('aria-pressed', String(index === row));
      }
    }
  }

  /**
   * Draws the images with one scale of colors for all.
   *
   * @param {Float32Array} images
   * @param {number} iteration
   * @param {Caption[]} captions One an image.
   * @param {Paint} paint
   */
  draw(images, iteration, captions, paint) {
    const { low, high, lowest, highest } = scale(images);
    const picture = paint(images, low, high);
    for (const [row, { element, canvas, label }] of this.#cells.entries()) {
      contextOf(canvas).putImageData(picture, 0, -row * SIDE, 0, row * SIDE, SIDE, SIDE);
      const { label: text, words } = captions[row];
      label.replaceChildren(h('b', {}, String(this.#digits[row])), ` ${text}`);
      const name = `Image for ${this.#aims[row]}, made with the ${this.#name}, after ${iterations(iteration)}. ${words}`;
      this.#spoken.say(canvas, 'aria-label', name);
      if (element instanceof HTMLButtonElement) {
        this.#spoken.say(element, 'aria-label', name); // Otherwise its name would be its content.
      }
    }
    this.#low.textContent = `${lowest < low ? '≤ ' : ''}${signed(low)}`;
    this.#high.textContent = `${highest > high ? '≥ ' : ''}${signed(high)}`;
  }
}

/** @param {(() => void) | undefined} onSelect */
function cell(onSelect) {
  const canvas = h('canvas', { width: SIDE, height: SIDE, role: 'img', 'aria-label': 'Image' });
  const label = h('span', { hidden: !onSelect });
  const element = onSelect
    ? h('button', { type: 'button', className: 'image', onclick: onSelect }, canvas, label)
    : h('div', { className: 'image' }, canvas, label);
  return { element, canvas, label };
}

/** Called when there is something to draw: most figures of a page stay unseen. @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  // Painted pixel by pixel, so it is better kept in memory than on the GPU.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new Error('This browser gives no 2D canvas, so the image cannot be drawn.');
  }
  return context;
}

/**
 * The range of the color scale: that of the pixels without a hundredth at either end. A few outliers, as LeNet-5 makes
 * at the border, would otherwise leave all other pixels in one color.
 *
 * @param {Float32Array} pixels
 */
export function scale(pixels) {
  const sorted = pixels.slice().sort();
  const outside = Math.floor(OUTSIDE * sorted.length);
  const last = sorted.length - 1;
  return {
    low: sorted[outside],
    high: sorted[last - outside],
    lowest: sorted[0],
    highest: sorted[last],
  };
}
