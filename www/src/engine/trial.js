// @ts-check
// What WebGPU must show before runs move there: that it works, with what is likely to be asked of it, and that
// it computes what the CPU does. What a frame takes there is measured. Its kernels are then compiled as well.
//
// A frame here is what a player does in one: some iterations, then one read. Where a read alone (about 100 ms in
// Firefox) takes longer than the display shows a frame, no pace can be kept, and the CPU runs more smoothly.

import { compare, sampled } from './agreement.js';
import { makeSteps } from './launches.js';
import { FIRST_TIMEOUT } from './timeout.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./networks.js').Source} Source */

/**
 * @typedef {object} FrameTime In milliseconds.
 * @property {number} whole What a frame takes.
 * @property {number} reading The part of `whole` that goes into reading the images.
 * @property {number} display How often the display shows one.
 */

/** Most displays show 60 a second. */
const DISPLAY = 1000 / 60;
/** Images of a run that is measured. */
const ROWS = 10;
/** Iterations in a frame: the normal pace of the lab's longest runs, 500 in three seconds. */
const STEPS = 3;
/** How often a frame is timed. The best time counts: the page has other things to do meanwhile. */
const TRIES = 5;

/**
 * @param {Session} gpu
 * @param {Session} cpu
 * @param {Iterable<Source | Promise<Source>>} networks Those that have been asked for.
 * @returns {Promise<FrameTime>} Of the slowest network. Rejects when the GPU does not work, or computes wrongly.
 */
export async function trial(gpu, cpu, networks) {
  let slowest = { whole: 0, reading: 0, display: DISPLAY };
  for (const loading of networks) {
    const source = await loading;
    const open = (/** @type {Session} */ it) => it.network(source).maximize(digits(), '{}');
    compare(await sampled(gpu, open), await sampled(cpu, open));
    const measured = await frameTime(gpu, open);
    if (measured.whole > slowest.whole) {
      slowest = measured;
    }
  }
  return slowest;
}

/**
 * @param {Session} session
 * @param {(session: Session) => import('../../pkg/webgpu/actmax.js').Run} open
 * @returns {Promise<FrameTime>}
 */
async function frameTime(session, open) {
  const run = open(session);
  const frame = async (/** @type {number} */ steps) => {
    const began = performance.now();
    await makeSteps(run, steps, '{}');
    await session.wait(run.snapshot('{}'), FIRST_TIMEOUT);
    return performance.now() - began;
  };
  let [whole, reading] = [Infinity, Infinity];
  for (let tries = 0; tries < TRIES; tries += 1) {
    whole = Math.min(whole, await frame(STEPS));
    reading = Math.min(reading, await frame(0));
    await new Promise((resolve) => setTimeout(resolve)); // The page's turn.
  }
  run.free();
  return { whole, reading, display: DISPLAY };
}

function digits() {
  return Uint16Array.from({ length: ROWS }, (_, row) => row);
}
