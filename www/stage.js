// @ts-check
// The images, live: one canvas for each at its native 28×28, scaled by the style sheet.

const SIDE = 28;

/** The share of pixels at either end of the scale that may lie outside it. */
const OUTSIDE = 0.01;

/**
 * @typedef {object} Cell
 * @property {HTMLElement} cell
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context
 * @property {HTMLElement} label
 */

export class Stage {
  #images;
  #low;
  #high;
  #onSelect;
  /** @type {Cell[]} */
  #cells = [];
  /** @type {number[]} */
  #digits = [];

  /** @param {(row: number) => void} onSelect Hears of an image that was chosen, by its row. */
  constructor(onSelect) {
    this.#images = /** @type {HTMLElement} */ (document.getElementById('images'));
    this.#low = /** @type {HTMLElement} */ (document.getElementById('low'));
    this.#high = /** @type {HTMLElement} */ (document.getElementById('high'));
    this.#onSelect = onSelect;
  }

  /**
   * Makes room for one image a digit.
   *
   * @param {number[]} digits
   */
  arrange(digits) {
    if (String(digits) === String(this.#digits)) {
      return; // What is on show stays until it is drawn over.
    }
    this.#digits = digits;
    const many = digits.length > 1;
    this.#images.classList.toggle('many', many);
    this.#cells = digits.map((digit, row) => {
      const canvas = document.createElement('canvas');
      canvas.width = SIDE;
      canvas.height = SIDE;
      canvas.setAttribute('role', 'img');
      const label = document.createElement('span');
      label.hidden = !many;
      const cell = document.createElement(many ? 'button' : 'div');
      cell.className = 'image';
      if (cell instanceof HTMLButtonElement) {
        cell.type = 'button';
        cell.addEventListener('click', () => this.#onSelect(row));
      }
      cell.append(canvas, label);
      canvas.setAttribute('aria-label', `Image for the digit ${digit}`);
      // Painted pixel by pixel, so it is better kept in memory than on the GPU.
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) {
        throw new Error('This browser gives no 2D canvas, so the image cannot be drawn.');
      }
      return { cell, canvas, context, label };
    });
    this.#images.replaceChildren(...this.#cells.map(({ cell }) => cell));
  }

  /** @param {number | undefined} row */
  select(row) {
    for (const [index, { cell }] of this.#cells.entries()) {
      if (cell instanceof HTMLButtonElement) {
        cell.setAttribute('aria-pressed', String(index === row));
      }
    }
  }

  /**
   * Draws the images with one scale of colours for all.
   *
   * @param {Float32Array} images
   * @param {number[]} probabilities Of each image's own digit.
   * @param {(images: Float32Array, low: number, high: number) => ImageData} paint
   */
  draw(images, probabilities, paint) {
    const { low, high, lowest, highest } = scale(images);
    const picture = paint(images, low, high);
    for (const [row, { canvas, context, label }] of this.#cells.entries()) {
      context.putImageData(picture, 0, -row * SIDE, 0, row * SIDE, SIDE, SIDE);
      const digit = this.#digits[row];
      const percent = `${(100 * probabilities[row]).toFixed(1)}%`;
      const name = document.createElement('b');
      name.textContent = String(digit);
      label.replaceChildren(name, ` ${percent}`);
      canvas.setAttribute(
        'aria-label',
        `Image for the digit ${digit}, in which the network sees a ${digit} with ${percent}`,
      );
    }
    this.#low.textContent = `${lowest < low ? '≤ ' : ''}${decimals(low)}`;
    this.#high.textContent = `${highest > high ? '≥ ' : ''}${decimals(high)}`;
  }
}

/**
 * The range of the colours: that of the pixels but for a hundredth at either end, so that a few
 * stray ones, of which LeNet-5 makes some at the border, do not leave the rest all one colour.
 *
 * @param {Float32Array} pixels
 */
function scale(pixels) {
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

/** @param {number} value */
function decimals(value) {
  return value.toFixed(2).replace('-', '−');
}
