// @ts-check
// Lists, for www/service-worker.js, what the page needs where there is no network:
//
//   node tests/offline-list.js      writes www/vendor/offline.js

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WWW = fileURLToPath(new URL('../www', import.meta.url));

/** The list, below www/. The worker has this one anyway, and itself too. */
const LIST = 'vendor/offline.js';

/** What no page asks for. */
const UNUSED = /(^|\/)(\.|LICENSE$)|\.d\.m?ts$|\.md$|^screenshot.*\.png$|^service-worker\.js$/;

/** Ten megabytes that only a GPU has a use for: kept once they have been used. */
const LATER = /^pkg\/webgpu\//;

/**
 * @typedef {object} List
 * @property {string} version Another one when any of the files is.
 * @property {string[]} files What is kept from the first visit on.
 * @property {string[]} later What is kept once it has been used.
 */

/** @returns {List} */
export function offlineList() {
  const all = readdirSync(WWW, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path !== LIST && !UNUSED.test(path) && statSync(join(WWW, path)).isFile())
    .sort();
  const hash = createHash('sha256');
  for (const file of all) {
    hash.update(`${file}\0`).update(readFileSync(join(WWW, file)));
  }
  return {
    version: hash.digest('hex').slice(0, 16),
    files: all.filter((file) => !LATER.test(file)),
    later: all.filter((file) => LATER.test(file)),
  };
}

/**
 * As the script that the worker loads: the browser then sees in it that there is a new version.
 *
 * @param {List} list
 */
export function offlineScript(list) {
  return `self.OFFLINE = ${JSON.stringify(list, undefined, 1)};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(WWW, LIST), offlineScript(offlineList()));
}
