// @ts-check
// Measures the steps on WebGPU in Node, beside TensorFlow.js and jax-js: for machines that have a GPU
// and no browser. What it runs is the very folder that carry.js makes.
//
//   ./build.sh bench --node                   or: node tests/bench/node.js
//   ./build.sh bench --node --rounds 15       medians of so many rounds; seven, if nothing is said
//   ./build.sh bench --node --carry DIR       makes the folder, and runs nothing
//
// Ends with 1 when a candidate computes something else than this project, or fails.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { carry } from './carry.js';
import { given, roundsOf } from './options.js';

const { values } = given(
  /** @type {const} */ ({ rounds: { type: 'string', default: '7' }, carry: { type: 'string' } }),
);
const rounds = roundsOf(values.rounds);
if (values.carry !== undefined) {
  await carry(values.carry);
  console.log(`Carry ${values.carry} to the other machine and start it there: node start.js`);
} else {
  const folder = fileURLToPath(new URL('../../target/bench-node/', import.meta.url));
  await rm(folder, { recursive: true, force: true });
  await carry(folder);
  const { status } = spawnSync(process.execPath, [`${folder}start.js`, '--rounds', String(rounds)], { stdio: 'inherit' });
  if (existsSync(`${folder}results`)) {
    await cp(`${folder}results`, fileURLToPath(new URL('results', import.meta.url)), { recursive: true });
  }
  process.exit(status ?? 1);
}
