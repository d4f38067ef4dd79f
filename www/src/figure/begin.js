// @ts-check
// Begins what a figure shows, on the engine that all figures of a page share.

import { isExpected, networksOf } from '../engine/networks.js';
import { sharedEngine } from '../engine/shared-engine.js';
import { Experiment } from '../player/experiment.js';

/** @typedef {import('../settings/config.js').Config} Config */

/**
 * @param {() => Config} config What is asked for; asked again once the engine is there.
 * @returns {Promise<import('../player/playback.js').Begun>} Rejects, in words for people, when something cannot be had.
 */
export async function begin(config) {
  const engine = await sharedEngine([...networksOf(config().network), 'means']);
  if (networksOf(config().network).some(isExpected)) {
    // Only then: few figures show a network that somebody brought.
    const { restored } = await import('../networks/restore.js');
    await restored();
  }
  return { engine, experiment: await Experiment.begin(engine, config()) };
}
