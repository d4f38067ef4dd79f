// @ts-check
// The lab page: ties the form, the player and the pictures together.

import { Bars } from './bars.js';
import { Engine, messageOf } from './engine.js';
import { LossChart } from './loss-chart.js';
import { showCard } from './model-card.js';
import { Player } from './player.js';
import { Settings } from './settings.js';
import { Stage } from './stage.js';
import { Trace } from './trace.js';

/** @typedef {import('./engine.js').Status} Status */
/** @typedef {import('./run.js').Frame} Frame */

/** @template {HTMLElement} T @param {string} id @returns {T} */
const element = (id) => /** @type {T} */ (document.getElementById(id));

const runButton = /** @type {HTMLButtonElement} */ (element('run'));
const stepButton = /** @type {HTMLButtonElement} */ (element('step'));
const resetButton = /** @type {HTMLButtonElement} */ (element('reset'));
const progress = /** @type {HTMLProgressElement} */ (element('progress'));

const settings = new Settings({ onBegin: () => begin(true), onLive, onInvalid: complain });
const stage = new Stage((row) => select(row));
const lossChart = new LossChart();
const bars = new Bars();
const player = new Player({
  course: () => ({ settings: settings.step, iterations: settings.iterations, pace: settings.pace }),
  onFrame: show,
  onState: showState,
  onError: complain,
});

/** @type {Engine | undefined} */
let engine;
let trace = new Trace([]);
/** @type {number | undefined} The image whose ten probabilities are on show, of several. */
let selected;
/** @type {import('./player.js').State} */
let state = 'paused';
/** Counts what was begun, so that a late answer to an earlier request is dropped. */
let begun = 0;

runButton.addEventListener('click', toggle);
stepButton.addEventListener('click', () => player.step());
resetButton.addEventListener('click', () => begin(false));
element('notice-close').addEventListener('click', () => (element('notice').hidden = true));

start();

async function start() {
  const asked = new URLSearchParams(location.search).get('backend');
  try {
    engine = await Engine.start({
      backend: asked === 'webgpu' || asked === 'cpu' ? asked : 'auto',
      onStatus: showStatus,
      onProgress: ({ what, bytes }) => {
        if (!engine) {
          element('backend-name').textContent = `Loading the ${what} …`;
          element('backend-reason').textContent = megabytes(bytes);
        }
      },
    });
  } catch (error) {
    element('backend-name').textContent = 'Nothing to compute with';
    element('backend-reason').textContent = '';
    complain(error);
    return;
  }
  if (asked === 'webgpu' && engine.status.backend !== 'webgpu') {
    complain(new Error(`WebGPU was asked for, but cannot be had. ${engine.status.reason}`));
  }
  await begin(!matchMedia('(prefers-reduced-motion: reduce)').matches);
}

/**
 * Begins a new run with the settings as they are.
 *
 * @param {boolean} playing Whether to play it.
 */
async function begin(playing) {
  if (!engine) {
    return;
  }
  begun += 1;
  const number = begun;
  try {
    const what = settings.begin;
    const [run, card] = await Promise.all([engine.begin(what), engine.card(what.network)]);
    if (number !== begun) {
      run.free();
      return;
    }
    showCard(element('model'), card);
    const fresh = new Trace(what.digits);
    await player.load(run, () => {
      trace = fresh;
      document.body.dataset.run = String(number);
      selected = undefined;
      stage.arrange(what.digits);
      stage.select(undefined);
      lossChart.arrange(what.digits);
    });
    for (const button of [runButton, stepButton, resetButton]) {
      button.disabled = false;
    }
    if (playing && number === begun) {
      player.play();
    }
  } catch (error) {
    complain(error);
  }
}

function toggle() {
  if (state === 'playing') {
    player.pause();
  } else if (state === 'done') {
    begin(true);
  } else {
    player.play();
  }
}

/** A setting changed that the run can follow. */
function onLive() {
  if (state === 'done') {
    player.play(); // To where the iterations now end, if that is further on.
  } else if (state === 'paused') {
    player.refresh();
  }
}

/** @param {number} row */
function select(row) {
  selected = selected === row ? undefined : row;
  stage.select(selected);
  showBars();
}

/** @param {Frame} frame */
function show(frame) {
  trace.add(frame);
  const { digits } = trace;
  const answers = digits.map((digit, row) => trace.probabilities(row).after[digit]);
  const { images } = frame;
  stage.draw(images, answers, (pixels, low, high) => painter().paint(pixels, low, high));
  lossChart.draw(trace.losses);
  showBars();

  const mean = (/** @type {number[]} */ values) => values.reduce((a, b) => a + b, 0) / values.length;
  element('iteration').textContent = String(frame.iteration);
  element('probability-label').textContent = digits.length === 1 ? `p(${digits[0]})` : 'mean p';
  element('probability').textContent = `${(100 * mean(answers)).toFixed(1)}%`;
  element('loss').textContent = twoDigits(mean(trace.losses.map((it) => it[it.length - 1])));
  element('speed').textContent = player.speed > 0 ? String(Math.round(player.speed)) : '–';
  element('iterations-end').textContent = String(settings.iterations);
  progress.max = settings.iterations;
  progress.value = frame.iteration;
}

function showBars() {
  const { digits } = trace;
  const { target } = settings.step;
  const row = digits.length === 1 ? 0 : selected;
  if (row === undefined) {
    bars.draw(
      'What each image gives to its own digit. Choose an image to see all of its ten.',
      digits.map((digit, index) => {
        const { before, after } = trace.probabilities(index);
        return { digit, before: before[digit], after: after[digit], wanted: true };
      }),
      target,
    );
    return;
  }
  const { before, after } = trace.probabilities(row);
  bars.draw(
    `What the network says of the image for ${digits[row]}.`,
    after.map((_, digit) => ({
      digit,
      before: before[digit],
      after: after[digit],
      wanted: digit === digits[row],
    })),
    target,
  );
}

function painter() {
  if (!engine) {
    throw new Error('There is nothing to draw before the engine is there.');
  }
  return engine;
}

/** @param {import('./player.js').State} next */
function showState(next) {
  state = next;
  runButton.textContent = { playing: 'Pause', paused: 'Run', done: 'Run again' }[next];
  document.body.dataset.state = next;
}

/** @param {Status} status */
function showStatus({ backend, adapter, reason }) {
  element('backend').classList.add('ready');
  const name = backend === 'webgpu' ? 'Running on WebGPU' : 'Running on the CPU';
  element('backend-name').textContent = name;
  element('backend-reason').textContent = adapter ?? reason ?? '';
}

/** @param {unknown} error */
function complain(error) {
  element('notice-text').textContent = messageOf(error);
  element('notice').hidden = false;
}

/** @param {number} value */
function twoDigits(value) {
  return value > 0 && value < 1e-3 ? value.toExponential(1) : value.toPrecision(2);
}

/** @param {number} bytes */
function megabytes(bytes) {
  return bytes > 0 ? `${(bytes / 1e6).toFixed(1)} MB` : '';
}
