// @ts-check
// The guided path: its discussions quote what the figures have just measured.

import { sharedEngine } from '../engine/shared-engine.js';
import { byId, h } from '../figure/dom.js';
import { aDigit, percent, signed } from '../figure/words.js';
import { correlation } from '../player/correlation.js';
import { writeConfig } from '../settings/config.js';
import { DrawingPad } from './drawing-pad.js';
import { exerciseChoice } from './networks/choice.js';
import { showExercisesWith } from './networks/figures.js';
import { connectQuotes, put } from './quotes.js';

/** @typedef {import('../figure/activation-maximization.js').ActivationMaximization} Figure */

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/**
 * Connects the measured words and the paper of exercise 2.
 *
 * @returns {DrawingPad} That paper.
 */
export function guide() {
  placeMeans();
  connectQuotes();
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.exercise .figure-frame .open a'))) {
    const figure = /** @type {Figure} */ (link.closest('.figure-frame')?.querySelector('activation-maximization'));
    const point = () => (link.href = `#${writeConfig(figure.settings)}`);
    figure.addEventListener('change', point);
    point();
  }
  const remark = byId('reading-remark');
  const pad = new DrawingPad({
    network: 'mlp',
    onRead: (reading) => {
      remark.textContent = reading
        ? `It reads your drawing as ${aDigit(reading.digit)}, with ${percent(reading.probability)}.`
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
    const card = await engine.card(/** @type {import('../engine/networks.js').NetworkName} */ (network));
    if (card) {
      const { train, test } = card.accuracy;
      put(span, key === 'gap' ? (100 * (train - test)).toFixed(1) : percent({ train, test }[key] ?? NaN));
    }
  }
}

/** Makes room for the means of the training images. */
function placeMeans() {
  for (let digit = 0; digit < 10; digit += 1) {
    const canvas = h('canvas', {
      width: SIDE,
      height: SIDE,
      role: 'img',
      'aria-label': `Mean training image of the ${digit}`,
    });
    const label = h('span', {}, h('b', {}, String(digit)));
    byId('means-images').append(h('div', { className: 'image' }, canvas, label));
  }
}

async function showMeans() {
  const engine = await sharedEngine();
  const means = await engine.means();
  const picture = engine.paint(means, 0, 1);
  const image = (/** @type {number} */ digit) => means.subarray(digit * PIXELS, (digit + 1) * PIXELS);
  for (const [digit, canvas] of byId('means-images').querySelectorAll('canvas').entries()) {
    canvas.getContext('2d')?.putImageData(picture, 0, -digit * SIDE, 0, digit * SIDE, SIDE, SIDE);
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
