// @ts-check
// A hundredth of a long lecture: what is held does not grow. `./build.sh soak` is the whole of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { rare } from './nightly.js';
import { LECTURE, growth, leaks, soak } from './soaking.js';

test('a hundredth of a long lecture leaves nothing behind', { skip: rare }, async (context) => {
  const { steps, resets, switches, elements } = LECTURE;
  const use = { steps: steps / 100, resets: resets / 100, switches: switches / 100, elements: elements / 100 };
  const samples = await soak('cpu', use, 12);
  for (const what of /** @type {const} */ (['wasm', 'heap', 'buffers', 'dom', 'nodes', 'listeners', 'runs'])) {
    const { before, after } = growth(samples, what);
    context.diagnostic(`${what}: ${before} after the warm-up, ${after} at the end`);
  }
  assert.deepEqual(leaks(samples), []);
});
