// A moment of a run as a picture for a slide: images with what they are made for and what the network gives them, the
// networks' names, and the iteration. Dark on white.

import { groupOf } from '../../figure/words-of-objectives.ts';
import { percent, twoDigits } from '../../figure/words.ts';
import { Lettering } from './lettering.ts';
import { type Pixels, enlarge } from './sheet.ts';
import type { Shown } from './shown.ts';
import { HEIGHT, type Layout, type Place, WIDTH, layoutOf } from './slide-layout.ts';

/** White, and the ink of the page: red, green and blue. */
const PAPER = [255, 255, 255];
const INK = [29, 27, 38];

export class Slide {
  #shown: Shown;
  #layout: Layout;
  #lettering = new Lettering();
  width = WIDTH;
  height = HEIGHT;

  constructor(shown: Shown) {
    const { networkResults, digits } = shown.experiment;
    this.#shown = shown;
    this.#layout = layoutOf(networkResults.length, digits.length);
  }

  /**
   * @param target The whole picture.
   * @param colors Of each network, those of its images: 784 pixels each.
   * @param grays From paper to ink, as numbers of the target.
   */
  draw<T extends Pixels>(target: T, iteration: number, colors: T[], grays: ArrayLike<number>) {
    const { experiment: { networkResults, digits, ofLayer }, made } = this.#shown;
    const { factor, networks, counter } = this.#layout;
    target.fill(grays[0]);
    for (const [index, { title, images }] of networks.entries()) {
      const { name, history, begin } = networkResults[index];
      const group = groupOf(begin.objective);
      this.#write(target, group === undefined ? name : `${name}: ${group}`, title, grays);
      for (const [row, { x, y, caption }] of images.entries()) {
        const score = history.probabilities[row][iteration];
        enlarge(target, WIDTH, { x, y, factor }, colors[index].subarray(row * 784, (row + 1) * 784));
        this.#write(target, `${digits[row]}: ${ofLayer ? twoDigits(score) : percent(score)}`, caption, grays);
      }
    }
    this.#write(target, `Iteration ${iteration} of ${made}`, counter, grays);
  }

  #write(target: Pixels, words: string, { x, y, size }: Place, grays: ArrayLike<number>) {
    const { width, height, coverage } = this.#lettering.word(words, size);
    const left = Math.round(x - width / 2);
    const top = Math.round(y - height / 2);
    for (const [at, share] of coverage.entries()) {
      const column = left + (at % width);
      if (share > 0 && column >= 0 && column < WIDTH) {
        const place = (top + Math.floor(at / width)) * WIDTH + column;
        target[place] = grays[Math.round((share / 255) * (grays.length - 1))];
      }
    }
  }
}

/** Colors from paper to ink. */
export function graysOf(count: number) {
  return Array.from({ length: count }, (_, at) =>
    PAPER.map((paper, channel) => Math.round(paper + ((INK[channel] - paper) * at) / (count - 1))),
  );
}

/** The same as numbers of an image, in the finest steps. */
export function graysInWords() {
  return new Uint32Array(Uint8Array.from(graysOf(256).flatMap((color) => [...color, 255])).buffer);
}
