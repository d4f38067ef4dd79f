// The loop: wait for an animation frame, make as many iterations as fit into it, read them once, and look again what
// is asked for. Every part is awaited, so the loop cannot overlap itself; to stop it is to ask for nothing more.

import type { BatchSizer } from '../engine/batch-sizer.ts';
import { join, leave, nextFrame, part } from '../engine/frames.ts';
import type { StepSettings } from '../engine/task.ts';
import type { Experiment } from './experiment.ts';

/** What is asked for. */
export interface Course {
  settings: StepSettings;
  /** Where the run ends. */
  iterations: number;
  /** Iterations a second, `Infinity` for as many as the machine makes. */
  pace: number;
  /** The iteration on show, if not the last: a piece ends there, so that there is a snapshot of it. */
  at?: number;
}

export interface How {
  /** Asked before and after each wait for a frame; undefined ends the loop. */
  course: () => Course | undefined;
  /** Makes the iterations of a piece. */
  advance: (count: number, settings: StepSettings) => Promise<void>;
  /** How many fit into a frame. */
  batchSizer: BatchSizer;
  /** Ends the wait for a frame: in a tab behind another, no frame comes. */
  signal: AbortSignal;
}

/**
 * Makes iterations of an experiment, a piece in each animation frame, until there is no course or it is at its end.
 *
 * @returns Rejects when `advance` does.
 */
export async function makePieces(experiment: Experiment, { course, advance, batchSizer, signal }: How): Promise<void> {
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
