// How the start image was changed: the difference, and its size.

import type { Moment, Room } from './card.ts';
import { type Coloring, WHITE } from './colors.ts';
import { h } from './dom.ts';
import { LONGEST, reserve } from './reserved.ts';
import type { Spoken } from './spoken.ts';
import { nameOf } from './words-of-objectives.ts';
import { twoDigits } from './words.ts';

const SIDE = 28;
const PIXELS = SIDE * SIDE;

export class Change {
  static part = 'change';
  #spoken: Spoken;
  #title = h('p', { className: 'title' });
  #canvas = h('canvas', { width: SIDE, height: SIDE, role: 'img', 'aria-label': 'Difference' });
  #words = h('p', { className: 'caption' });
  element = h(
    'section',
    { className: 'card' },
    this.#title,
    h(
      'div',
      { className: 'comparison' },
      h('div', { className: 'images' }, h('div', { className: 'image' }, this.#canvas)),
      this.#words,
    ),
  );

  constructor(spoken: Spoken) {
    this.#spoken = spoken;
  }

  arrange({ name, digits, objective, config }: Room) {
    const { row = 0 } = config;
    this.#title.textContent = title(nameOf(objective, digits[row] ?? digits[0]), name);
    reserve(this.#words, said(LONGEST.twoDigits, LONGEST.twoDigits, LONGEST.twoDigits, config));
  }

  draw({ experiment, networkResult: { name, history, begin }, iteration, config, paint }: Moment) {
    const { row = 0 } = config;
    const part = (images: Float32Array) => images.subarray(row * PIXELS, (row + 1) * PIXELS);
    const start = part(history.at(0).images);
    const difference = part(history.at(iteration).images).map((pixel, at) => pixel - start[at]);
    const most = difference.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const distance = Math.hypot(...difference);
    const ink = Math.hypot(...start);
    this.#title.textContent = title(nameOf(begin.objective, experiment.digits[row]), name);
    const end = config.colorScale === 'fixed' ? WHITE : most;
    this.#canvas.getContext('2d')?.putImageData(paint(difference, -end, end, 'diverging'), 0, 0);
    this.#words.textContent = said(twoDigits(most), twoDigits(distance), twoDigits(ink), config);
    this.#spoken.say(this.#canvas, 'aria-label', `Difference from the start: distance ${twoDigits(distance)}`);
  }
}

function title(aim: string, name: string) {
  return `What was changed: ${name}, image for ${aim}`;
}

/**
 * @param most The most that a pixel was changed by.
 * @param ink How far the start is from black.
 */
function said(most: string, distance: string, ink: string, { colorScale }: Coloring) {
  const ends = colorScale === 'fixed' ? ' The strongest colors are a change of 1.' : '';
  return (
    `The image less its start: yellow was added, violet taken away, gray left as it was.${ends} No pixel ` +
    `by more than ${most}; in all a distance of ${distance}, where the start itself is ${ink} from black.`
  );
}
