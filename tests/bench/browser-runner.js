// @ts-check
// Candidates in tabs of one browser: each in a context of its own for each cell, so that none finds the
// shaders that were compiled for another.

import { BLANK } from './server.js';

/** @typedef {import('./measure.js').Runner} Runner */
/** @typedef {import('puppeteer-core').Page} Page */

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} url Of the server.
 * @param {Pick<Runner, 'name' | 'backend' | 'kind' | 'ours'> & { module: string, options: string[], isolated: boolean }} candidate
 * @returns {Runner}
 */
export function browserRunner(browser, url, { module, options, isolated, ...known }) {
  /** @type {import('puppeteer-core').BrowserContext | undefined} */
  let context;
  /** @type {Page | undefined} */
  let page;
  const tab = () => /** @type {Page} */ (page);
  return {
    ...known,
    async prepare({ network, digits, images }) {
      context = await browser.createBrowserContext();
      page = await context.newPage();
      await page.goto(url + (isolated ? BLANK.isolated : BLANK.common));
      return page.evaluate(prepare, module, options, network, digits, Array.from(images));
    },
    async play(frames, steps) {
      // What Chromium itself counts as tasks of the main thread: also what a library does there once
      // it has promised its frame, and what it waits for without giving the thread back.
      const before = (await tab().metrics()).TaskDuration ?? NaN;
      const whole = await tab().evaluate(playFrames, frames, steps);
      const after = (await tab().metrics()).TaskDuration ?? NaN;
      return { whole, busy: 1000 * (after - before) };
    },
    images: () => tab().evaluate(() => Array.from(/** @type {any} */ (window).images)),
    note: () => tab().evaluate(() => /** @type {any} */ (window).candidate.note),
    async end() {
      await context?.close();
      context = undefined;
    },
  };
}

/**
 * Runs in the page: makes the candidate ready, with the network read.
 *
 * @param {string} module
 * @param {any[]} options
 * @param {import('./task.js').NetworkName} network
 * @param {number[]} digits
 * @param {number[]} images
 * @returns {Promise<boolean>} Whether there is such a candidate.
 */
async function prepare(module, options, network, digits, images) {
  const kept = /** @type {any} */ (window);
  const { start } = await import(/** @type {any} */ (`/bench/${module}.js`));
  kept.play = (await import(/** @type {any} */ ('/bench/play.js'))).play;
  kept.candidate = await start(...options);
  if (!kept.candidate) {
    return false;
  }
  const response = await fetch(`/weights/${network}.safetensors`);
  const weights = new Uint8Array(await response.arrayBuffer());
  kept.begin = await kept.candidate.prepare({ network, weights, digits, images: Float32Array.from(images) });
  return true;
}

/** Runs in the page. @param {number} frames @param {number} steps */
async function playFrames(frames, steps) {
  const kept = /** @type {any} */ (window);
  const began = performance.now();
  kept.run ??= await kept.begin(); // Part of the first step: it may compute already.
  const { whole, images } = await kept.play(kept.run, frames, steps);
  kept.images = images;
  return frames * steps === 1 ? performance.now() - began : whole;
}
