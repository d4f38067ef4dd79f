// Makes iterations in several launches: a module limits the work of each, so that none blocks the page.

import type { Run } from '../../pkg/webgpu/actmax.js';
import { turn } from './frames.ts';

/**
 * Makes iterations. Between launches, the page can handle events and draw. Nothing is read.
 *
 * @param settings As JSON.
 */
export async function makeSteps(run: Run, count: number, settings: string) {
  for (let left = count; left > 0; ) {
    const now = Math.min(left, run.largestStep(settings));
    run.step(now, settings);
    left -= now;
    if (left > 0) {
      await turn();
    }
  }
}
