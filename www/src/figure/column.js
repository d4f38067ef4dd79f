// @ts-check
// One network's part of a figure: its images with their readings, and its cards.

import { ALL_DIGITS } from '../settings/config.js';
import { Bars, barsLegend } from './bars.js';
import { card } from './card.js';
import { Change } from './change.js';
import { Comparison } from './comparison.js';
import { h } from './dom.js';
import { Nearest } from './nearest.js';
import { Opinions } from './opinions.js';
import { UNKNOWN } from './reserved.js';
import { Stage } from './stage.js';
import { hasTarget, layerAsked, nameOf } from './words-of-objectives.js';
import { iterations, mean, percent, signed, twoDigits } from './words.js';

/** @typedef {import('../settings/config.js').Config} Config */
/** @typedef {import('../player/experiment.js').NetworkResult} NetworkResult */
/** @typedef {import('../player/experiment.js').Experiment} Experiment */
/** @typedef {import('../engine/run.js').Objective} Objective */
/** @typedef {import('./stage.js').Paint} Paint */

export class ColumnView {
  #title = h('p', { className: 'title network-name' });
  #stage;
  #readings = h('dl', { className: 'readings' });
  #legend = barsLegend();
  #bars;
  #barsCard;
  #comparison = new Comparison();
  #comparisonCard = card('', '', this.#comparison.element);
  #nearest;
  #opinions = new Opinions();
  #change;
  /** The cards, each by the part that it is. @type {Record<string, HTMLElement>} */
  cards;

  /**
   * @param {(row: number) => void} onSelect Hears of an image that was chosen, by its row.
   * @param {import('./spoken.js').Spoken} spoken
   */
  constructor(onSelect, spoken) {
    this.#stage = new Stage(onSelect, spoken);
    this.#bars = new Bars(spoken);
    this.#barsCard = card('', '', this.#bars.element, this.#legend.element);
    this.#nearest = new Nearest(spoken);
    this.#change = new Change(spoken);
    this.cards = {
      bars: this.#barsCard.element,
      mean: this.#comparisonCard.element,
      nearest: this.#nearest.element,
      opinions: this.#opinions.element,
      change: this.#change.element,
    };
    this.element = h('section', { className: 'column' }, this.#title, this.#stage.element, this.#readings);
  }

  /** @param {Set<string>} parts Those on show. */
  showParts(parts) {
    this.#stage.element.classList.toggle('plain', !parts.has('scale'));
    this.#readings.hidden = !parts.has('readings');
  }

  /**
   * Makes room for a network's part of an experiment.
   *
   * @param {string} name Of the network.
   * @param {boolean} several Whether there are other networks beside it.
   * @param {number[]} digits Or the numbers of neurons or channels.
   * @param {Objective} objective
   * @param {Config} config
   */
  arrange(name, several, digits, objective, { row, steps }) {
    const ofLayer = layerAsked(objective) !== undefined;
    const ofNetwork = several ? `: ${name}` : '';
    const chosen = nameOf(objective, digits[row ?? 0] ?? digits[0]);
    this.#title.textContent = name;
    this.#title.hidden = !several;
    this.#stage.arrange(digits, digits.map((digit) => nameOf(objective, digit)), name);
    if (this.#readings.childElementCount === 0) {
      this.#readings.replaceChildren(...readings(digits, ofLayer, UNKNOWN, UNKNOWN, UNKNOWN));
    }
    const isOne = digits.length === 1 || ofLayer || row !== undefined;
    this.#barsCard.title.textContent = `Probabilities, before and after${ofNetwork}`;
    this.#bars.keep(isOne ? ofOne(name, chosen, steps) : ofSeveral(name), isOne ? ALL_DIGITS : digits);
    this.#legend.target.hidden = !hasTarget(objective);
    this.#comparisonCard.title.textContent = `The mean ${digits.length === 1 ? digits[0] : 'digits'} of MNIST${ofNetwork}`;
    this.#comparison.arrange(ofLayer ? [] : digits, name);
    this.#nearest.arrange(chosen, name);
    this.#opinions.arrange(digits, name, objective);
    this.#change.arrange(chosen, name);
  }

  /**
   * Shows what is known before the first snapshot.
   *
   * @param {Experiment} experiment
   * @param {NetworkResult} networkResult
   * @param {Paint} paint
   */
  begin(experiment, networkResult, paint) {
    if (!experiment.ofLayer) {
      this.#comparison.show(experiment, networkResult, paint);
    }
  }

  /**
   * Draws a network's part at an iteration: a network may have no snapshot yet while another has.
   *
   * @param {Experiment} experiment
   * @param {NetworkResult} networkResult
   * @param {number} iteration
   * @param {Config} config
   * @param {Set<string>} parts Those on show.
   * @param {Paint} paint
   */
  draw(experiment, networkResult, iteration, config, parts, paint) {
    if (networkResult.history.snapshots.length === 0) {
      return;
    }
    const { digits, ofLayer } = experiment;
    const row = config.row ?? 0;
    const correlations = digits.map((_, row) => experiment.correlation(networkResult, row, iteration));
    this.#drawImages(experiment, networkResult, iteration, config, correlations, paint);
    if (parts.has('mean') && !ofLayer) {
      this.#comparison.draw(experiment, networkResult, correlations);
    }
    if (parts.has('bars')) {
      this.#drawBars(experiment, networkResult, iteration, config);
    }
    if (parts.has('nearest')) {
      this.#nearest.draw(experiment, networkResult, iteration, row, paint);
    }
    if (parts.has('opinions')) {
      this.#opinions.draw(experiment, networkResult, iteration);
    }
    if (parts.has('change')) {
      this.#change.draw(experiment, networkResult, iteration, row, paint);
    }
  }

  /**
   * @param {Experiment} experiment
   * @param {NetworkResult} networkResult
   * @param {number} iteration
   * @param {Config} config
   * @param {number[]} correlations One an image.
   * @param {Paint} paint
   */
  #drawImages({ digits, ofLayer }, { history }, iteration, { row }, correlations, paint) {
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

  /**
   * @param {Experiment} experiment
   * @param {NetworkResult} networkResult
   * @param {number} iteration
   * @param {Config} config
   */
  #drawBars({ digits, ofLayer }, { name, history, begin }, iteration, { row, target }) {
    const objective = begin.objective ?? 'target-probability';
    const mark = hasTarget(objective) ? target : undefined;
    const one = digits.length === 1 || ofLayer ? (row ?? 0) : row;
    if (one === undefined) {
      this.#bars.draw(
        ofSeveral(name),
        digits.map((digit, index) => ({
          digit,
          before: history.probabilities[index][0],
          after: history.probabilities[index][iteration],
          wanted: true,
        })),
        mark,
      );
      return;
    }
    const before = history.said(one, 0).probabilities;
    this.#bars.draw(
      ofOne(name, nameOf(objective, digits[one]), iteration),
      history.said(one, iteration).probabilities.map((after, digit) => ({
        digit,
        before: before[digit],
        after,
        wanted: !ofLayer && digit === digits[one],
      })),
      mark,
    );
  }
}

/** The caption of the bars of one image. @param {string} name @param {string} aim @param {number} iteration */
function ofOne(name, aim, iteration) {
  return `What the ${name} says of the image for ${aim}, after ${iterations(iteration)}.`;
}

/** The caption of the bars of several images. @param {string} name */
function ofSeveral(name) {
  return `What the ${name} gives each image for its own digit. Choose an image to see all of its ten.`;
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
