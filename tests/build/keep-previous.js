// @ts-check
// Puts the files of the version that is published beside those of the one that will be:
//
//   node tests/build/keep-previous.js ADDRESS [FOLDER]
//
// Pages that are open, or that a browser keeps for ten minutes, still ask for them by their names. Files of two
// versions cannot be taken for each other: the names have hashes.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../www/dist', import.meta.url));

/** Where the names of all files of a version stand, or begin to. */
const FIRST = 'service-worker.js';
/** As the build names files. */
const NAMED = /[\w.-]+-[\w-]{8}\.(?:js|css|wasm|safetensors)\b/g;

/**
 * @param {string} address Of the site, with a slash at its end.
 * @param {string} folder
 * @returns {Promise<string[]>} The files that were added.
 */
export async function keepPrevious(address, folder) {
  const paths = new Set([FIRST]);
  const added = [];
  for (const path of paths) {
    const response = await fetch(new URL(path, address));
    if (!response.ok) {
      continue; // Nothing is published yet, or the name only looks like one.
    }
    const bytes = Buffer.from(await response.arrayBuffer());
    if (path.endsWith('.js')) {
      bytes.toString().match(NAMED)?.forEach((name) => paths.add(`assets/${name}`));
    }
    if (path !== FIRST && !existsSync(join(folder, path))) {
      writeFileSync(join(folder, path), bytes);
      added.push(path);
    }
  }
  return added;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [address, folder = DIST] = process.argv.slice(2);
  if (!address) {
    throw new Error('Usage: node tests/build/keep-previous.js ADDRESS [FOLDER]');
  }
  const added = await keepPrevious(`${address.replace(/\/$/, '')}/`, folder);
  console.log(`${added.length} files of the version before are kept.`);
}
