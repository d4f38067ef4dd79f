// Files: what they are called, and how they get to the disk.
//
//   actmax-mlp-digit-3-seed-1.png, actmax-lenet5-digits-all-from-mean3-at-20-image.npy

import { type Config, writtenSettings } from '../../settings/config.ts';

/** Milliseconds after which a browser has surely begun to read what it was given. */
const READ = 60_000;

/** @param ending Of the name. */
export function fileName(
  settings: Config,
  ending: string,
  { network = settings.network, iteration }: {
    /** Of which network it is, if not of all that are chosen. */
    network?: string;
    /** Of which iteration it is, if not of the whole run. */
    iteration?: number;
  } = {},
) {
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

export function download(blob: Blob, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ);
}
