// @ts-check
// How long is waited, and for what not at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AdaptiveTimeout, withinTime } from '../../www/src/engine/timeout.ts';

/** Lets what is due happen. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a wait ends with a sentence, and leaves no timer', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const late = assert.rejects(withinTime(new Promise(() => {}), 1000, 'Too late.'), /^Error: Too late\.$/);
  for (let part = 0; part < 4; part += 1) {
    context.mock.timers.tick(250);
  }
  await late;
  assert.equal(await withinTime(Promise.resolve(3), 1000, 'Too late.'), 3);
});

test('a machine that sleeps has not waited meanwhile', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let state = 'waiting';
  withinTime(new Promise(() => {}), 1000, 'Too late.').catch(() => (state = 'over'));
  context.mock.timers.tick(3_600_000);
  await turn();
  assert.equal(state, 'waiting');
  for (let part = 0; part < 3; part += 1) {
    context.mock.timers.tick(250);
  }
  await turn();
  assert.equal(state, 'over');
});

test('a wait that is called off ends at once, before it began too', async () => {
  const end = new AbortController();
  const called = withinTime(new Promise(() => {}), 60_000, 'Too late.', end.signal);
  end.abort(new Error('broken'));
  await assert.rejects(called, /^Error: broken$/);
  await assert.rejects(withinTime(Promise.reject(new Error('unseen')), 60_000, 'Too late.', end.signal), /broken/);
});

test('what has been done three times is not waited for much longer than it takes', () => {
  const timeout = new AdaptiveTimeout();
  assert.equal(timeout.milliseconds('a', 5), 60_000);
  for (let times = 0; times < 3; times += 1) {
    assert.equal(timeout.milliseconds('a', 5), 60_000);
    timeout.took('a', 5, 10);
  }
  assert.equal(timeout.milliseconds('a', 5), 2000);
  assert.equal(timeout.milliseconds('a', 5000), 100_000); // 2 ms each, ten times over.
  assert.equal(timeout.milliseconds('b', 5), 60_000); // There may be shaders to compile.
  timeout.took('b', 1, 8000);
  assert.equal(timeout.milliseconds('b', 1), 80_000);
  timeout.took('a', 1, 300);
  timeout.took('a', 1, 300);
  timeout.took('a', 1, 300);
  assert.equal(timeout.milliseconds('a', 1), 3000);
});
