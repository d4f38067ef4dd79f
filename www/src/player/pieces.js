// @ts-check
// The loop: wait for an animation frame, make as many iterations as fit into it, read them once, and look again what
// is asked for. Every part is awaited, so the loop cannot overlap itself; to stop it is to ask for nothing more.

import { join, leave, nextFrame, part } from '../engine/frames.js';

/** @typedef {import('../engine/batch-sizer.js').BatchSizer} BatchSizer */
/** @typedef {import('../engine/run.js').StepSettings} StepSettings */
/** @typedef {import('./experiment.js').Experiment} Experiment */

/**
 * @typedef {object} Course What is asked for.
 * @property {StepSettings} settings
 * @property {number} iterations Where the run ends.
 * @property {number} pace Iterations a second, `Infinity` for as many as the machine makes.
 * @property {number} [at] The iteration on show, if not the last: a piece ends there, so that there is a snapshot of it.
 */

/**
 * @typedef {object} How
 * @property {() => Course | undefined} course Asked before and after each wait for a frame; undefined ends the loop.
 * @property {(count: number, settings: StepSettings) => Promise<void>} advance Makes the iterations of a piece.
 * @property {BatchSizer} batchSizer How many fit into a frame.
 * @property {AbortSignal} signal Ends the wait for a frame: in a tab behind another, no frame comes.
 */

/**
 * Makes iterations of an experiment, a piece in each animation frame, until there is no course or it is at its end.
 *
 * @param {Experiment} experiment
 * @param {How} how
 * @returns {Promise<void>} Rejects when `advance` does.
 */
export async function makePieces(experiment, { course, advance, batchSizer, signal }) {
  const worker = {};
  join(worker);
  try {
    let owed = 1; // The first iteration is made at once, so that a pressed button has a visible effect.
    let last = performance.now();
    for (let before = course(); before && experiment.iteration < before.iterations; before = course()) {
      const now = await nextFrame(signal);
      const asked = course();
      if (!asked) {
        return;
      }
      const { settings, iterations, pace, at = 0 } = asked;
      // The first animation frame may have begun before `last` was taken.
      owed = pace === Infinity ? Infinity : owed + (pace * Math.max(0, now - last)) / 1000;
      owed = Math.min(owed, batchSizer.next(experiment.kind(settings), part()));
      last = now;
      const end = experiment.iteration < at ? Math.min(at, iterations) : iterations;
      const count = Math.min(Math.floor(owed), end - experiment.iteration);
      if (count > 0) {
        owed -= count;
        await advance(count, settings);
      }
    }
  } finally {
    leave(worker);
  }
}
