// @ts-check
// When a setting takes effect that has changed.

import { fieldOf } from '../settings/config.js';

/** @typedef {import('../settings/config.js').Config} Config */
/** @typedef {import('../settings/config.js').Key} Key */

/** Settings that need a new run. @type {Key[]} */
export const NEEDS_NEW_RUN = ['network', 'objective', 'digit', 'seed', 'noise-std', 'start', 'parameterization', 'path'];
/** Settings that take effect during a run. @type {Key[]} */
export const LIVE = [
  'target', 'rate', 'steps', 'l1', 'l2', 'tv', 'distance', 'density', 'diversity', 'jitter', 'rotation', 'scale', 'gradient-blur',
];

/** Whether one of these settings has changed. @param {Config} before @param {Config} after @param {Key[]} keys */
export function changed(before, after, keys) {
  return keys.map(fieldOf).some((field) => String(before[field]) !== String(after[field]));
}
