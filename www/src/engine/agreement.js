// @ts-check
// Whether a GPU computes what the CPU does. Some do not, and say nothing: a barrier that does not hold, a
// compiler that is wrong about a loop.

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('../../pkg/webgpu/actmax.js').Run} ModuleRun */
/** @typedef {import('../../pkg/webgpu/actmax.js').Snapshot} Snapshot */

import { Fault } from './errors.js';
import { makeSteps } from './launches.js';
import { FIRST_TIMEOUT } from './timeout.js';

/** Iterations that are compared: Adam's second has other kernels than its first. */
const STEPS = 3;

/**
 * How far apart the results may be after these iterations. GPUs round otherwise than CPUs do: 2e-6 and 4e-7 were
 * measured, over all objectives and parameterizations, while pixels move by up to 0.015.
 */
const TOLERANCE = 0.001;

/**
 * The lab's learning rate, in place of that of the settings, so that pixels move by little in any case: where a
 * gradient is nearly 0, rounding decides which way Adam moves the pixel.
 */
const LEARNING_RATE = 0.005;

/**
 * A session's snapshot of a run after a few iterations.
 *
 * @param {Session} session
 * @param {(session: Session) => ModuleRun} open Opens the same run on any session, from its start: once images have
 *   reached their target, all gradients are nearly 0.
 * @param {string} settings Of its steps, as JSON.
 * @returns {Promise<Snapshot>}
 */
export async function sampled(session, open, settings = '{}') {
  const gently = JSON.stringify({ ...JSON.parse(settings), learningRate: LEARNING_RATE });
  const run = open(session);
  await makeSteps(run, STEPS, gently);
  const snapshot = await session.wait(run.snapshot(gently), FIRST_TIMEOUT);
  run.free(); // Not in a `finally`: nothing of a module that has failed is called any more.
  return snapshot;
}

/**
 * Compares a GPU's results for a kind of run with the CPU's, the first time that this kind is asked for.
 *
 * @param {object} what
 * @param {Session} what.session
 * @param {import('./networks.js').Source} what.source Of the network.
 * @param {string} what.kind All else that is compiled into the kernels.
 * @param {(session: Session) => ModuleRun} what.open Makes the run.
 * @param {string} [what.settings] Of its steps, as JSON.
 * @param {() => Promise<Session>} reference The CPU.
 * @returns {Promise<void>} Rejects when the session is not to be trusted.
 */
export async function vouch({ session, source, kind, open, settings }, reference) {
  if (session.name === 'cpu' || session.vouchedFor(source).has(kind)) {
    return;
  }
  const snapshot = await sampled(session, open, settings);
  /** @type {Snapshot | undefined} */
  let wanted;
  try {
    wanted = await sampled(await reference(), open, settings);
  } catch {
    // There is no CPU session to compare with. Whoever needs one gets the error.
  }
  if (wanted) {
    compare(snapshot, wanted);
  }
  session.vouchedFor(source).add(kind);
}

/**
 * Throws when a GPU has computed wrongly.
 *
 * @param {Snapshot} snapshot The GPU's.
 * @param {Snapshot} wanted The CPU's, of the same run.
 */
export function compare(snapshot, wanted) {
  const wrong = disagreement(snapshot, wanted);
  if (wrong) {
    throw new Fault(`The GPU here computes wrongly: ${wrong}.`, 'the GPU computes wrongly');
  }
}

/** @param {Snapshot} snapshot @param {Snapshot} wanted */
function disagreement(snapshot, wanted) {
  const at = wanted.now.findIndex(
    (it, at) => Number.isFinite(it) && !(Math.abs(snapshot.now[at] - it) <= TOLERANCE * Math.max(1, Math.abs(it))),
  );
  if (at >= 0) {
    const [ours, theirs] = [snapshot.now[at], wanted.now[at]].map((it) => Number(it.toPrecision(3)));
    return `it gave ${ours} where the CPU gives ${theirs}`;
  }
  // As a mean square: a few pixels may have moved the other way.
  const off = snapshot.images.reduce((sum, it, at) => sum + (it - wanted.images[at]) ** 2, 0);
  return Math.sqrt(off / wanted.images.length) <= TOLERANCE ? undefined : 'its images are not those of the CPU';
}
