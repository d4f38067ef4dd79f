// @ts-check
// Makes iterations in several launches: a module limits the work of each, so that none blocks the page.

import { turn } from './frames.js';

/**
 * Makes iterations. Between launches, the page can handle events and draw. Nothing is read.
 *
 * @param {import('../../pkg/webgpu/actmax.js').Run} run
 * @param {number} count
 * @param {string} settings As JSON.
 */
export async function makeSteps(run, count, settings) {
  for (let left = count; left > 0; ) {
    const now = Math.min(left, run.largestStep(settings));
    run.step(now, settings);
    left -= now;
    if (left > 0) {
      await turn();
    }
  }
}
