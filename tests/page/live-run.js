// @ts-check
// A run in a page of its own, without a figure, for the tests that break what it runs on.

import { open } from './browser.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** Iterations in a frame. */
export const STEPS = 2;

/**
 * A page of the same origin with an engine and an experiment in `window`.
 *
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} url
 * @param {'cpu' | 'webgpu'} backend
 */
export async function begun(browser, url, backend) {
  const { page } = await open(browser, `${url}icon.svg`);
  await page.evaluate(async (backend) => {
    // The instances are kept, to be broken.
    const { instantiate } = WebAssembly;
    /** @type {any[]} */
    const instances = [];
    WebAssembly.instantiate = /** @type {any} */ (
      async (/** @type {any} */ module, /** @type {any} */ imports) => {
        const instance = await instantiate(module, imports);
        instances.push(instance);
        return instance;
      }
    );
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      const device = await request.apply(this, given);
      Object.assign(window, { device });
      return device;
    };
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const { Experiment } = await import(/** @type {any} */ ('/src/player/experiment.js'));
    const { readConfig } = await import(/** @type {any} */ ('/src/settings/config.js'));
    const engine = await Engine.start({ backend });
    const { config } = readConfig(new URLSearchParams('digit=3&seed=5'));
    const experiment = await Experiment.begin(engine, config);
    Object.assign(window, { instances, engine, experiment });
  }, backend);
  return page;
}

/** Makes some frames. @param {Page} page @param {number} frames @returns {Promise<number>} Milliseconds of the first. */
export function advance(page, frames) {
  return page.evaluate(
    async (frames, STEPS) => {
      const { experiment } = /** @type {any} */ (window);
      let first = 0;
      for (let made = 0; made < frames; made += 1) {
        const began = performance.now();
        await experiment.advance(STEPS, { target: 0.9, learningRate: 0.005 });
        first ||= performance.now() - began;
      }
      return first;
    },
    frames,
    STEPS,
  );
}

/** All that is known of the run. @param {Page} page */
export function record(page) {
  return page.evaluate(() => {
    const { engine, experiment } = /** @type {any} */ (window);
    const { run, history } = experiment.networkResults[0];
    const { iteration, state } = history.snapshots.at(-1);
    return {
      backend: run.backend,
      status: engine.status,
      iteration,
      state: /** @type {number[]} */ (Array.from(state)),
      losses: /** @type {number[][]} */ (history.losses),
      kept: history.snapshots.map((/** @type {any} */ it) => it.iteration),
    };
  });
}

/** A panic: the module sets the properties of a snapshot, and expects that to work. @param {Page} page */
export function panic(page) {
  return page.evaluate(() => {
    const { set } = Reflect;
    Reflect.set = () => {
      Reflect.set = set;
      throw new Error('no');
    };
  });
}

/** No memory, for the instance that works, which is the first: it may not grow, and what it has is taken. @param {Page} page */
export function noMemory(page) {
  return page.evaluate(() => {
    const { exports } = /** @type {any} */ (window).instances[0];
    exports.memory.grow(65_536 - exports.memory.buffer.byteLength / 65_536);
    for (let size = 2 ** 20; size >= 8; ) {
      try {
        exports.__wbindgen_malloc(size, 8);
      } catch {
        size /= 2;
      }
    }
  });
}
