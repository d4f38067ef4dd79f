// @ts-check
// The images on show as a PNG, in the colours that they have on the page: one scale a network.

import { h } from '../dom.js';
import { scale } from '../figure/stage.js';
import { Sheet } from './sheet.js';

/** @typedef {import('./shown.js').Shown} Shown */

/** How much pixels are enlarged: one image becomes 560 wide, five in a row 1152. */
const ONE = 20;
const MANY = 8;

/**
 * @param {Shown} shown
 * @returns {Promise<Blob>}
 */
export function picture({ experiment, paint, iteration }) {
  const { columns, digits } = experiment;
  const sheet = new Sheet(columns.length, digits.length, digits.length === 1 ? ONE : MANY);
  const whole = new ImageData(sheet.width, sheet.height); // Transparent, and so the gaps stay.
  for (const [index, { history }] of columns.entries()) {
    const { images } = history.at(iteration);
    const { low, high } = scale(images);
    sheet.put(inWords(whole), index, inWords(paint(images, low, high)));
  }
  return encoded(whole);
}

/** A number for each pixel in place of four. @param {ImageData} image */
export function inWords({ data }) {
  return new Uint32Array(data.buffer);
}

/** @param {ImageData} image @returns {Promise<Blob>} */
function encoded(image) {
  const canvas = h('canvas', { width: image.width, height: image.height });
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error('This browser could not make the picture.')),
    ),
  );
}
