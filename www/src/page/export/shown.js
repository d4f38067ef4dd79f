// @ts-check
// What can be saved of a figure: its state at one moment, so that a run that goes on does not mix two states.

import { networksOf } from '../../engine/networks.js';

/** @typedef {import('../../settings/config.js').Config} Config */
/** @typedef {import('../../player/experiment.js').NetworkResult} NetworkResult */
/** @typedef {import('../../player/experiment.js').Experiment} Experiment */
/** @typedef {import('../../figure/stage.js').Paint} Paint */

/**
 * @typedef {object} Figure What is asked of an <activation-maximization>.
 * @property {Config} settings
 * @property {Experiment | undefined} experiment
 * @property {Paint} paint
 */

/**
 * @typedef {object} Shown
 * @property {Config} settings
 * @property {Experiment} experiment
 * @property {Paint} paint
 * @property {number} made Iterations that all networks have made.
 * @property {number} iteration The one on show.
 */

/**
 * @param {Figure} figure
 * @returns {Shown}
 */
export function onShow({ settings, experiment, paint }) {
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
