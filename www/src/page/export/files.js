// @ts-check
// Files: what they are called, and how they get to the disk.
//
//   actmax-mlp-digit-3-seed-1.png, actmax-lenet5-digits-all-from-mean3-at-20-image.npy

import { writtenSettings } from '../../settings/config.js';

/** @typedef {import('../../settings/config.js').Config} Config */

/** Milliseconds after which a browser has surely begun to read what it was given. */
const READ = 60_000;

/**
 * @param {Config} settings
 * @param {string} ending Of the name.
 * @param {object} [of]
 * @param {string} [of.network] Of which network it is, if not of all that are chosen.
 * @param {number} [of.iteration] Of which iteration it is, if not of the whole run.
 */
export function fileName(settings, ending, { network = settings.network, iteration } = {}) {
  const { digits, seed, start, at } = settings;
  const written = new Map(writtenSettings(settings)).get('digit') ?? '';
  const parts = [
    `actmax-${network.replaceAll(',', '-')}`,
    `${digits.length === 1 ? 'digit' : 'digits'}-${written.replaceAll(',', '-')}`,
    start === '' ? `seed-${seed}` : `from-${start.startsWith('mean') ? start : 'drawing'}`,
    at !== undefined && iteration !== undefined ? `at-${iteration}` : '',
  ];
  return parts.filter((part) => part !== '').join('-') + ending;
}

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ);
}
