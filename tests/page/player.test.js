// @ts-check
// Experiments that come and go faster than their frames: each is given back, once, and none while it
// is at work.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BatchSizer } from '../../www/src/engine/batch-sizer.ts';
import { Player } from '../../www/src/player/player.ts';
import { DEFAULTS } from '../../www/src/settings/config.ts';

/** An experiment whose frames take a while, and a record of what becomes of it. */
function slow() {
  const it = { iteration: 0, working: false, advances: 0, freed: 0, freedAtWork: false };
  return {
    it,
    experiment: /** @type {any} */ ({
      networkResults: [],
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

/**
 * A player of these experiments, one after another, that somebody sees. It keeps what it is told.
 *
 * @param {any[]} experiments An error, in place of one that cannot begin.
 */
function playing(...experiments) {
  Object.assign(globalThis, {
    requestAnimationFrame: (/** @type {(now: number) => void} */ next) => setTimeout(() => next(performance.now()), 5),
  });
  /** @type {string[]} */
  const told = [];
  /** @type {any[]} */
  const shown = [];
  const it = new Player({
    begin: async () => {
      const experiment = await experiments.shift();
      if (experiment instanceof Error) {
        throw experiment;
      }
      return { experiment, engine: /** @type {any} */ (undefined) };
    },
    config: () => ({ ...DEFAULTS, steps: 50, pace: 'full' }),
    onTick: () => {},
    onBegin: ({ experiment }) => shown.push(experiment),
    onFrame: () => told.push('frame'),
    onState: (state) => told.push(state),
    onDone: () => told.push('end'),
    onSlow: () => {},
    onError: (error) => told.push(String(error)),
  });
  it.see(true);
  return { it, told, shown };
}

const wait = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('one after another, each before the last has drawn its first frame', async () => {
  const all = Array.from({ length: 5 }, slow);
  const { it, told } = playing(...all.map(({ experiment }) => experiment));
  await Promise.all(all.map(() => it.begin(false)));
  assert.equal(it.experiment, all[4].experiment);
  assert.deepEqual(all.map(({ it }) => it.freed), [1, 1, 1, 1, 0]);
  assert.ok(all.every(({ it }) => !it.freedAtWork));
  assert.ok(!told.some((it) => it.startsWith('Error')), `${told}`);
});

test('two that come while the one before them is at work', async () => {
  const [first, second, third] = [slow(), slow(), slow()];
  const { it } = playing(first.experiment, second.experiment, third.experiment);
  await it.begin(false);
  it.step();
  await wait(5);
  await Promise.all([it.begin(false), it.begin(false)]);
  assert.deepEqual([first, second, third].map(({ it }) => it.freed), [1, 1, 0]);
  assert.ok([first, second, third].every(({ it }) => !it.freedAtWork));
});

test('one that has begun, but not its turn when another comes, is never on show', async () => {
  const [first, second, third] = [slow(), slow(), slow()];
  const { it, shown } = playing(first.experiment, second.experiment, third.experiment);
  await it.begin(false);
  it.step();
  const loads = [it.begin(true)];
  await wait(5);
  assert.equal(first.it.working, true); // The second waits for it.
  loads.push(it.begin(false));
  await Promise.all(loads);
  assert.deepEqual(shown, [first.experiment, third.experiment]);
  assert.deepEqual([first, second, third].map(({ it }) => it.freed), [1, 1, 0]);
  assert.deepEqual([second.it.advances, it.experiment, it.state], [0, third.experiment, 'paused']);
});

test('one that is let go before it is there', async () => {
  const [first, second] = [slow(), slow()];
  const { it } = playing(first.experiment, second.experiment);
  await it.begin(false);
  it.step();
  const load = it.begin(false);
  await it.leave();
  await load;
  assert.deepEqual([first.it.freed, second.it.freed], [1, 1]);
  assert.ok(!first.it.freedAtWork);
  assert.equal(it.experiment, undefined);
});

test('one that is not wanted any more is given back without a frame', async () => {
  const { it: of, experiment } = slow();
  const { it } = playing(experiment);
  const load = it.begin(true);
  await it.leave();
  await load;
  assert.deepEqual([of.advances, of.freed], [0, 1]);
});

test('without an experiment, nothing is played to an end', async () => {
  const { it, told } = playing(new Error('no'), slow().experiment, new Error('still no'));
  it.play();
  await wait(20);
  await it.step();
  it.seek(20);
  it.follow();
  await it.begin(false);
  await it.leave();
  it.play();
  await wait(20);
  assert.deepEqual(told.filter((it) => !['frame', 'paused'].includes(it)), ['Error: no', 'Error: still no']);
  assert.equal(it.state, 'paused');
});

test('what is played while its last frame is awaited stops for the next', async () => {
  const [first, second] = [slow(), slow()];
  const { it } = playing(first.experiment, second.experiment);
  await it.begin(false);
  it.step();
  const load = it.begin(true);
  await null;
  it.play();
  it.pause();
  await load;
  await wait(100);
  assert.deepEqual([first.it.freed, first.it.freedAtWork, second.experiment.iteration], [1, false, 0]);
});

test('one that plays goes on until the next is there, and then stops', async () => {
  const [first, second] = [slow(), slow()];
  let arrive = (/** @type {any} */ _) => {};
  const { it } = playing(first.experiment, new Promise((resolve) => (arrive = resolve)));
  await it.begin(true);
  const load = it.begin(false);
  await wait(100);
  const before = first.experiment.iteration;
  assert.ok(before > 0 && it.state === 'playing', `iteration ${before}, ${it.state}`);
  arrive(second.experiment);
  await load;
  const { iteration } = first.experiment;
  await wait(100);
  assert.deepEqual([first.it.freed, first.it.freedAtWork, first.experiment.iteration], [1, false, iteration]);
  assert.deepEqual([second.experiment.iteration, it.state], [0, 'paused']);
});

test('a frame that fails is told, and what follows goes on', async () => {
  const { experiment } = slow();
  const next = slow().experiment;
  const { it, told } = playing(experiment, next);
  const { advance } = experiment;
  experiment.advance = () => Promise.reject(new Error('no'));
  await it.begin(true);
  experiment.advance = advance;
  await it.step();
  assert.deepEqual(told.filter((it) => it !== 'paused'), ['Error: no', 'frame']);
  await it.begin(false);
  assert.equal(it.experiment, next);
  assert.equal(told.filter((it) => it.startsWith('Error')).length, 1);
});

test('the speed is a number, whatever the clock says', async (context) => {
  // As browsers have it that hide from whom they are told apart: it moves every 100 milliseconds.
  const now = performance.now.bind(performance);
  context.mock.method(performance, 'now', () => 100 * Math.floor(now() / 100));
  const { experiment } = slow();
  const { it, told } = playing(experiment);
  experiment.advance = async function (/** @type {number} */ count) {
    this.iteration += count;
  };
  await it.begin(true);
  while (!told.includes('end')) {
    await wait(10);
  }
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
