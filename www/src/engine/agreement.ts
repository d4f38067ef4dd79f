// Whether a GPU computes what the CPU does. Some do not, and say nothing: a barrier that does not hold, a
// compiler that is wrong about a loop.

import type { Run as ModuleRun, Snapshot } from '../../pkg/webgpu/actmax.js';
import { Fault } from './errors.ts';
import { makeSteps } from './launches.ts';
import type { Source } from './networks.ts';
import type { Session } from './session.ts';
import { FIRST_TIMEOUT } from './timeout.ts';

/** Iterations that are compared: Adam's second has other kernels than its first. */
const STEPS = 3;

/**
 * How far apart the results may be after these iterations. GPUs round otherwise than CPUs do: 2e-6 and 4e-7 were
 * measured, over all objectives and parameterizations, while pixels move by up to 0.015.
 */
const TOLERANCE = 0.001;

/**
 * The lab's learning rate and optimizer, in place of those of the settings, so that pixels move by little in any case:
 * where a gradient is nearly 0, rounding decides which way Adam moves the pixel; and without Adam, large regularizers
 * move it by as much as a step can.
 */
const GENTLE = { learningRate: 0.005, optimizer: 'adam' };

/**
 * A session's snapshot of a run after a few iterations.
 *
 * The module refuses none of these iterations: their settings are the defaults, or those that it has taken before. So
 * whatever it throws here is a fault.
 *
 * @param open Opens the same run on any session, from its start: once images have reached their target, all gradients
 *   are nearly 0.
 * @param settings Of its steps, as JSON.
 */
export async function sampled(
  session: Session,
  open: (session: Session) => ModuleRun,
  settings = '{}',
): Promise<Snapshot> {
  const gently = JSON.stringify({ ...JSON.parse(settings), ...GENTLE });
  const run = open(session);
  await makeSteps(run, STEPS, gently);
  const snapshot = await session.wait(run.snapshot(gently), FIRST_TIMEOUT);
  run.free(); // Not in a `finally`: nothing of a module that has failed is called any more.
  return snapshot;
}

/**
 * Compares a GPU's results for a kind of run with the CPU's, the first time that this kind is asked for.
 *
 * @param reference The CPU.
 * @returns Rejects when the session is not to be trusted.
 */
export async function vouch(
  { session, source, kind, open, settings }: {
    session: Session;
    /** Of the network. */
    source: Source;
    /** All else that is compiled into the kernels. */
    kind: string;
    /** Makes the run. */
    open: (session: Session) => ModuleRun;
    /** Of its steps, as JSON. */
    settings?: string;
  },
  reference: () => Promise<Session>,
): Promise<void> {
  if (session.name === 'cpu' || session.vouchedFor(source).has(kind)) {
    return;
  }
  const snapshot = await sampled(session, open, settings);
  let wanted: Snapshot | undefined;
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
 * @param snapshot The GPU's.
 * @param wanted The CPU's, of the same run.
 */
export function compare(snapshot: Snapshot, wanted: Snapshot) {
  const wrong = disagreement(snapshot, wanted);
  if (wrong) {
    throw new Fault(`The GPU here computes wrongly: ${wrong}.`, 'the GPU computes wrongly');
  }
}

function disagreement(snapshot: Snapshot, wanted: Snapshot) {
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
