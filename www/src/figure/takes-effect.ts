// When a setting takes effect that has changed.

import type { Player } from '../player/player.ts';
import { type Config, type Key, fieldOf } from '../settings/config.ts';

/** Settings that need a new run. */
export const NEEDS_NEW_RUN: Key[] = ['network', 'objective', 'digit', 'seed', 'noise-std', 'start', 'parameterization', 'path'];
/** Settings that take effect during a run. */
const LIVE: Key[] = [
  'target', 'rate', 'optimizer', 'steps', 'l1', 'l2', 'tv', 'distance', 'density', 'diversity', 'jitter', 'rotation', 'scale',
  'gradient-blur',
];

/** Whether one of these settings has changed. */
export function changed(before: Config, after: Config, keys: Key[]) {
  return keys.map(fieldOf).some((field) => String(before[field]) !== String(after[field]));
}

/** Lets the run on show follow the settings that have changed, where it needs no new run. */
export function follow(player: Player, before: Config, after: Config) {
  if (changed(before, after, LIVE)) {
    player.follow();
  }
  if (after.at !== undefined && changed(before, after, ['at'])) {
    player.seek(after.at);
  }
}
