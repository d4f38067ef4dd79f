// What WebGPU must show before runs move there: that it works, with what is likely to be asked of it, and that
// it computes what the CPU does. What a frame takes there is measured. Its kernels are then compiled as well.
//
// A frame here is what a player does in one: some iterations, then one read. Where a read alone (about 100 ms in
// Firefox) takes longer than the display shows a frame, no pace can be kept, and the CPU runs more smoothly.

import type { Run } from '../../pkg/webgpu/actmax.js';
import { compare, sampled } from './agreement.ts';
import { makeSteps } from './launches.ts';
import type { Source } from './networks.ts';
import type { Session } from './session.ts';
import { FIRST_TIMEOUT } from './timeout.ts';

/** In milliseconds. */
export interface FrameTime {
  /** What a frame takes. */
  whole: number;
  /** The part of `whole` that goes into reading the images. */
  reading: number;
  /** How often the display shows one. */
  display: number;
}

/** Most displays show 60 a second. */
const DISPLAY = 1000 / 60;
/** Images of a run that is measured. */
const ROWS = 10;
/** Iterations in a frame: the normal pace of the lab's longest runs, 500 in three seconds. */
const STEPS = 3;
/** How often a frame is timed. The best time counts: the page has other things to do meanwhile. */
const TRIES = 5;

/**
 * @param networks Those that have been asked for.
 * @returns Of the slowest network. Rejects when the GPU does not work, or computes wrongly.
 */
export async function trial(
  gpu: Session,
  cpu: Session,
  networks: Iterable<Source | Promise<Source>>,
): Promise<FrameTime> {
  let slowest = { whole: 0, reading: 0, display: DISPLAY };
  for (const loading of networks) {
    const source = await there(loading);
    if (!source) {
      continue;
    }
    const open = (it: Session) => it.network(source).maximize(digits(), '{}');
    compare(await sampled(gpu, open), await sampled(cpu, open));
    const measured = await frameTime(gpu, open);
    if (measured.whole > slowest.whole) {
      slowest = measured;
    }
  }
  return slowest;
}

/** A network, or undefined if it cannot be loaded: that is no fault of the GPU, and whoever asked for it is told. */
async function there(loading: Source | Promise<Source>): Promise<Source | undefined> {
  try {
    return await loading;
  } catch {
    return undefined;
  }
}

async function frameTime(session: Session, open: (session: Session) => Run): Promise<FrameTime> {
  const run = open(session);
  const frame = async (steps: number) => {
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
