// The images on show as a PNG, in the colors that they have on the page: one scale a network.

import { scale } from '../../figure/stage.ts';
import { png } from './png.ts';
import { Sheet } from './sheet.ts';
import type { Shown } from './shown.ts';

/** How much pixels are enlarged: one image becomes 560 wide, five in a row 1152. */
const ONE = 20;
const MANY = 8;

export function picture({ experiment, paint, iteration }: Shown): Promise<Blob> {
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

/** A number for each pixel in place of four. */
export function inWords({ data }: ImageData) {
  return new Uint32Array(data.buffer);
}
