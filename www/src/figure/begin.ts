// Begins what a figure shows, on the engine that all figures of a page share.

import { isExpected, networksOf } from '../engine/networks.ts';
import { sharedEngine } from '../engine/shared-engine.ts';
import { Experiment } from '../player/experiment.ts';
import type { Begun } from '../player/playback.ts';
import type { Config } from '../settings/config.ts';

/**
 * @param config What is asked for; asked again once the engine is there.
 * @param onMore More numbers are known of it than before.
 * @returns Rejects, in words for people, when something cannot be had.
 */
export async function begin(config: () => Config, onMore = () => {}): Promise<Begun> {
  const engine = await sharedEngine([...networksOf(config().network), 'means']);
  if (networksOf(config().network).some(isExpected)) {
    // Only then: few figures show a network that somebody brought.
    const { restored } = await import('../networks/restore.ts');
    await restored();
  }
  const experiment = await Experiment.begin(engine, config());
  experiment.loadTypical().then(onMore, () => {}); // A run need not wait for it, and can do without.
  return { engine, experiment };
}
