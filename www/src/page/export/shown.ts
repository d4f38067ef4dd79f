// What can be saved of a figure: its state at one moment, so that a run that goes on does not mix two states.

import { networksOf } from '../../engine/networks.ts';
import { type Paint, type Scale, scalesOf } from '../../figure/colors.ts';
import type { Experiment } from '../../player/experiment.ts';
import type { Config } from '../../settings/config.ts';

/** What is asked of an <activation-maximization>. */
export interface Figure {
  settings: Config;
  experiment: Experiment | undefined;
  paint: Paint;
}

export interface Shown {
  settings: Config;
  experiment: Experiment;
  paint: Paint;
  /** Iterations that all networks have made. */
  made: number;
  /** The one on show. */
  iteration: number;
}

export function onShow({ settings, experiment, paint }: Figure): Shown {
  if (!experiment || experiment.networkResults.some(({ history }) => history.snapshots.length === 0)) {
    throw new Error('There is nothing to save yet.');
  }
  const { networkResults, digits } = experiment;
  const asked = [networksOf(settings.network), settings.digits];
  if (String(asked) !== String([networkResults.map(({ network }) => network), digits])) {
    // The files would say that the run before was made with these settings.
    throw new Error('The run with these settings has not begun yet. Try again in a moment.');
  }
  // Networks advance in turn: one may be ahead of what all have made.
  const made = experiment.iteration;
  return { settings, experiment, paint, made, iteration: Math.min(settings.at ?? made, made) };
}

/** The scales of the colors of images, those of each network in turn. */
export function scalesOfAll({ settings, experiment: { networkResults } }: Shown, images: Float32Array[]): Scale[][] {
  return networkResults.map(({ begin }, network) => scalesOf(images[network], settings, begin.objective));
}
