// Beside images for channels of the first convolution, the filters of these channels; and where an image is made for
// one position, the patch of it that the filter is multiplied with there.

import { layersOf } from '../engine/networks.ts';
import type { Objective } from '../engine/task.ts';
import { correlation } from '../player/correlation.ts';
import { patchOf } from '../player/patch.ts';
import { type Moment, type Room, card } from './card.ts';
import type { Paint } from './colors.ts';
import { h } from './dom.ts';
import { LONGEST, reserve } from './reserved.ts';
import type { Spoken } from './spoken.ts';
import { channelAsked, isOfFirstConvolution, placeInWords } from './words-of-objectives.ts';
import { signed } from './words.ts';

const PIXELS = 784;

export class FiltersCard {
  static part = 'filters';
  static suits = isOfFirstConvolution;
  #spoken: Spoken;
  #cells: ReturnType<typeof cell>[] = [];
  #words = h('p', { className: 'caption' });
  #grid = h('div', { className: 'filters' });
  #card = card('', '', this.#words, this.#grid);
  element = this.#card.element;

  constructor(spoken: Spoken) {
    this.#spoken = spoken;
  }

  arrange({ name, several, digits, objective }: Room) {
    this.#card.title.textContent = `The filters of conv1${several ? `: ${name}` : ''}`;
    const words = said(objective, '5 × 5');
    this.#words.textContent = words;
    reserve(this.#words, words);
    this.#cells = digits.map((filter) => cell(filter, positionAsked(objective) !== undefined));
    this.#grid.replaceChildren(...this.#cells.map(({ element }) => element));
  }

  draw({ experiment: { digits }, networkResult: { network, begin, filters, history }, iteration, paint: painted }: Moment) {
    const map = layersOf(network)?.[0]?.[2];
    if (!filters || !map) {
      return; // The network has been removed, and its figure is about to show another.
    }
    const [, , height, width] = filters.shape;
    const position = positionAsked(begin.objective);
    const { images } = history.at(iteration);
    this.#words.textContent = said(begin.objective, `${height} × ${width}`);
    for (const [row, { kernel, patch, label }] of this.#cells.entries()) {
      const filter = digits[row];
      const weights = filters.weight.subarray(filter * height * width, (filter + 1) * height * width);
      paint(kernel, weights, width, painted);
      if (position !== undefined) {
        const part = patchOf(images.subarray(row * PIXELS, (row + 1) * PIXELS), position, map, [height, width]);
        const r = signed(correlation(part, weights));
        paint(patch, part, width, painted);
        label.textContent = `r ${r}`;
        this.#spoken.say(patch, 'aria-label', `The same part of the image for channel ${filter}: correlation ${r}`);
      }
    }
  }
}

/** @param hasPatch Whether the part of an image stands beside the filter. */
function cell(filter: number, hasPatch: boolean) {
  const kernel = h('canvas', { role: 'img', 'aria-label': `The weights of filter ${filter}` });
  const patch = h('canvas', { role: 'img', 'aria-label': `The same part of the image for channel ${filter}` });
  const label = h('span', {}, `r ${LONGEST.signed}`);
  const element = h(
    'div',
    { className: 'filter' },
    h('div', { className: 'image' }, kernel, h('span', {}, h('b', {}, `filter ${filter}`))),
    h('div', { className: 'image', hidden: !hasPatch }, patch, label),
  );
  return { element, kernel, patch, label };
}

/** Paints numbers as all that a canvas shows, in colors of their own range: as the first pixels of an image. */
function paint(canvas: HTMLCanvasElement, values: Float32Array, width: number, painted: Paint) {
  const height = values.length / width;
  if (canvas.width !== width || canvas.height !== height) {
    Object.assign(canvas, { width, height });
  }
  const most = values.reduce((most, it) => Math.max(most, Math.abs(it)), 0);
  const image = new Float32Array(PIXELS);
  image.set(values);
  const { data } = painted(image, -most, most, 'diverging');
  canvas.getContext('2d')?.putImageData(new ImageData(data.slice(0, 4 * values.length), width), 0, 0);
}

function positionAsked(objective?: Objective) {
  return channelAsked(objective)?.position;
}

/** @param size Of a filter. */
function said(objective: Objective | undefined, size: string) {
  const position = positionAsked(objective);
  const what = `The ${size} weights of each filter: yellow above 0, violet below, gray at 0. Each has its own scale.`;
  return position === undefined
    ? what
    : `${what} Beside it, in the same colors, the part of its image that it is multiplied with ` +
        `${placeInWords(position)}; r is their correlation.`;
}
