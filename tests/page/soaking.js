// @ts-check
// A long lecture in a short time: real elements on a real page, used again and again, and what is
// held afterward. For `./build.sh soak`, and in small for the tests.

import { MODULES } from './browser.js';
import { TIMEOUT } from './figure.js';
import { count, round, stage } from './soaked.js';
import { traveling, wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('./soaked.js').Use} Use */

/**
 * @typedef {object} Sample What is held after a round, garbage collected; and how fast it was.
 * @property {number} wasm Bytes of the modules' memories, which never shrink.
 * @property {number} heap Bytes of the JavaScript heap.
 * @property {number} buffers Bytes of what is outside of it: typed arrays, and the modules' memories
 *   again.
 * @property {number} dom Bytes of elements, canvases and what else the browser itself keeps.
 * @property {number} nodes
 * @property {number} listeners
 * @property {number} runs Begun and not given back.
 * @property {number} gpuBuffers Made, neither destroyed nor collected as garbage.
 * @property {number} gpuBytes Of these.
 * @property {number} step Milliseconds a step, drawing included.
 */

/** A lecture of four hours. @type {Use} */
export const LECTURE = { steps: 1_000_000, resets: 10_000, switches: 1_000, elements: 500 };

/** Milliseconds for a round; on two busy cores the longest take one minute. */
const ROUND_TIMEOUT = 20 * 60_000;

/**
 * A round of use. It is asked again and again whether it is over: no single answer of a browser may
 * take as long as that on a slow machine.
 *
 * @param {Page} page
 * @param {Use} use
 * @returns {Promise<number>} Milliseconds a step.
 */
async function used(page, use) {
  await page.evaluate(`window.over = undefined;
    (${round})(${JSON.stringify(use)}).then((step) => (window.over = { step }), ({ message }) => (window.over = { message }));
    undefined`);
  for (let waited = 0; waited < ROUND_TIMEOUT; waited += 500) {
    await wait(500);
    const over = await page.evaluate(() => /** @type {any} */ (window).over);
    if (over?.message) {
      throw new Error(over.message);
    }
    if (over) {
      return over.step;
    }
  }
  throw new Error(`A round was not over after ${ROUND_TIMEOUT / 60_000} minutes.`);
}

/**
 * What the page holds.
 *
 * @param {Page} page
 * @param {number} step
 * @returns {Promise<Sample>}
 */
async function sample(page, step) {
  const client = await page.createCDPSession();
  await client.send('Performance.enable');
  // What is collected last is found out of use by the next.
  for (let time = 0; time < 3; time += 1) {
    await client.send('HeapProfiler.collectGarbage');
    await wait(50);
  }
  const usage = /** @type {any} */ (await client.send('Runtime.getHeapUsage'));
  const { metrics } = await client.send('Performance.getMetrics');
  const metric = (/** @type {string} */ name) => metrics.find((it) => it.name === name)?.value ?? 0;
  const held = await page.evaluate(() => {
    const { memories, gpu, runs } = /** @type {any} */ (window);
    const bytes = memories.map((/** @type {WebAssembly.Memory} */ it) => it.buffer.byteLength);
    const sum = (/** @type {number} */ a, /** @type {number} */ b) => a + b;
    return { wasm: bytes.reduce(sum, 0), runs, gpuBuffers: gpu.buffers, gpuBytes: gpu.bytes };
  });
  await client.detach();
  return {
    ...held,
    heap: usage.usedSize,
    buffers: usage.backingStorageSize,
    dom: usage.embedderHeapUsedSize,
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    step,
  };
}

/**
 * Uses a page in rounds, and looks after each what is held.
 *
 * @param {'cpu' | 'webgpu'} backend
 * @param {Use} use In all.
 * @param {number} rounds
 * @param {(round: number, sample: Sample) => void} [report]
 * @returns {Promise<Sample[]>} One a round.
 */
export async function soak(backend, use, rounds, report = () => {}) {
  const world = await traveling({ '/soak.html': stage(backend) }, MODULES);
  try {
    const { page, close } = await world.visit('soak.html', (tab) => tab.evaluateOnNewDocument(count));
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).experiment, {
      timeout: TIMEOUT,
    });
    const share = (/** @type {number} */ all) => Math.ceil(all / rounds);
    const each = {
      steps: share(use.steps),
      resets: share(use.resets),
      switches: share(use.switches),
      elements: share(use.elements),
    };
    const samples = [];
    for (let number = 0; number < rounds; number += 1) {
      samples.push(await sample(page, await used(page, each)));
      report(number, samples[number]);
    }
    await close();
    return samples;
  } finally {
    await world.close();
  }
}

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * By how much more is held at the end than after the warm-up: the median of the last quarter of the
 * rounds, less that of the second.
 *
 * @param {Sample[]} samples
 * @param {keyof Sample} what
 */
export function growth(samples, what) {
  const quarter = (/** @type {number} */ number) => {
    const from = Math.floor((number * samples.length) / 4);
    const to = Math.floor(((number + 1) * samples.length) / 4);
    return median(samples.slice(from, to).map((it) => it[what]));
  };
  return { before: quarter(1), after: quarter(3), more: quarter(3) - quarter(1) };
}

/** What may be held more without being a leak, by the share and by the amount: the larger of both. */
const SLACK = /** @type {const} */ ({
  wasm: { share: 0.05, amount: 1e6 },
  heap: { share: 0.05, amount: 1e6 },
  buffers: { share: 0.05, amount: 1e6 },
  dom: { share: 0.05, amount: 1e6 },
  nodes: { share: 0.05, amount: 250 }, // Two elements, which something was still under way for.
  listeners: { share: 0.05, amount: 20 },
  runs: { share: 0, amount: 0 },
  gpuBuffers: { share: 0.05, amount: 8 },
  gpuBytes: { share: 0.05, amount: 1e6 },
});

/**
 * What grew, in sentences.
 *
 * @param {Sample[]} samples
 */
export function leaks(samples) {
  return Object.entries(SLACK).flatMap(([name, { share, amount }]) => {
    const { before, after, more } = growth(samples, /** @type {keyof Sample} */ (name));
    return more > Math.max(share * before, amount)
      ? [`${name} grew from ${before} after the warm-up to ${after} at the end.`]
      : [];
  });
}
