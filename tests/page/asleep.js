// @ts-check
// What a figure does by itself, counted in the page: for the tests of figures that nobody sees.

import { TIMEOUT } from './figure.js';
import { pageOf } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('puppeteer-core').Frame} Frame */
/** @typedef {{ frames: number, submissions: number, timers: number, steps: number }} Work */

/** A page with a long run. @param {string} backend */
export const one = (backend) =>
  pageOf(
    `<div id="around"><activation-maximization id="one" digit="3" steps="5000" pace="slow" controls
     autoplay></activation-maximization></div><div style="height: 400vh"></div>`,
    `<script type="module">
       import { useBackend } from './src/engine/shared-engine.js';
       useBackend('${backend}');
       await import('./activation-maximization.js');
     </script>`,
  );

/** Counts all that a page does by itself. Runs in the page, before anything else. */
function count() {
  const work = { frames: 0, submissions: 0, timers: 0, steps: 0 };
  /** @type {any} */ (window).work = work;
  /** @param {string} name @param {'frames' | 'timers'} what */
  const watch = (name, what) => {
    const original = /** @type {any} */ (window)[name];
    /** @type {any} */ (window)[name] = (/** @type {Function} */ callback, /** @type {any[]} */ ...rest) =>
      original.call(
        window,
        (/** @type {any[]} */ ...given) => {
          work[what] += 1;
          callback(...given);
        },
        ...rest,
      );
  };
  watch('requestAnimationFrame', 'frames');
  watch('setTimeout', 'timers');
  watch('setInterval', 'timers');
  const submit = globalThis.GPUQueue?.prototype.submit;
  if (submit) {
    GPUQueue.prototype.submit = function (commands) {
      work.submissions += 1;
      return submit.call(this, commands);
    };
  }
  addEventListener('step', () => (work.steps += 1), { capture: true });
}

/** @param {Page | Frame} page @returns {Promise<Work>} */
export const workOf = (page) => page.evaluate(() => ({ .../** @type {any} */ (window).work }));

/** @param {Page | Frame} page @param {number} [iteration] */
export const past = (page, iteration = 1) =>
  page.waitForFunction(
    (iteration) => {
      const it = /** @type {any} */ (document.querySelector('activation-maximization'));
      return it.state === 'playing' && it.iteration > iteration;
    },
    { timeout: TIMEOUT, polling: 100 },
    iteration,
  );

/** The figure's iteration, state, and whether its run is still that of the first call. @param {Page | Frame} page */
export const look = (page) =>
  page.$eval('activation-maximization', (it) => {
    const figure = /** @type {any} */ (it);
    figure.first ??= figure.experiment;
    return { iteration: figure.iteration, state: figure.state, same: figure.first === figure.experiment };
  });

/**
 * A tab whose work is counted.
 *
 * @param {Awaited<ReturnType<typeof import('./travel.js').traveling>>} world
 * @param {string} path
 */
export function counted(world, path) {
  return world.visit(path, (page) => page.evaluateOnNewDocument(count));
}

/**
 * What a hidden figure does in a while.
 *
 * @param {Page | Frame} page
 * @param {() => Promise<unknown>} meanwhile
 */
export async function workDuring(page, meanwhile) {
  const before = await workOf(page);
  await meanwhile();
  const after = await workOf(page);
  const made = (/** @type {keyof Work} */ what) => after[what] - before[what];
  return { frames: made('frames'), submissions: made('submissions'), timers: made('timers'), steps: made('steps') };
}

