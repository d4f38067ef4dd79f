// One network's part of a figure: its images with their readings, and its cards.

import type { Objective } from '../engine/task.ts';
import { UNKNOWN as NOT_COMPARED, averageOf } from '../player/typical-digits.ts';
import { BarsCard } from './bars-card.ts';
import type { Begun, Card, CardClass, Moment, Room } from './card.ts';
import { Change } from './change.ts';
import { Comparison } from './comparison.ts';
import { h } from './dom.ts';
import { FiltersCard } from './filters-card.ts';
import { Nearest } from './nearest.ts';
import { Opinions } from './opinions.ts';
import { UNKNOWN } from './reserved.ts';
import type { Spoken } from './spoken.ts';
import { Stage } from './stage.ts';
import { layerAsked, nameOf } from './words-of-objectives.ts';
import { mean, percent, roughly, signed, twoDigits } from './words.ts';

/** The parts that say how much images look like their digits: each image is compared with a hundred for that. */
const COMPARED = ['readings', Comparison.part];

/** The cards of a network, in the order in which they stand on the page. */
export const CARDS = [BarsCard, FiltersCard, Comparison, Nearest, Opinions, Change];

export class ColumnView {
  #title = h('p', { className: 'title network-name' });
  #stage: Stage;
  #spoken: Spoken;
  #readings = h('dl', { className: 'readings' });
  /** Each is made when it is first shown. */
  #cards = new Map<CardClass, Card>();
  #room: Room | undefined;
  element: HTMLElement;

  /** @param onSelect Hears of an image that was chosen, by its row. */
  constructor(onSelect: (row: number) => void, spoken: Spoken) {
    this.#spoken = spoken;
    this.#stage = new Stage(onSelect, spoken);
    this.element = h('section', { className: 'column' }, this.#title, this.#stage.element, this.#readings);
  }

  /** @param parts Those on show. */
  showParts(parts: Set<string>) {
    this.#stage.element.classList.toggle('plain', !parts.has('scale'));
    this.#readings.hidden = !parts.has('readings');
  }

  /** The element of a card. */
  card(kind: typeof CARDS[number]) {
    const made = this.#cards.get(kind) ?? this.#make(kind);
    return made.element;
  }

  #make(kind: typeof CARDS[number]) {
    const made: Card = new kind(this.#spoken);
    this.#cards.set(kind, made);
    if (this.#room) {
      made.arrange(this.#room);
    }
    return made;
  }

  /** Calls `act` with the cards that fit what the images are made for. */
  #each(objective: Objective | undefined, act: (card: Card, kind: CardClass) => void) {
    for (const [kind, made] of this.#cards) {
      if (kind.suits?.(objective) ?? true) {
        act(made, kind);
      }
    }
  }

  /** Makes room for a network's part of an experiment. */
  arrange(room: Room) {
    const { name, several, digits, objective, config } = room;
    const ofLayer = layerAsked(objective) !== undefined;
    this.#room = room;
    this.#title.textContent = name;
    this.#title.hidden = !several;
    this.#stage.arrange(digits, digits.map((digit) => nameOf(objective, digit)), name, config);
    if (this.#readings.childElementCount === 0) {
      this.#readings.replaceChildren(...readings(digits, ofLayer, { score: UNKNOWN, loss: UNKNOWN, correlation: UNKNOWN, margin: UNKNOWN }));
    }
    this.#each(objective, (it) => it.arrange(room));
  }

  /** Shows what is known before the first snapshot. */
  begin(begun: Begun) {
    this.#each(begun.networkResult.begin.objective, (it) => it.begin?.(begun));
  }

  /**
   * Draws a network's part at an iteration: a network may have no snapshot yet while another has.
   *
   * @param parts Those on show.
   * @param present Whether it is shown to a room of people.
   */
  draw(moment: Omit<Moment, 'comparisons'>, parts: Set<string>, present: boolean) {
    const { experiment, networkResult, iteration } = moment;
    if (networkResult.history.snapshots.length === 0) {
      return;
    }
    const comparisons = COMPARED.some((it) => parts.has(it))
      ? experiment.comparisons(networkResult, iteration)
      : experiment.digits.map(() => NOT_COMPARED);
    this.#drawImages({ ...moment, comparisons }, present ? roughly : twoDigits);
    this.#each(networkResult.begin.objective, (it, { part }) => {
      if (parts.has(part)) {
        it.draw({ ...moment, comparisons });
      }
    });
  }

  #drawImages(
    { experiment: { digits, ofLayer }, networkResult: { begin, history }, iteration, config, comparisons, paint }: Moment,
    lossInWords: (loss: number) => string,
  ) {
    const scores = history.probabilities.map((it) => it[iteration]);
    const losses = history.losses.map((it) => it[iteration]);
    const captions = digits.map((digit, row) =>
      ofLayer
        ? { label: twoDigits(scores[row]), words: `Its activation minus penalties is ${twoDigits(scores[row])}.` }
        : {
            label: percent(scores[row]),
            words: `It gives the ${digit} ${percent(scores[row])}.${inWords(digit, comparisons[row])}`,
          },
    );
    this.#stage.draw(history.at(iteration).images, iteration, captions, { paint, coloring: config, objective: begin.objective });
    this.#stage.select(config.row);
    const { correlation, margin } = averageOf(comparisons);
    const score = ofLayer ? twoDigits(mean(scores)) : percent(mean(scores));
    this.#readings.replaceChildren(
      ...readings(digits, ofLayer, {
        score,
        loss: lossInWords(mean(losses)),
        correlation: signed(correlation),
        margin: signed(margin),
      }),
    );
  }
}

/** How much an image looks like its digit, if that is known. */
function inWords(digit: number, { correlation, margin }: Moment['comparisons'][number]) {
  return Number.isNaN(correlation)
    ? ''
    : ` Correlation with a typical ${digit} of MNIST: ${signed(correlation)}, margin ${signed(margin)}.`;
}

/** The numbers below the images. */
function readings(
  digits: number[],
  ofLayer: boolean,
  { score, loss, correlation, margin }: { score: string; loss: string; correlation: string; margin: string },
) {
  const p = digits.length === 1 ? `p(${digits[0]})` : 'mean p';
  const reading = (name: string, value: string, className: string) =>
    h('div', { className }, h('dt', {}, name), h('dd', {}, value));
  return [
    reading(ofLayer ? 'Activation minus penalties' : p, score, 'probability'),
    reading('Loss', loss, 'loss'),
    ...(ofLayer ? [] : [reading('Correlation', correlation, 'correlation'), reading('Margin', margin, 'margin')]),
  ];
}
