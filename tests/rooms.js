// @ts-check
// Prints which room of src/ imports which:
//
//   node tests/rooms.js        a line a room, with how many files of it import from which other room
//
// Fails where an import points up the list of rooms, so that there can be no circle.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** From the door down: a room imports only from those below it. */
const ROOMS = ['web', 'run', 'fused', 'training', 'reference', 'task', 'import', 'network', 'colormap', 'number'];

/**
 * The code of a file, without comments.
 *
 * @param {string} path
 */
function codeOf(path) {
  return readFileSync(path, 'utf8').replaceAll(/\/\/.*/g, '');
}

/**
 * The rooms that a file names, with `crate::` or in braces behind it.
 *
 * @param {string} code
 */
function named(code) {
  const whole = [...code.matchAll(/\bcrate::(\w+)/g)].map(([, name]) => name);
  const braces = [...code.matchAll(/\bcrate::\{([^;]*)\};/g)].flatMap(([, names]) => names.match(/\w+/g) ?? []);
  return new Set([...whole, ...braces].filter((name) => ROOMS.includes(name)));
}

/** @type {Map<string, Map<string, string[]>>} For each room, the files that import from another. */
const imports = new Map(ROOMS.map((room) => [room, new Map()]));

for (const file of readdirSync(SRC, { recursive: true, encoding: 'utf8' }).sort()) {
  const room = file.split('/')[0].replace(/\.rs$/, '');
  const from = imports.get(room);
  if (!file.endsWith('.rs') || !from) {
    continue; // lib.rs names them all; the program in bin/ uses the crate as others do.
  }
  for (const other of named(codeOf(join(SRC, file)))) {
    if (other !== room) {
      from.set(other, [...(from.get(other) ?? []), file]);
    }
  }
}

let upward = false;
for (const room of ROOMS) {
  const others = ROOMS.filter((it) => imports.get(room)?.has(it));
  const counted = others.map((it) => `${it} (${imports.get(room)?.get(it)?.length})`);
  console.log(`${room.padEnd(10)} → ${counted.join(', ') || 'none'}`);
  for (const other of others.filter((it) => ROOMS.indexOf(it) < ROOMS.indexOf(room))) {
    upward = true;
    for (const file of imports.get(room)?.get(other) ?? []) {
      console.error(`error: src/${file} imports from ${other}, which stands above ${room}.`);
    }
  }
}
process.exitCode = upward ? 1 : 0;
