// @ts-check
// Lists what the page needs, and which bytes it has:
//
//   node tests/offline-list.js      writes www/vendor/integrity.js and www/vendor/offline.js, after
//                                   www/vendor/figure-styles.js, which is listed too
//
// The first is for the page, which checks what it computes with; the second for
// www/service-worker.js, which keeps all of it for when there is no network.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { writeFigureStyles } from './figure-styles.js';

const WWW = fileURLToPath(new URL('../www', import.meta.url));

const INTEGRITY = 'vendor/integrity.js';
/** The list, below www/. The worker has this one anyway, and itself too. */
const LIST = 'vendor/offline.js';

/** What no page asks for by its name. */
const UNUSED = /(^|\/)(\.|LICENSE$)|\.d\.m?ts$|\.md$|\.(br|gz)$|^screenshot.*\.png$|^service-worker\.js$|^src\/figure\/figure\.css$|^vendor\/uPlot\.min\.css$/;

/** Ten megabytes that only a GPU has a use for: kept once they have been used. */
const LATER = /^pkg\/webgpu\//;

/** What the page fetches and computes with; see download.js. */
const COMPUTED_WITH = /^pkg\/.*\.(js|wasm)$|^weights\//;

/** Pages are not checked: hosts add to them, as their statistics. */
const UNCHECKED = /\.html$/;

/**
 * @typedef {object} List
 * @property {string} version Another one when any of the files is.
 * @property {string[]} files What is kept from the first visit on.
 * @property {string[]} later What is kept once it has been used.
 * @property {Record<string, string>} hashes SHA-256 in base64 of those that are checked.
 */

/** @returns {List} */
export function offlineList() {
  const all = paths().filter((path) => path !== LIST);
  const hash = createHash('sha256');
  for (const file of all) {
    hash.update(`${file}\0`).update(readFileSync(join(WWW, file)));
  }
  return {
    version: hash.digest('hex').slice(0, 16),
    files: all.filter((file) => !LATER.test(file)),
    later: all.filter((file) => LATER.test(file)),
    hashes: hashesOf(all.filter((file) => !UNCHECKED.test(file))),
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

/** The module that tells the page which bytes it is to compute with. */
export function integrityModule() {
  const hashes = hashesOf(paths().filter((path) => COMPUTED_WITH.test(path)));
  return `import { expectFiles } from '../src/engine/integrity.js';

expectFiles(new URL('../', import.meta.url), ${JSON.stringify(hashes, undefined, 1)});
`;
}

/** All files of www/ that a page may ask for. */
function paths() {
  return readdirSync(WWW, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !UNUSED.test(path) && statSync(join(WWW, path)).isFile())
    .sort();
}

/** @param {string[]} files */
function hashesOf(files) {
  const hash = (/** @type {string} */ file) =>
    createHash('sha256').update(readFileSync(join(WWW, file))).digest('base64');
  return Object.fromEntries(files.map((file) => [file, hash(file)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFigureStyles();
  writeFileSync(join(WWW, INTEGRITY), integrityModule()); // Before the list: it is in it.
  writeFileSync(join(WWW, LIST), offlineScript(offlineList()));
}
