// @ts-check
// Experiments that come and go faster than their frames: each is given back, once, and none while it
// is at work.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BatchSizer } from '../../www/src/engine/batch-sizer.js';
import { Player } from '../../www/src/player/player.js';

/** An experiment whose frames take a while, and a record of what becomes of it. */
function slow() {
  const it = { iteration: 0, working: false, advances: 0, freed: 0, freedAtWork: false };
  return {
    it,
    experiment: /** @type {any} */ ({
      iteration: 0,
      kind: () => 'slow',
      async advance(/** @type {number} */ count) {
        this.iteration += count;
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

test('without an experiment, nothing is played to an end', async () => {
  /** @type {string[]} */
  const states = [];
  const it = new Player({
    course: () => ({ settings: { target: 0.9, learningRate: 0.005 }, iterations: 50, pace: Infinity }),
    onFrame: () => {},
    onState: (state) => states.push(state),
    onError: (error) => assert.fail(String(error)),
  });
  await it.play();
  await it.load(slow().experiment, wanted);
  await it.unload();
  await it.play();
  assert.ok(!states.includes('done') && !states.includes('playing'), `${states}`);
});

test('what is played while its last frame is awaited stops for the next', async () => {
  Object.assign(globalThis, { requestAnimationFrame: (/** @type {(now: number) => void} */ next) => setTimeout(() => next(performance.now()), 5) });
  const it = player();
  const [first, second] = [slow(), slow()];
  await it.load(first.experiment, wanted);
  it.step();
  const load = it.load(second.experiment, wanted);
  await null;
  it.play();
  await load;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual([first.it.freed, first.it.freedAtWork, second.experiment.iteration], [1, false, 0]);
});

test('a frame that fails is told, and what follows goes on', async () => {
  /** @type {string[]} */
  const told = [];
  const it = new Player({
    course: () => ({ settings: { target: 0.9, learningRate: 0.005 }, iterations: 50, pace: Infinity }),
    onFrame: () => told.push('frame'),
    onState: () => {},
    onError: (error) => told.push(String(error)),
  });
  const { experiment } = slow();
  const { advance } = experiment;
  experiment.advance = () => Promise.reject(new Error('no'));
  assert.equal(await it.load(experiment, wanted), false);
  experiment.advance = advance;
  await it.step();
  assert.deepEqual(told, ['Error: no', 'frame']);
  assert.equal(await it.load(slow().experiment, wanted), true);
});

test('the speed is a number, whatever the clock says', async (context) => {
  // As browsers have it that hide from whom they are told apart: it moves every 100 milliseconds.
  const now = performance.now.bind(performance);
  context.mock.method(performance, 'now', () => 100 * Math.floor(now() / 100));
  Object.assign(globalThis, { requestAnimationFrame: (/** @type {(now: number) => void} */ next) => setTimeout(() => next(performance.now()), 5) });
  const it = player();
  const { experiment } = slow();
  experiment.advance = async function (/** @type {number} */ count) {
    this.iteration += count;
  };
  await it.load(experiment, wanted);
  await it.play();
  assert.equal(experiment.iteration, 50);
  await it.step();
  assert.ok(Number.isFinite(it.speed), `${it.speed} a second`);
});

test('pieces are whole numbers of iterations, whatever they took', () => {
  for (const time of [0, 1e-9, 0.3, 7, 5000]) {
    const batchSizer = new BatchSizer();
    for (const count of [30, 1, 1, 7, 2, 1, 1, 1]) {
      const next = batchSizer.next('', 8);
      assert.ok(Number.isInteger(next) && next >= 1, `${next}`);
      batchSizer.record(count, time * count);
    }
    const next = batchSizer.next('', 8);
    assert.ok(Number.isInteger(next) && next >= 1, `${next}`);
  }
});
