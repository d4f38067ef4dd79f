// A run at its end that is made again with other settings, behind what is on show.

import type { Experiment } from './experiment.ts';
import { type Course, type How, makePieces } from './pieces.ts';

/** Milliseconds after which somebody who waits wants to know what for. */
const SLOW = 2000;
/** Milliseconds: a slow run that newer settings will replace is dropped, if the rest of it would take longer. */
const TOO_LONG = 5000;

/**
 * Makes all iterations of a restarted run. Settings that change meanwhile do not count: they are for the next one, and
 * somebody who keeps moving a slider would otherwise never see a result.
 *
 * @param onSlow It takes long, or does so no more.
 * @returns Whether it came to its end; if not, it is not wanted any more, or takes too long.
 */
export async function makeRestarted(
  restarted: Experiment,
  { course, ...how }: How,
  onSlow: (slow: boolean) => void,
): Promise<boolean> {
  const began = performance.now();
  let isSlow = false;
  /** What it is made with. */
  let first: Course | undefined;
  const own = () => {
    const newest = course();
    if (!newest || !first || restarted.iteration === 0) {
      first = newest; // Until its first piece is made, all changes count.
      return newest;
    }
    const taken = performance.now() - began;
    const left = first.iterations - restarted.iteration;
    const isSlowNow = taken > SLOW && left > 0;
    if (isSlowNow && !isSame(first, newest) && (taken * left) / restarted.iteration > TOO_LONG) {
      return undefined;
    }
    if (isSlowNow && !isSlow) {
      isSlow = true;
      onSlow(true);
    }
    return { ...first, at: newest.at };
  };
  try {
    await makePieces(restarted, { ...how, course: own });
  } finally {
    if (isSlow) {
      onSlow(false);
    }
  }
  return course() !== undefined && restarted.iteration === first?.iterations;
}

/** Whether two runs would make the same iterations. */
function isSame(a: Course, b: Course) {
  return a.iterations === b.iterations && JSON.stringify(a.settings) === JSON.stringify(b.settings);
}
