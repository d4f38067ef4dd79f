// @ts-check
// The cards with curves: the loss and the probability of all networks and images of a figure, at every iteration.

import { card } from './card.js';
import { Chart } from './chart.js';
import { h } from './dom.js';
import { lossWords } from './words-of-objectives.js';

/** @typedef {import('../engine/run.js').Objective} Objective */
/** @typedef {import('../player/experiment.js').Experiment} Experiment */
/** @typedef {import('../settings/config.js').Config} Config */

export class Charts {
  #loss;
  #probability;
  #log = h('input', { type: 'checkbox', name: 'log' });
  #lossCard;
  /** In the order in which they stand on the page. @type {(import('./card.js').CardClass & { element: HTMLElement })[]} */
  cards;

  /**
   * @param {(log: boolean) => void} onLog A person wants the loss on a logarithmic scale, or no longer.
   * @param {import('./spoken.js').Spoken} spoken
   */
  constructor(onLog, spoken) {
    this.#loss = new Chart('Loss', spoken);
    this.#probability = new Chart('Probability of the digit', spoken, 1);
    this.#log.addEventListener('change', () => onLog(this.#log.checked));
    this.#lossCard = card(
      'Loss',
      lossWords('target-probability', false, false),
      this.#loss.element,
      h('label', { className: 'switch' }, this.#log, ' logarithmic scale'),
    );
    const probability = card(
      'Probability of the digit',
      'What the network gives to the digit that is asked for, at every iteration.',
      this.#probability.element,
    );
    this.cards = [
      { part: 'loss', element: this.#lossCard.element },
      { part: 'probability', ofDigits: true, element: probability.element },
    ];
  }

  connect() {
    this.#loss.connect();
    this.#probability.connect();
  }

  disconnect() {
    this.#loss.disconnect();
    this.#probability.disconnect();
  }

  /** Draws them with the colors of the style sheet as they are now. */
  recolor() {
    this.#loss.recolor();
    this.#probability.recolor();
  }

  /** Says what the loss is. @param {Objective} objective @param {Config} config */
  explain(objective, { l1, l2, tv, distance, density, diversity, log }) {
    const penalized = [l1, l2, tv, distance, density, diversity].some((it) => it > 0);
    this.#lossCard.caption.textContent = lossWords(objective, penalized, log);
    this.#log.checked = log;
    this.#loss.log = log;
  }

  /** Keeps the room that the names of the curves will take. @param {string[]} names Of the networks. @param {number[]} digits */
  keep(names, digits) {
    const series = seriesOf(names, digits);
    this.#loss.keep(series);
    this.#probability.keep(series);
  }

  /** Replaces all curves. @param {string[]} names Of the networks. @param {number[]} digits */
  arrange(names, digits) {
    const series = seriesOf(names, digits);
    this.#loss.arrange(series);
    this.#probability.arrange(series);
  }

  /** @param {Experiment} experiment @param {number} [at] The iteration on show, if not the last. */
  draw({ networkResults, iteration }, at) {
    this.#loss.draw(networkResults.flatMap(({ history }) => history.losses), iteration, at);
    this.#probability.draw(networkResults.flatMap(({ history }) => history.probabilities), iteration, at);
  }
}

/** One curve for each image of each network. @param {string[]} names @param {number[]} digits */
function seriesOf(names, digits) {
  return names.flatMap((kind, network) => digits.map((digit) => ({ kind, digit, network })));
}
