// @ts-check
// The prototypes of MNIST that have the highest correlation with an image.

import { messageOf } from '../engine/errors.js';
import { h } from './dom.js';
import { OneAtATime } from './one-at-a-time.js';
import { reserve } from './reserved.js';
import { nameOf } from './words-of-objectives.js';
import { signed } from './words.js';

/** @typedef {import('../player/experiment.js').Experiment} Experiment */
/** @typedef {import('./stage.js').Paint} Paint */

const SIDE = 28;
const COUNT = 5;
const WORDS = 'Of a hundred typical digits, ten of each class, those that correlate with the image most.';

export class Nearest {
  static part = 'nearest';
  #spoken;
  #questions = new OneAtATime();
  #title = h('p', { className: 'title' });
  #words = h('p', { className: 'caption' });
  #cells = Array.from({ length: COUNT }, () => {
    const canvas = h('canvas', { width: SIDE, height: SIDE, role: 'img', 'aria-label': 'Prototype' });
    const label = h('span', {}, h('b', {}, '\u00a0'), ' \u00a0');
    return { canvas, label, element: h('div', { className: 'image' }, canvas, label) };
  });
  element = h(
    'section',
    { className: 'card' },
    this.#title,
    this.#words,
    h('div', { className: 'small-images' }, ...this.#cells.map(({ element }) => element)),
  );

  /** @param {import('./spoken.js').Spoken} spoken */
  constructor(spoken) {
    this.#spoken = spoken;
  }

  /** @param {import('./card.js').Room} room */
  arrange({ name, digits, objective, config: { row } }) {
    this.#title.textContent = title(nameOf(objective, digits[row ?? 0] ?? digits[0]), name);
    reserve(this.#words, WORDS);
  }

  /** @param {import('./card.js').Moment} moment */
  draw({ experiment, networkResult, iteration, config: { row = 0 }, paint }) {
    this.#title.textContent = title(nameOf(networkResult.begin.objective, experiment.digits[row]), networkResult.name);
    this.#questions.ask(async () => {
      try {
        this.#show(await experiment.nearest(networkResult, iteration, row, COUNT), paint);
      } catch (error) {
        this.#words.textContent = messageOf(error);
        throw error;
      }
    });
  }

  /**
   * @param {Awaited<ReturnType<Experiment['nearest']>>} found
   * @param {Paint} paint
   */
  #show(found, paint) {
    for (const [index, { canvas, label }] of this.#cells.entries()) {
      const { digit: kind, r, image } = found[index];
      canvas.getContext('2d')?.putImageData(paint(image, 0, 1), 0, 0);
      this.#spoken.say(canvas, 'aria-label', `A typical ${kind}; correlation ${signed(r)}`);
      label.replaceChildren(h('b', {}, String(kind)), ` r ${signed(r)}`);
    }
    this.#words.textContent = WORDS;
  }
}

/** @param {string} aim @param {string} name */
function title(aim, name) {
  return `Nearest prototypes: ${name}, image for ${aim}`;
}
