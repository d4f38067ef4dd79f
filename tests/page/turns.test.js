// @ts-check
// What takes long is made in pieces, each bounded by its work and by how long the last took; the page has its
// turn in between, and the pieces together are what one call would be.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MODULES, browserAndServer, open } from './browser.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer(MODULES);

/** A page that runs nothing but an engine, and keeps what is asked of its module. */
async function engine() {
  const { page } = await open(browser, `${server.url}icon.svg`);
  await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const engine = await Engine.start({ backend: 'cpu' });
    const address = performance.getEntriesByType('resource').map(({ name }) => name).find((it) => it.includes('actmax.js?'));
    const { Run } = await import(/** @type {any} */ (String(address))); // The module that the engine has.
    const launches = { counts: /** @type {number[]} */ ([]), over: 0, longest: 0 };
    const { step } = Run.prototype;
    Run.prototype.step = function (/** @type {number} */ count, /** @type {string} */ settings) {
      launches.counts.push(count);
      launches.over += Number(count > this.largestStep(settings));
      const began = performance.now();
      step.call(this, count, settings);
      launches.longest = Math.max(launches.longest, performance.now() - began);
    };
    /** How often others have had their turn while something was awaited. */
    const during = async (/** @type {Promise<any>} */ promise) => {
      let turns = 0;
      let there = false;
      promise.finally(() => (there = true)).catch(() => {});
      while (!there) {
        await new Promise((resolve) => setTimeout(resolve));
        turns += Number(!there);
      }
      return { value: await promise, turns };
    };
    const settings = { target: 0.9, learningRate: 0.005 };
    Object.assign(window, { engine, launches, during, settings });
  });
  return page;
}

test('a long call is made in pieces, and is the same as many short ones', async (context) => {
  const page = await engine();
  const it = await page.evaluate(async () => {
    const { engine, launches, during, settings } = /** @type {any} */ (window);
    const begin = { network: 'lenet5', digits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], seed: 1, noiseStd: 0.01 };
    const [run, other] = [await engine.begin(begin), await engine.begin(begin)];
    const { value: snapshot, turns } = await during(run.advance(1000, settings));
    const { counts, over, longest } = launches;
    launches.counts = [];
    const trace = [];
    let last;
    for (let made = 0; made < 1000; made += 8) {
      last = await other.advance(8, settings);
      trace.push(...last.trace);
    }
    return {
      counts,
      over,
      turns,
      longest,
      iteration: snapshot.iteration,
      same: [
        String(snapshot.trace) === String(trace),
        String(snapshot.state) === String(last.state),
        String(snapshot.images) === String(last.images),
        String(snapshot.now) === String(last.now),
      ],
    };
  });
  context.diagnostic(`${it.counts.length} launches, ${it.turns} turns, ${it.longest.toFixed(1)} ms at most`);
  assert.deepEqual([it.iteration, it.over, it.same], [1000, 0, [true, true, true, true]]);
  assert.equal(it.counts.reduce((/** @type {number} */ sum, /** @type {number} */ count) => sum + count, 0), 1000);
  assert.ok(it.counts.length >= 20 && it.turns >= 10, `${it.counts.length} launches, ${it.turns} turns`);
  assert.equal(it.counts[0], 1, 'nobody knows yet how long one takes');
  await page.close();
});

test('a snapshot of an earlier iteration is made in pieces, too', async () => {
  const page = await engine();
  const it = await page.evaluate(async () => {
    const { engine, launches, during, settings } = /** @type {any} */ (window);
    const begin = { network: 'lenet5', digits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], seed: 1, noiseStd: 0.01 };
    const run = await engine.begin(begin);
    const start = await run.advance(0, settings);
    const wanted = await run.advance(600, settings);
    launches.counts = [];
    const steps = [{ count: 350, settings }, { count: 250, settings }];
    const { value: snapshot, turns } = await during(engine.replay(begin, start, steps));
    return { counts: launches.counts, over: launches.over, turns, same: String(snapshot.state) === String(wanted.state) };
  });
  assert.deepEqual([it.over, it.same], [0, true]);
  assert.ok(it.counts.length >= 12 && it.turns >= 6, `${it.counts.length} launches, ${it.turns} turns`);
  await page.close();
});

/** Brings a network of 42 million multiplications. Runs in the page. */
async function bringHeavy() {
  const { addNetwork } = await import(/** @type {any} */ ('/src/engine/networks.js'));
  /** @type {Record<string, any>} */
  const header = {};
  let end = 0;
  for (const [name, shape] of /** @type {[string, number[]][]} */ ([
    ['conv1.weight', [64, 1, 5, 5]],
    ['conv1.bias', [64]],
    ['conv2.weight', [64, 64, 5, 5]],
    ['conv2.bias', [64]],
    ['fc1.weight', [10, 25_600]],
    ['fc1.bias', [10]],
  ])) {
    const begin = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header).padEnd(600));
  const bytes = new Uint8Array(8 + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  const numbers = new Float32Array(bytes.buffer, 8 + text.length);
  for (const at of numbers.keys()) {
    numbers[at] = Math.sin(at) / 100;
  }
  addNetwork('own-heavy', {
    name: 'Heavy',
    layers: [['conv1', 64], ['conv2', 64]],
    source: { bytes, options: '{}' },
    description: '',
    parameters: 0,
    options: {},
    reads: 0,
  });
}

test('a network of 42 million multiplications: an iteration at a time, and none once it is freed', async (context) => {
  const page = await engine();
  await page.evaluate(bringHeavy);
  const it = await page.evaluate(async () => {
    const { engine, launches, during, settings } = /** @type {any} */ (window);
    const run = await engine.begin({ network: 'own-heavy', digits: [3, 8], seed: 1, noiseStd: 0.01 });
    const { value: snapshot, turns } = await during(run.advance(4, settings));
    const { counts, longest } = launches;
    launches.counts = [];
    const said = run.advance(500, settings).catch((/** @type {Error} */ error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 50));
    run.free();
    const stopped = launches.counts.length;
    const message = await said;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = launches.counts.length;
    return { counts, turns, longest, iteration: snapshot.iteration, message, more: after - stopped, status: engine.status };
  });
  context.diagnostic(`an iteration of two images takes ${it.longest.toFixed(0)} ms`);
  assert.deepEqual([it.counts, it.iteration], [[1, 1, 1, 1], 4]);
  assert.ok(it.turns >= 2, `${it.turns} turns`);
  assert.equal(it.message, 'The run has been freed, and can make no more iterations. Begin another.');
  assert.equal(it.more, 0);
  assert.deepEqual(it.status, { backend: 'cpu', brief: 'as asked for', reason: 'The CPU was asked for.' });
  await page.close();
});

test('a hundred images are asked about in ten pieces', async () => {
  const page = await engine();
  const it = await page.evaluate(async () => {
    const { engine, during } = /** @type {any} */ (window);
    const prototypes = await engine.prototypes();
    const { value: answers, turns } = await during(engine.probabilities('lenet5', prototypes));
    const single = await Promise.all([0, 55, 99].map((at) => engine.probabilities('lenet5', prototypes.subarray(784 * at, 784 * (at + 1)))));
    const same = [0, 55, 99].map((at, index) => String(answers[at]) === String(single[index][0]));
    return { length: answers.length, turns, same };
  });
  assert.equal(it.length, 100);
  assert.ok(it.turns >= 3, `${it.turns} turns`);
  assert.deepEqual(it.same, [true, true, true]);
  await page.close();
});
