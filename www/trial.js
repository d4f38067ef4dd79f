// @ts-check
// What a session on WebGPU must show before runs move there: that it works, with what is likely to
// be asked of it, that it computes what the CPU does, and that it is not slower. Its shaders are then
// compiled as well.

import { disagreement, sampled } from './agreement.js';
import { makeSteps } from './launches.js';
import { FIRST_TIMEOUT } from './timeout.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./networks.js').Source} Source */

/** Rows of the runs that are timed. */
const ROWS = 10;
/** Steps before a read, as many as a frame may well have: for the GPU the read is what costs. */
const STEPS = 20;
/** Of so many times the best counts: the page has other things to do meanwhile. */
const TRIES = 3;

/**
 * @param {Session} gpu
 * @param {Session} cpu
 * @param {Iterable<Source | Promise<Source>>} networks Those that have been asked for.
 * @returns {Promise<string | undefined>} Why the GPU will not do, as a sentence; nothing if it will.
 *   Rejects when it does not work.
 */
export async function trial(gpu, cpu, networks) {
  const times = { gpu: 0, cpu: 0 };
  for (const loading of networks) {
    const source = await loading;
    const [ours, theirs] = [await timed(gpu, source), await timed(cpu, source)];
    const wrong = disagreement(ours.frame, theirs.frame);
    if (wrong) {
      return wrong;
    }
    times.gpu += ours.time;
    times.cpu += theirs.time;
  }
  return times.gpu > times.cpu
    ? `The GPU here takes ${milliseconds(times.gpu)} a step, the CPU ${milliseconds(times.cpu)}: the CPU is used.`
    : undefined;
}

/**
 * Milliseconds a step, and the frame after the first few.
 *
 * @param {Session} session
 * @param {Source} source
 */
async function timed(session, source) {
  const digits = Uint16Array.from({ length: ROWS }, (_, row) => row);
  const open = (/** @type {Session} */ it) => it.network(source).maximize(digits, '{}');
  const frame = await sampled(session, open);
  const run = open(session);
  let best = Infinity;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const began = performance.now();
    await makeSteps(run, STEPS, '{}');
    await session.wait(run.snapshot('{}'), FIRST_TIMEOUT);
    best = Math.min(best, (performance.now() - began) / STEPS);
    await new Promise((resolve) => setTimeout(resolve)); // The page's turn.
  }
  run.free();
  return { time: best, frame };
}

/** @param {number} time */
function milliseconds(time) {
  return `${Number(time.toPrecision(2))} ms`;
}
