// The settings of what a figure shows at this moment.

import type { Config } from '../settings/config.ts';
import type { ShownState } from './states.ts';

/**
 * The settings, with the iteration of a run that was stopped on its way, or stands at its start: whoever opens a link
 * with them sees this iteration, and not a run that goes on.
 */
export function settingsOnShow({ settings, state, experiment, iteration = 0 }: {
  settings: Config;
  state?: ShownState;
  experiment?: unknown;
  iteration?: number;
}): Config {
  const stands = experiment !== undefined && state === 'paused' && iteration < settings.steps;
  return { ...settings, at: settings.at ?? (stands ? iteration : undefined) };
}
