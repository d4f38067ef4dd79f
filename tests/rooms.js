// @ts-check
// Prints which room of src/ imports which, and which of www/src/:
//
//   node tests/rooms.js        a line a room, with how many files of it import from which other room
//
// Fails where an import points up the list of rooms, so that there can be no circle. Types count.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} House
 * @property {string} folder
 * @property {string[]} rooms From the door down: a room imports only from those below it.
 * @property {RegExp} files Those that count.
 * @property {(code: string, file: string) => string[]} imports The rooms that a file names, and other names.
 */

/** @type {House[]} */
const HOUSES = [
  {
    folder: 'src',
    rooms: ['web', 'run', 'fused', 'training', 'reference', 'task', 'import', 'network', 'colormap', 'number'],
    files: /\.rs$/,
    // With `crate::`, or in braces behind it.
    imports(code) {
      const text = code.replaceAll(/\/\/.*/g, '');
      const whole = [...text.matchAll(/\bcrate::(\w+)/g)].map(([, name]) => name);
      return [...whole, ...[...text.matchAll(/\bcrate::\{([^;]*)\};/g)].flatMap(([, names]) => names.match(/\w+/g) ?? [])];
    },
  },
  {
    folder: 'www/src',
    rooms: ['page', 'figure', 'player', 'networks', 'settings', 'engine'],
    files: /\.[jt]s$/,
    imports(code, file) {
      const specifiers = code.matchAll(/\b(?:from|import)[\s(]*'(\.[^']+)'/g);
      return [...specifiers].map(([, path]) => roomOf(normalize(join(dirname(file), path))));
    },
  },
];

/** @param {string} file Within the house. */
function roomOf(file) {
  return file.split('/')[0].replace(/\.rs$/, '');
}

/**
 * Prints what a house's rooms import.
 *
 * @param {House} house
 * @returns {boolean} Whether no import points up.
 */
function print({ folder, rooms, files, imports }) {
  /** For each room, the files that import from another. @type {Map<string, Map<string, string[]>>} */
  const found = new Map(rooms.map((room) => [room, new Map()]));
  for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
    const from = found.get(roomOf(file));
    if (!files.test(file) || !from) {
      continue; // lib.rs names all rooms; the program in bin/ uses the crate as others do.
    }
    for (const other of new Set(imports(readFileSync(join(ROOT, folder, file), 'utf8'), file))) {
      if (other !== roomOf(file) && rooms.includes(other)) {
        from.set(other, [...(from.get(other) ?? []), file]);
      }
    }
  }
  console.log(`${folder}/`);
  let sound = true;
  for (const [room, others] of found) {
    const below = rooms.filter((it) => others.has(it));
    const counted = below.map((it) => `${it} (${others.get(it)?.length})`);
    console.log(`  ${room.padEnd(10)} → ${counted.join(', ') || 'none'}`);
    for (const other of below.filter((it) => rooms.indexOf(it) < rooms.indexOf(room))) {
      sound = false;
      for (const file of others.get(other) ?? []) {
        console.error(`error: ${folder}/${file} imports from ${other}, which stands above ${room}.`);
      }
    }
  }
  return sound;
}

const sound = HOUSES.map(print);
process.exitCode = sound.every(Boolean) ? 0 : 1;
