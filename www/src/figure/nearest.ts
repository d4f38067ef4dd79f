// The prototypes of MNIST that have the highest correlation with an image.

import { messageOf } from '../engine/errors.ts';
import type { Experiment } from '../player/experiment.ts';
import type { Moment, Room } from './card.ts';
import { WHITE, lowOfMnist } from './colors.ts';
import { h } from './dom.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { reserve } from './reserved.ts';
import type { Spoken } from './spoken.ts';
import { nameOf } from './words-of-objectives.ts';
import { signed } from './words.ts';

const SIDE = 28;
const COUNT = 5;
const WORDS = 'Of a hundred typical digits, ten of each class, those that correlate with the image most.';

export class Nearest {
  static part = 'nearest';
  #spoken: Spoken;
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

  constructor(spoken: Spoken) {
    this.#spoken = spoken;
  }

  arrange({ name, digits, objective, config: { row } }: Room) {
    this.#title.textContent = title(nameOf(objective, digits[row ?? 0] ?? digits[0]), name);
    reserve(this.#words, WORDS);
  }

  draw({ experiment, networkResult, iteration, config, paint }: Moment) {
    const { row = 0 } = config;
    this.#title.textContent = title(nameOf(networkResult.begin.objective, experiment.digits[row]), networkResult.name);
    this.#questions.ask(async () => {
      try {
        this.#show(await experiment.nearest(networkResult, iteration, row, COUNT), (image) => paint(image, lowOfMnist(config), WHITE));
      } catch (error) {
        this.#words.textContent = messageOf(error);
        throw error;
      }
    });
  }

  #show(found: Awaited<ReturnType<Experiment['nearest']>>, paint: (image: Float32Array) => ImageData) {
    for (const [index, { canvas, label }] of this.#cells.entries()) {
      const { digit: kind, r, image } = found[index];
      canvas.getContext('2d')?.putImageData(paint(image), 0, 0);
      this.#spoken.say(canvas, 'aria-label', `A typical ${kind}; correlation ${signed(r)}`);
      label.replaceChildren(h('b', {}, String(kind)), ` r ${signed(r)}`);
    }
    this.#words.textContent = WORDS;
  }
}

function title(aim: string, name: string) {
  return `Nearest prototypes: ${name}, image for ${aim}`;
}
