// @ts-check
// Iterations in as many launches as it takes: a module bounds each by its work, so that none holds up the page.

import { turn } from './frames.js';

/**
 * Makes iterations, with the page's turn between launches. Nothing is read.
 *
 * @param {import('./pkg/webgpu/actmax.js').Run} run
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
