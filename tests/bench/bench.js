// @ts-check
// Measures in headless Chromium: steps beside TensorFlow.js and jax-js, how soon there is a moving
// picture, memory, how smooth the page stays, sizes. Prints Markdown and keeps it in results/.
//
//   ./build.sh bench                          or: node tests/bench/bench.js
//   ./build.sh bench --only steps,sizes       parts: steps, presets, start, memory, interface, sizes
//   ./build.sh bench --rounds 15              medians of so many rounds; seven, if nothing is said
//
// Ends with 1 when a candidate computes something else than this project, or fails.
//
// How steps are measured. Every candidate is in a tab with caches of its own, in one browser. It has read
// the network and has the start noise; its first step counts from there. After 10 and 50 steps its images
// are given to a network in plain JavaScript (answers.js), whose probabilities must be the same for all.
// Then come rounds of about half a second, all candidates in turn: frames of up to 50 steps, each of which
// reads the images once, as a page does. Main-thread time is what Chromium counts as tasks of the page's
// main thread meanwhile (`TaskDuration`): the calls, what a library does there after them, and what it
// waits for without giving the thread back.
//
// Without a GPU, WebGPU and WebGL run on a software adapter (SwiftShader): their milliseconds a step
// then say nothing of a real one, their main-thread milliseconds do.

import { launch, open } from '../page/browser.js';
import { browserRunner } from './browser-runner.js';
import { CANDIDATES } from './candidates.js';
import { smoothness } from './interface.js';
import { adapterOf, machine } from './machine.js';
import { memory } from './memory.js';
import { readOptions } from './options.js';
import { presets } from './presets.js';
import { Report } from './report.js';
import { BLANK, serve } from './server.js';
import { sizes } from './sizes.js';
import { start } from './start.js';
import { steps } from './steps.js';
import { NOISE_STD, SEED } from './task.js';

/** Looked up in the package of version 1.30. */
const ABSENT =
  'onnxruntime-web is not in the table: it has no gradient to step along. Its package no longer has the ' +
  'training sessions that it once had, and runs graphs that were made elsewhere.';

const say = (/** @type {string} */ line) => console.error(`» ${line}`);

/** @typedef {{ browser: import('puppeteer-core').Browser, url: string, rounds: number, say: (line: string) => void }} Stage */

/** @type {Record<string, { title: string, measure: (stage: Stage) => Promise<{ text: string, sound?: boolean }> }>} */
const PARTS = {
  steps: {
    title: 'Steps',
    async measure({ browser, url, rounds }) {
      const runners = CANDIDATES.map((it) => browserRunner(browser, url, it));
      const weights = new URL('../../www/weights/', import.meta.url);
      const busy = 'main-thread ms a step';
      const { text, sound } = await steps({ runners, rounds, weights, noise: await noise(browser, url), say, busy });
      return { text: `${text}\n\n${ABSENT}`, sound };
    },
  },
  presets: { title: 'Presets', measure: presets },
  start: { title: 'Start', measure: start },
  memory: { title: 'Memory', measure: memory },
  interface: { title: 'Interface', measure: smoothness },
  sizes: { title: 'Sizes', measure: sizes },
};

const { only, all, rounds } = readOptions(Object.keys(PARTS));
const server = await serve();
const browser = await launch('chromium');
const report = new Report();
let sound = true;
try {
  report.add(`# Measured in a browser\n\n${machine(await browser.version(), await adapter(browser, server.url))}`);
  report.add(`Medians of ${rounds} rounds; ± is half the distance between the least and the greatest.`);
  for (const name of only) {
    const { title, measure } = PARTS[name];
    say(title);
    const part = await measure({ browser, url: server.url, rounds, say }).catch((error) => ({
      text: `Could not be measured: ${error}`,
      sound: false,
    }));
    report.add(`## ${title}\n\n${part.text}`);
    sound &&= part.sound ?? true;
  }
} finally {
  await browser.close();
  await server.close();
}
report.write(new URL('results/', import.meta.url), all ? 'browser' : `browser-${only.join('-')}`);
process.exit(sound ? 0 : 1);

/** What WebGPU runs on. @param {import('puppeteer-core').Browser} browser @param {string} url */
async function adapter(browser, url) {
  const { page } = await open(browser, url + BLANK.common);
  const info = await page.evaluate(async () => {
    const found = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    const { vendor, architecture, device, description } = found?.info ?? {};
    return found ? { vendor, architecture, device, description } : undefined;
  });
  await page.close();
  return adapterOf(info);
}

/** What this project's images start as. @param {import('puppeteer-core').Browser} browser @param {string} url */
async function noise(browser, url) {
  const { page } = await open(browser, url + BLANK.common);
  const images = await page.evaluate(
    async (seed, noiseStd) => {
      const { Engine } = await import(/** @type {any} */ ('/engine.js'));
      const engine = await Engine.start({ backend: 'cpu' });
      const run = await engine.begin({ network: 'mlp', digits: [0], seed, noiseStd });
      const { images } = await run.advance(0, { target: 0.9, learningRate: 0.005 });
      return Array.from(/** @type {Float32Array} */ (images));
    },
    SEED,
    NOISE_STD,
  );
  await page.close();
  return Float32Array.from(images);
}
