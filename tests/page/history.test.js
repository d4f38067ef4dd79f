// @ts-check
// What is kept of a run: never more than 16 MB of frames, in whatever order somebody looks at them, and always
// what is near the place on show.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { History } from '../../www/src/player/history.ts';
import { MODULES, browserAndServer, open } from './browser.js';

const MOST_BYTES = 16e6;

/** @param {History[]} histories @returns {number} Bytes of all frames, as they lie in memory. */
function bytes(...histories) {
  const parts = histories.flatMap((it) => it.snapshots.flatMap(({ images, state }) => [images.buffer, state.buffer]));
  return [...new Set(parts)].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** A snapshot of so many rows. @param {number} rows @param {number} iteration @param {number} made */
function snapshot(rows, iteration, made) {
  // As the modules give it: parts of one array, with the trace behind them.
  const numbers = new Float32Array(rows * (4 * 784 + 11 + 11 * made)).fill(iteration);
  const part = (/** @type {number} */ from, /** @type {number} */ to) => numbers.subarray(rows * from, rows * to);
  return {
    iteration,
    images: part(0, 784),
    state: part(784, 4 * 784),
    now: part(4 * 784, 4 * 784 + 11),
    trace: part(4 * 784 + 11, 4 * 784 + 11 + 11 * made),
  };
}

const SETTINGS = { target: 0.9, learningRate: 0.005 };

/**
 * A run that has been played.
 *
 * @param {number} rows
 * @param {number} steps
 * @param {number} piece
 * @param {number} [networks]
 */
function played(rows, steps, piece, networks) {
  const history = new History(Array.from({ length: rows }, (_, row) => row % 10), { networks });
  history.add(snapshot(rows, 0, 0), SETTINGS);
  for (let made = 0; made < steps; ) {
    const count = Math.min(piece, steps - made);
    made += count;
    history.add(snapshot(rows, made, count), SETTINGS);
    assert.ok(bytes(history) <= MOST_BYTES / (networks ?? 1));
  }
  return history;
}

/** The largest distance between frames, in iterations. @param {History} history */
function largestGap({ snapshots }) {
  return Math.max(...snapshots.slice(1).map(({ iteration }, at) => iteration - snapshots[at].iteration));
}

/** Looks at an iteration, as `Experiment.recall` does. @param {History} history @param {number} place */
function look(history, place) {
  const { iteration } = history.at(place);
  if (iteration < place) {
    history.insert(snapshot(history.digits.length, place, place - iteration), place);
  }
  assert.equal(history.at(place).iteration, place, 'what is on show is there');
  assert.equal(history.at(place).images[0], place);
}

/** The same numbers every time. @param {number} most */
function random(most) {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state % (most + 1);
  };
}

/** @type {Record<string, (steps: number) => number[]>} Places, in the order in which somebody looks at them. */
const WAYS = {
  forwards: (steps) => Array.from({ length: steps + 1 }, (_, at) => at),
  backwards: (steps) => Array.from({ length: steps + 1 }, (_, at) => steps - at),
  'to and fro': (steps) => Array.from({ length: 1000 }, (_, at) => Math.round((steps / 2) * (1 + Math.sin(at / 40)))),
  anywhere: (steps) => Array.from({ length: 1000 }, random(steps)),
  'around one place': (steps) => Array.from({ length: 1000 }, (_, at) => Math.floor(steps / 3) + (at % 41) - 20),
};

for (const [rows, steps, networks] of [
  [10, 500, 1],
  [10, 5000, 1],
  [10, 500, 3],
  [10, 5000, 3],
  [1, 3000, 1],
  [1, 3000, 19],
  [10, 300, 19],
  [100, 400, 2],
]) {
  describe(`${rows} × ${steps} of ${networks} networks`, () => {
    for (const [way, places] of Object.entries(WAYS)) {
      test(`looked at ${way}`, () => {
        const history = played(rows, steps, 7, networks);
        const even = steps / history.most;
        let most = 0;
        const all = places(steps);
        for (const place of all) {
          look(history, place);
          most = Math.max(most, bytes(history));
        }
        const allowed = Math.max(MOST_BYTES / networks, 3 * rows * 4 * 784 * 4);
        assert.ok(most <= allowed, `${most} bytes`);
        assert.deepEqual([history.snapshots[0].iteration, history.snapshots.at(-1)?.iteration], [0, steps]);
        const order = history.snapshots.map(({ iteration }) => iteration);
        assert.deepEqual(order, [...new Set(order)].sort((a, b) => a - b));
        const gap = largestGap(history);
        assert.ok(gap <= Math.max(8, 4 * even), `${gap} iterations without a snapshot, ${even} if all were even`);
        // What was looked at last is still there, but for the memory that it takes.
        const recent = new Set(all.slice(-3));
        const place = /** @type {number} */ (all.at(-1));
        if (way !== 'anywhere' && history.most > 16) {
          for (const it of recent) {
            assert.equal(history.at(it).iteration, it, `${it} is not there any more, ${place} is on show`);
          }
        }
      });
    }

    test('steps between looks do not thin it out', () => {
      const history = played(rows, steps, 7, networks);
      const pick = random(steps);
      for (let time = 0; time < 50; time += 1) {
        for (let looks = 0; looks < 40; looks += 1) {
          look(history, pick());
        }
        history.add(snapshot(rows, history.iteration + 1, 1), SETTINGS);
        assert.ok(bytes(history) <= Math.max(MOST_BYTES / networks, 3 * rows * 4 * 784 * 4));
      }
      const even = history.iteration / history.most;
      assert.ok(largestGap(history) <= Math.max(8, 4 * even), `${largestGap(history)}, ${even} if all were even`);
    });
  });
}

test('what is on show stays while a run is restarted', () => {
  const history = new History([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  history.add(snapshot(10, 0, 0), SETTINGS, 1700);
  for (let made = 10; made <= 5000; made += 10) {
    history.add(snapshot(10, made, 10), SETTINGS, 1700);
  }
  assert.equal(history.at(1700).iteration, 1700);
  assert.ok(bytes(history) <= MOST_BYTES);
});

const { browser, server } = await browserAndServer(MODULES);

test('an experiment of four networks keeps 16 MB in all, and shows what it is asked for', async (context) => {
  const { page } = await open(browser, `${server.url}icon.svg`);
  const it = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const { Experiment } = await import(/** @type {any} */ ('/src/player/experiment.js'));
    const { readConfig } = await import(/** @type {any} */ ('/src/settings/config.js'));
    const engine = await Engine.start({ backend: 'cpu' });
    const settings = { target: 0.9, learningRate: 0.005 };
    const { config } = readConfig(new URLSearchParams('network=all&digit=all&seed=2'));
    const experiment = await Experiment.begin(engine, config);
    const bytes = () =>
      experiment.networkResults
        .flatMap((/** @type {any} */ { history }) => history.snapshots)
        .reduce((/** @type {number} */ sum, /** @type {any} */ it) => sum + it.images.buffer.byteLength + it.state.buffer.byteLength, 0);
    let most = 0;
    for (let made = 0; made < 500; made += 4) {
      await experiment.advance(4, settings);
      most = Math.max(most, bytes());
    }
    for (let looks = 0; looks < 120; looks += 1) {
      experiment.place = (looks * 193) % 501;
      await experiment.recall(experiment.place);
      most = Math.max(most, bytes());
    }
    // What was made again is what was there when it was played.
    const again = await Experiment.begin(engine, config);
    await again.advance(experiment.place, settings);
    const same = experiment.networkResults.map((/** @type {any} */ { history }, /** @type {number} */ index) => {
      const other = again.networkResults[index].history.at(experiment.place);
      return String(history.at(experiment.place).images) === String(other.images);
    });
    return { most, same };
  });
  context.diagnostic(`${(it.most / 1e6).toFixed(1)} MB`);
  assert.ok(it.most <= MOST_BYTES && it.most > 12e6, `${it.most} bytes`);
  assert.deepEqual(it.same, [true, true, true, true]);
  await page.close();
});
