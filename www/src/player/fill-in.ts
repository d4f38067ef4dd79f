// The snapshots that a played run has, for one that was restarted behind what is on show: without them, the timeline
// and an animation would show the start in place of every iteration between.

import { nextFrame } from '../engine/frames.ts';
import type { Experiment } from './experiment.ts';

/** How many snapshots a run gets, evenly spread. */
const MOMENTS = 60;

/**
 * Makes what is missing, one in each animation frame.
 *
 * @param signal Ends the wait for a frame.
 * @returns Rejects when a snapshot cannot be computed.
 */
export async function fillIn(experiment: Experiment, isWanted: () => boolean, signal: AbortSignal): Promise<void> {
  const { networkResults, iteration: made } = experiment;
  // No more than can be kept, or each would push out another.
  const gap = Math.ceil(made / Math.min(MOMENTS, ...networkResults.map(({ history }) => Math.ceil(history.most / 2))));
  for (let iteration = gap; iteration < made; iteration += gap) {
    if (networkResults.some(({ history }) => history.at(iteration).iteration <= iteration - gap)) {
      await nextFrame(signal);
      if (!isWanted()) {
        return;
      }
      await experiment.recall(iteration);
    }
  }
}
