// @ts-check
// Experiments that come and go faster than their frames: each is given back, once, and none while it
// is at work.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Player } from '../../www/player.js';

/** An experiment whose frames take a while, and a record of what becomes of it. */
function slow() {
  const it = { iteration: 0, working: false, advances: 0, freed: 0, freedAtWork: false };
  return {
    it,
    experiment: /** @type {any} */ ({
      iteration: 0,
      async advance() {
        it.advances += 1;
        it.working = true;
        await new Promise((resolve) => setTimeout(resolve, 20));
        it.working = false;
      },
      free() {
        it.freed += 1;
        it.freedAtWork ||= it.working;
      },
    }),
  };
}

function player() {
  return new Player({
    course: () => ({ settings: { target: 0.9, learningRate: 0.005 }, iterations: 50, pace: Infinity }),
    onFrame: () => {},
    onState: () => {},
    onError: (error) => assert.fail(String(error)),
  });
}

const wanted = () => true;

test('one after another, each before the last has drawn its first frame', async () => {
  const it = player();
  const all = Array.from({ length: 5 }, slow);
  const loads = all.map(({ experiment }) => it.load(experiment, wanted));
  await Promise.all(loads);
  assert.deepEqual(all.map(({ it }) => it.freed), [1, 1, 1, 1, 0]);
  assert.ok(all.every(({ it }) => !it.freedAtWork));
});

test('two that come while the one before them is at work', async () => {
  const it = player();
  const [first, second, third] = [slow(), slow(), slow()];
  await it.load(first.experiment, wanted);
  it.step();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([it.load(second.experiment, wanted), it.load(third.experiment, wanted)]);
  assert.deepEqual([first, second, third].map(({ it }) => it.freed), [1, 1, 0]);
  assert.ok([first, second, third].every(({ it }) => !it.freedAtWork));
});

test('one that is let go before it is there', async () => {
  const it = player();
  const [first, second] = [slow(), slow()];
  await it.load(first.experiment, wanted);
  it.step();
  const load = it.load(second.experiment, wanted);
  await it.unload();
  await load;
  assert.deepEqual([first.it.freed, second.it.freed], [1, 1]);
});

test('one that is not wanted any more is given back without a frame', async () => {
  const it = player();
  const { it: of, experiment } = slow();
  await it.load(experiment, () => false);
  assert.deepEqual([of.advances, of.freed], [0, 1]);
});
