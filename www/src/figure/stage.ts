// The images, live: one canvas for each at its native 28×28, scaled by the style sheet.

import type { Objective } from '../engine/task.ts';
import type { Config } from '../settings/config.ts';
import { type Coloring, type Paint, type Scale, WHITE, painted, scalesOf } from './colors.ts';
import { h, setChildren } from './dom.ts';
import type { Spoken } from './spoken.ts';
import { shortName } from './words-of-objectives.ts';
import { iterations, signed } from './words.ts';

const SIDE = 28;

/** What is said of an image. */
export interface Caption {
  /** Beside its digit. */
  label: string;
  /** What the network makes of it, in sentences. */
  words: string;
}

export class Stage {
  #images = h('div', { className: 'images' });
  #spoken: Spoken;
  #low = h('span', {}, '\u00a0');
  #high = h('span', {}, '\u00a0');
  #zero = h('span', { className: 'zero', hidden: true }, '0');
  #scale: HTMLDivElement;
  #onSelect: (row: number) => void;
  #cells: ReturnType<typeof cell>[] = [];
  #digits: number[] = [];
  #aims: string[] = [];
  #name = '';
  element: HTMLDivElement;

  /** @param onSelect Hears of an image that was chosen, by its row. */
  constructor(onSelect: (row: number) => void, spoken: Spoken) {
    this.#onSelect = onSelect;
    this.#spoken = spoken;
    this.#scale = h(
      'div',
      { className: 'scale', role: 'img' },
      this.#high,
      h('span', { className: 'ramp' }),
      this.#zero,
      this.#low,
    );
    this.element = h('div', { className: 'picture' }, this.#images, this.#scale);
  }

  /**
   * Makes room for one image a digit.
   *
   * @param digits Or the numbers of neurons or channels.
   * @param aims What each image is made for, in words.
   * @param name Of the network.
   */
  arrange(digits: number[], aims: string[], name: string, config: Coloring & Pick<Config, 'start'>) {
    this.#showColors(config);
    this.#images.style.setProperty('--start', JSON.stringify(startOf(config.start)));
    this.#name = name;
    this.#aims = aims;
    if (String(digits) === String(this.#digits)) {
      return; // The images on show stay until the next are drawn.
    }
    this.#digits = digits;
    this.#images.classList.toggle('many', digits.length > 1);
    this.#images.style.setProperty('--across', String(across(digits.length)));
    this.#images.style.setProperty('--all', String(digits.length));
    const choosable = digits.length > 1;
    const kept = this.#cells.filter(({ element }) => choosable && element instanceof HTMLButtonElement);
    this.#cells = digits.map(
      (_, row) => kept[row] ?? cell(choosable ? () => this.#onSelect(row) : undefined),
    );
    for (const [row, { label, canvas }] of this.#cells.entries()) {
      // The second word is blank for now, but keeps its line where there is room for one word only.
      label.replaceChildren(h('b', {}, shortName(aims[row])), ' \u00a0');
      canvas.setAttribute('aria-label', `Image for ${aims[row]}`);
    }
    setChildren(this.#images, this.#cells.map(({ element }) => element));
  }

  select(row: number | undefined) {
    for (const [index, { element }] of this.#cells.entries()) {
      if (element instanceof HTMLButtonElement) {
        element.setAttribute('aria-pressed', String(index === row));
      }
    }
  }

  /** Says what the colors mean, and where the ends of the scale are, if that is known. */
  #showColors({ colors, colorScale }: Coloring) {
    if (this.#scale.dataset.colors !== colors) {
      const isDiverging = colors === 'diverging';
      this.#scale.dataset.colors = colors;
      this.#zero.hidden = !isDiverging;
      this.#scale.setAttribute(
        'aria-label',
        isDiverging ? 'Colors: violet is below 0, gray is 0, yellow is above' : 'Colors: pixel values from low to high',
      );
    }
    if (colorScale === 'fixed') {
      this.#showEnds({ low: -WHITE, high: WHITE, lowest: -WHITE, highest: WHITE });
    }
  }

  #showEnds({ low, high, lowest, highest }: Scale) {
    this.#low.textContent = `${lowest < low ? '≤ ' : ''}${signed(low)}`;
    this.#high.textContent = `${highest > high ? '≥ ' : ''}${signed(high)}`;
  }

  /**
   * Draws the images.
   *
   * @param captions One an image.
   * @param objective What they are made for.
   */
  draw(
    images: Float32Array,
    iteration: number,
    captions: Caption[],
    { paint, coloring, objective }: { paint: Paint; coloring: Coloring; objective?: Objective },
  ) {
    const scales = scalesOf(images, coloring, objective);
    const picture = painted(images, scales, paint);
    for (const [row, { element, canvas, label }] of this.#cells.entries()) {
      contextOf(canvas).putImageData(picture, 0, -row * SIDE, 0, row * SIDE, SIDE, SIDE);
      const { label: text, words } = captions[row];
      label.replaceChildren(h('b', {}, shortName(this.#aims[row])), ` ${text}`);
      const name = `Image for ${this.#aims[row]}, made with the ${this.#name}, after ${iterations(iteration)}. ${words}`;
      this.#spoken.say(canvas, 'aria-label', name);
      if (element instanceof HTMLButtonElement) {
        this.#spoken.say(element, 'aria-label', name); // Otherwise its name would be its content.
      }
    }
    this.#showColors(coloring);
    if (scales.every((it) => it === scales[0])) {
      this.#showEnds(scales[0]);
    } else {
      this.#low.textContent = 'low';
      this.#high.textContent = 'high';
    }
  }
}

/** How many images stand in a row where there is room: up to six all in one, more in rows of five, as ten digits do. */
export function across(count: number) {
  return count <= 6 ? count : 5;
}

/** What stands in the place of an image until it is there: what it begins as. */
function startOf(start: string) {
  return start === '' ? 'noise' : start.startsWith('mean') ? `mean ${start.slice(4)}` : 'drawing';
}

function cell(onSelect: (() => void) | undefined) {
  const canvas = h('canvas', { width: SIDE, height: SIDE, role: 'img', 'aria-label': 'Image' });
  const label = h('span', { hidden: !onSelect });
  const element = onSelect
    ? h('button', { type: 'button', className: 'image', onclick: onSelect }, canvas, label)
    : h('div', { className: 'image' }, canvas, label);
  return { element, canvas, label };
}

/** Called when there is something to draw: most figures of a page stay unseen. */
function contextOf(canvas: HTMLCanvasElement) {
  // Painted pixel by pixel, so it is better kept in memory than on the GPU.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new Error('This browser gives no 2D canvas, so the image cannot be drawn.');
  }
  return context;
}
