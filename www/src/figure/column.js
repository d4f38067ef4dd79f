// @ts-check
// One network's part of a figure: its images with their readings, and its cards.

import { BarsCard } from './bars-card.js';
import { Change } from './change.js';
import { Comparison } from './comparison.js';
import { h } from './dom.js';
import { Nearest } from './nearest.js';
import { Opinions } from './opinions.js';
import { UNKNOWN } from './reserved.js';
import { Stage } from './stage.js';
import { layerAsked, nameOf } from './words-of-objectives.js';
import { mean, percent, signed, twoDigits } from './words.js';

/** @typedef {import('./card.js').Begun} Begun */
/** @typedef {import('./card.js').Card} Card */
/** @typedef {import('./card.js').CardClass} CardClass */
/** @typedef {import('./card.js').Moment} Moment */
/** @typedef {import('./card.js').Room} Room */

/** The cards of a network, in the order in which they stand on the page. */
export const CARDS = [BarsCard, Comparison, Nearest, Opinions, Change];

export class ColumnView {
  #title = h('p', { className: 'title network-name' });
  #stage;
  #spoken;
  #readings = h('dl', { className: 'readings' });
  /** Each is made when it is first shown. @type {Map<CardClass, Card>} */
  #cards = new Map();
  /** @type {Room | undefined} */
  #room;
  element;

  /**
   * @param {(row: number) => void} onSelect Hears of an image that was chosen, by its row.
   * @param {import('./spoken.js').Spoken} spoken
   */
  constructor(onSelect, spoken) {
    this.#spoken = spoken;
    this.#stage = new Stage(onSelect, spoken);
    this.element = h('section', { className: 'column' }, this.#title, this.#stage.element, this.#readings);
  }

  /** @param {Set<string>} parts Those on show. */
  showParts(parts) {
    this.#stage.element.classList.toggle('plain', !parts.has('scale'));
    this.#readings.hidden = !parts.has('readings');
  }

  /** The element of a card. @param {typeof CARDS[number]} kind */
  card(kind) {
    const made = this.#cards.get(kind) ?? this.#make(kind);
    return made.element;
  }

  /** @param {typeof CARDS[number]} kind */
  #make(kind) {
    /** @type {Card} */
    const made = new kind(this.#spoken);
    this.#cards.set(kind, made);
    if (this.#room) {
      made.arrange(this.#room);
    }
    return made;
  }

  /** Calls `act` with the cards that fit what the images are made for. @param {boolean} ofLayer @param {(card: Card, kind: CardClass) => void} act */
  #each(ofLayer, act) {
    for (const [kind, made] of this.#cards) {
      if (!(ofLayer && kind.ofDigits)) {
        act(made, kind);
      }
    }
  }

  /** Makes room for a network's part of an experiment. @param {Room} room */
  arrange(room) {
    const { name, several, digits, objective } = room;
    const ofLayer = layerAsked(objective) !== undefined;
    this.#room = room;
    this.#title.textContent = name;
    this.#title.hidden = !several;
    this.#stage.arrange(digits, digits.map((digit) => nameOf(objective, digit)), name);
    if (this.#readings.childElementCount === 0) {
      this.#readings.replaceChildren(...readings(digits, ofLayer, UNKNOWN, UNKNOWN, UNKNOWN));
    }
    this.#each(ofLayer, (it) => it.arrange(room));
  }

  /** Shows what is known before the first snapshot. @param {Begun} begun */
  begin(begun) {
    this.#each(begun.experiment.ofLayer, (it) => it.begin?.(begun));
  }

  /**
   * Draws a network's part at an iteration: a network may have no snapshot yet while another has.
   *
   * @param {Omit<Moment, 'correlations'>} moment
   * @param {Set<string>} parts Those on show.
   */
  draw(moment, parts) {
    const { experiment, networkResult, iteration } = moment;
    if (networkResult.history.snapshots.length === 0) {
      return;
    }
    const correlations = experiment.digits.map((_, row) => experiment.correlation(networkResult, row, iteration));
    this.#drawImages({ ...moment, correlations });
    this.#each(experiment.ofLayer, (it, { part }) => {
      if (parts.has(part)) {
        it.draw({ ...moment, correlations });
      }
    });
  }

  /** @param {Moment} moment */
  #drawImages({ experiment: { digits, ofLayer }, networkResult: { history }, iteration, config: { row }, correlations, paint }) {
    const scores = history.probabilities.map((it) => it[iteration]);
    const losses = history.losses.map((it) => it[iteration]);
    const captions = digits.map((digit, row) =>
      ofLayer
        ? { label: twoDigits(scores[row]), words: `Its activation minus penalties is ${twoDigits(scores[row])}.` }
        : {
            label: percent(scores[row]),
            words:
              `It gives the ${digit} ${percent(scores[row])}. Correlation with the mean ${digit} ` +
              `of MNIST: ${signed(correlations[row])}.`,
          },
    );
    this.#stage.draw(history.at(iteration).images, iteration, captions, paint);
    this.#stage.select(row);
    const score = ofLayer ? twoDigits(mean(scores)) : percent(mean(scores));
    this.#readings.replaceChildren(
      ...readings(digits, ofLayer, score, twoDigits(mean(losses)), signed(mean(correlations))),
    );
  }
}

/**
 * The numbers below the images.
 *
 * @param {number[]} digits
 * @param {boolean} ofLayer
 * @param {string} score
 * @param {string} loss
 * @param {string} correlation
 */
function readings(digits, ofLayer, score, loss, correlation) {
  const p = digits.length === 1 ? `p(${digits[0]})` : 'mean p';
  const reading = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ className) =>
    h('div', { className }, h('dt', {}, name), h('dd', {}, value));
  return [
    reading(ofLayer ? 'Activation minus penalties' : p, score, 'probability'),
    reading('Loss', loss, 'loss'),
    ...(ofLayer ? [] : [reading('Correlation', correlation, 'correlation')]),
  ];
}
