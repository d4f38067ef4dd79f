// The images on show as a PNG, in the colors that they have on the page. Alone, or with words, for
// a slide.

import { painted } from '../../figure/colors.ts';
import { png } from './png.ts';
import { Sheet } from './sheet.ts';
import { type Shown, scalesOfAll } from './shown.ts';
import { Slide, graysInWords } from './slide.ts';

/** How much pixels are enlarged: one image becomes 560 wide, five in a row 1152. */
const ONE = 20;
const MANY = 8;

export function picture(shown: Shown): Promise<Blob> {
  const { networkResults, digits } = shown.experiment;
  const sheet = new Sheet(networkResults.length, digits.length, digits.length === 1 ? ONE : MANY);
  const whole = new ImageData(sheet.width, sheet.height); // Transparent, and so the gaps stay.
  for (const [index, colors] of colorsOf(shown).entries()) {
    sheet.put(inWords(whole), index, colors);
  }
  return png(whole);
}

/** 1920 × 1080, with digits, probabilities and the iteration. */
export function slidePicture(shown: Shown): Promise<Blob> {
  const slide = new Slide(shown);
  const whole = new ImageData(slide.width, slide.height);
  slide.draw(inWords(whole), shown.iteration, colorsOf(shown), graysInWords());
  return png(whole);
}

function colorsOf(shown: Shown) {
  const { experiment, paint, iteration } = shown;
  const images = experiment.networkResults.map(({ history }) => history.at(iteration).images);
  const scales = scalesOfAll(shown, images);
  return images.map((pixels, network) => inWords(painted(pixels, scales[network], paint)));
}

/** A number for each pixel in place of four. */
export function inWords({ data }: ImageData) {
  return new Uint32Array(data.buffer);
}
