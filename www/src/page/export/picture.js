// @ts-check
// The images on show as a PNG, in the colors that they have on the page: one scale a network.

import { scale } from '../../figure/stage.js';
import { png } from './png.js';
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
  const { networkResults, digits } = experiment;
  const sheet = new Sheet(networkResults.length, digits.length, digits.length === 1 ? ONE : MANY);
  const whole = new ImageData(sheet.width, sheet.height); // Transparent, and so the gaps stay.
  for (const [index, { history }] of networkResults.entries()) {
    const { images } = history.at(iteration);
    const { low, high } = scale(images);
    sheet.put(inWords(whole), index, inWords(paint(images, low, high)));
  }
  return png(whole);
}

/** A number for each pixel in place of four. @param {ImageData} image */
export function inWords({ data }) {
  return new Uint32Array(data.buffer);
}
