// @ts-check
// Whether a GPU computes what the CPU does. Some do not, and say nothing: a barrier that does not hold, a
// compiler that is wrong about a loop.

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./pkg/webgpu/actmax.js').Run} ModuleRun */
/** @typedef {import('./pkg/webgpu/actmax.js').Snapshot} Snapshot */

import { makeSteps } from './launches.js';
import { FIRST_TIMEOUT } from './timeout.js';

/** Iterations that are compared: Adam's second has other kernels than its first. */
const STEPS = 3;

/**
 * How far apart they may be then. GPUs round otherwise than CPUs do: measured were 2e-6 and 4e-7, for every
 * objective and form; and pixels have moved by up to 0.015.
 */
const TOLERANCE = 0.001;

/**
 * @param {Session} session
 * @param {(session: Session) => ModuleRun} open Makes the same run on any.
 * @param {string} settings Of its steps, as JSON.
 * @returns {Promise<Snapshot>}
 */
export async function sampled(session, open, settings = '{}') {
  const run = open(session);
  try {
    await makeSteps(run, STEPS, settings);
    return await session.wait(run.snapshot(settings), FIRST_TIMEOUT);
  } finally {
    if (!session.fault) {
      run.free();
    }
  }
}

/**
 * @param {Snapshot} snapshot The GPU's.
 * @param {Snapshot} wanted The CPU's, of the same run.
 * @returns {string | undefined} What is wrong, as a sentence, if anything is.
 */
export function disagreement(snapshot, wanted) {
  const at = wanted.now.findIndex(
    (it, at) => Number.isFinite(it) && !(Math.abs(snapshot.now[at] - it) <= TOLERANCE * Math.max(1, Math.abs(it))),
  );
  if (at >= 0) {
    const [ours, theirs] = [snapshot.now[at], wanted.now[at]].map((it) => Number(it.toPrecision(3)));
    return `The GPU here computes wrongly: it gave ${ours} where the CPU gives ${theirs}.`;
  }
  // As a mean: where a gradient is next to nothing, rounding decides which way Adam moves a pixel.
  const off = snapshot.images.reduce((sum, it, at) => sum + (it - wanted.images[at]) ** 2, 0);
  return Math.sqrt(off / wanted.images.length) <= TOLERANCE
    ? undefined
    : 'The GPU here computes wrongly: its images are not those of the CPU.';
}
