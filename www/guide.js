// @ts-check
// The guided path: its discussions quote what the figures have just measured.

import { writeConfig } from './config.js';
import { correlation } from './correlation.js';
import { byId, h } from './dom.js';
import { DrawingPad } from './drawing-pad.js';
import { mean, percent, signed, twoDigits } from './figure/words.js';
import { exerciseChoice } from './own/choice.js';
import { showExercisesWith } from './own/figures.js';
import { sharedEngine } from './shared-engine.js';

/** @typedef {import('./activation-maximization.js').ActivationMaximization} Figure */
/** @typedef {import('./experiment.js').Column} Column */
/** @typedef {import('./experiment.js').Experiment} Experiment */

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/**
 * What can be said of a column of an experiment, as words.
 *
 * @type {Record<string, (experiment: Experiment, column: Column, at: number) => string>}
 */
const SAYINGS = {
  iteration: ({ iteration }) => String(iteration),
  'first-choice': (_, { history }) => String(firstChoice(history.said(0, 0).probabilities)),
  'first-probability': (_, { history }) => percent(Math.max(...history.said(0, 0).probabilities)),
  'first-loss': (_, { history }) => twoDigits(history.losses[0][0]),
  loss: (_, { history }) => twoDigits(mean(history.losses.map((it) => it[history.iteration]))),
  before: (_, { history }) => percent(history.probabilities[0][0]),
  probability: (_, { history }) =>
    percent(mean(history.probabilities.map((it) => it[history.iteration]))),
  'probability-at': (_, { history }, at) =>
    history.iteration < at ? 'not yet run' : percent(history.probabilities[0][at]),
  crossing: (_, { history }) => {
    const crossing = history.probabilities[0].findIndex((it) => it >= 0.9);
    return crossing < 0 ? `more than ${history.iteration}` : String(crossing);
  },
  resemblance: (experiment, column) => signed(mean(resemblances(experiment, column))),
  'most-like': (experiment, column) => extreme(experiment, column, Math.max),
  'least-like': (experiment, column) => extreme(experiment, column, Math.min),
};

/**
 * Connects the measured words and the paper of exercise 2.
 *
 * @returns {DrawingPad} That paper.
 */
export function guide() {
  for (const span of measured('[data-figure]')) {
    const { figure: id, say, column, at } = span.dataset;
    const figure = /** @type {Figure} */ (byId(id ?? ''));
    figure.addEventListener('step', () => {
      const { experiment } = figure;
      const shown = experiment?.columns[Number(column ?? 0)];
      if (experiment && shown) {
        put(span, SAYINGS[say ?? ''](experiment, shown, Number(at)));
      }
    });
  }
  for (const frame of document.querySelectorAll('.exercise .figure-frame:has(.open)')) {
    const figure = /** @type {Figure} */ (frame.querySelector('activation-maximization'));
    const link = /** @type {HTMLAnchorElement} */ (frame.querySelector('.open a'));
    const point = () => (link.href = `#${writeConfig(figure.settings)}`);
    figure.addEventListener('change', point);
    point();
  }
  const remark = byId('reading-remark');
  const pad = new DrawingPad({
    network: 'mlp',
    onRead: (reading) => {
      remark.textContent = reading
        ? `It reads your drawing as a ${reading.digit}, with ${percent(reading.probability)}.`
        : 'Draw something, and this sentence will speak of it.';
    },
  });
  byId('reader').append(pad.element);
  byId('exercise-network').append(
    exerciseChoice((network) => {
      showExercisesWith(network);
      pad.network = network ?? 'mlp';
    }),
  );
  return pad;
}

/**
 * Fills in what the networks and the data say of themselves. Can be done again.
 *
 * @returns {Promise<unknown>} Rejects, in words for people, when a file cannot be had.
 */
export function quote() {
  return Promise.all([quoteCards(), showMeans()]);
}

/** What the networks' model cards say. They are loaded with the networks anyway. */
async function quoteCards() {
  const engine = await sharedEngine();
  for (const span of measured('[data-card]')) {
    const [network, key] = (span.dataset.card ?? '').split('.');
    const card = await engine.card(/** @type {import('./networks.js').NetworkName} */ (network));
    if (card) {
      const { train, test } = card.accuracy;
      put(span, key === 'gap' ? (100 * (train - test)).toFixed(1) : percent({ train, test }[key] ?? NaN));
    }
  }
}

async function showMeans() {
  const engine = await sharedEngine();
  const means = await engine.means();
  const picture = engine.paint(means, 0, 1);
  byId('means-images').replaceChildren();
  const image = (/** @type {number} */ digit) => means.subarray(digit * PIXELS, (digit + 1) * PIXELS);
  for (let digit = 0; digit < 10; digit += 1) {
    const canvas = h('canvas', {
      width: SIDE,
      height: SIDE,
      role: 'img',
      'aria-label': `Mean training image of the ${digit}`,
    });
    canvas.getContext('2d')?.putImageData(picture, 0, -digit * SIDE, 0, digit * SIDE, SIDE, SIDE);
    const label = h('span', {}, h('b', {}, String(digit)));
    byId('means-images').append(h('div', { className: 'image' }, canvas, label));
  }
  const pairs = [];
  for (let a = 0; a < 10; a += 1) {
    for (let b = a + 1; b < 10; b += 1) {
      pairs.push({ a, b, r: correlation(image(a), image(b)) });
    }
  }
  pairs.sort((one, other) => other.r - one.r);
  for (const [id, pair] of Object.entries({ 'most-alike': pairs[0], 'least-alike': pairs[44] })) {
    put(byId(id), `the ${pair.a} and the ${pair.b} (r = ${signed(pair.r)})`);
  }
}

/** @param {string} selector @returns {NodeListOf<HTMLElement>} */
function measured(selector) {
  return document.querySelectorAll(`.measured${selector}`);
}

/** @param {HTMLElement} element @param {string} words */
function put(element, words) {
  if (element.textContent !== words) {
    element.textContent = words;
  }
}

/** @param {number[]} probabilities */
function firstChoice(probabilities) {
  return probabilities.indexOf(Math.max(...probabilities));
}

/** @param {Experiment} experiment @param {Column} column */
function resemblances(experiment, column) {
  return experiment.digits.map((_, row) => experiment.resemblance(column, row));
}

/** @param {Experiment} experiment @param {Column} column @param {(...values: number[]) => number} choose */
function extreme(experiment, column, choose) {
  const all = resemblances(experiment, column);
  const value = choose(...all);
  return `${experiment.digits[all.indexOf(value)]} (${signed(value)})`;
}
