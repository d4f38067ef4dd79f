// @ts-check
// The settings of what a figure shows at this moment.

/** @typedef {import('../settings/config.js').Config} Config */
/** @typedef {import('./states.js').ShownState} ShownState */

/**
 * The settings, with the iteration of a run that was stopped on its way, or stands at its start: whoever opens a link
 * with them sees this iteration, and not a run that goes on.
 *
 * @param {{ settings: Config, state?: ShownState, experiment?: unknown, iteration?: number }} figure
 * @returns {Config}
 */
export function settingsOnShow({ settings, state, experiment, iteration = 0 }) {
  const stands = experiment !== undefined && state === 'paused' && iteration < settings.steps;
  return { ...settings, at: settings.at ?? (stands ? iteration : undefined) };
}
