// @ts-check
// The JavaScript API in a real browser: what it gives, what it refuses, and a run that moves.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MODULES, browserAndServer, open } from './browser.js';

const { browser, server } = await browserAndServer(MODULES);

/** A page of the same origin that runs nothing. */
async function blank() {
  const { page } = await open(browser, `${server.url}icon.svg`);
  return page;
}

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
  describe(`on ${backend}`, () => {
    test('a snapshot holds what it says', async (context) => {
      const page = await blank();
      const it = await page.evaluate(async (backend) => {
        const { Engine } = await import(/** @type {any} */ ('/engine.js'));
        const engine = await Engine.start({ backend });
        const run = await engine.begin({
          network: 'mlp',
          digits: [3, 7],
          seed: 1,
          noiseStd: 0.01,
        });
        const settings = { target: 0.9, learningRate: 0.005 };
        const noise = await run.advance(0, settings);
        const snapshot = await run.advance(4, settings);
        await run.advance(4, settings); // By now everything is compiled.
        return {
          backend: engine.status.backend,
          iterations: [noise.iteration, snapshot.iteration],
          lengths: [snapshot.images, snapshot.state, snapshot.now, snapshot.trace].map((part) => part.length),
          stateBeginsWithImages: snapshot.images.every(
            (/** @type {number} */ pixel, /** @type {number} */ at) => pixel === snapshot.state[at],
          ),
          sums: [0, 1].map((row) =>
            snapshot.now
              .slice(row * 11, row * 11 + 10)
              .reduce((/** @type {number} */ sum, /** @type {number} */ ln) => sum + Math.exp(ln), 0),
          ),
          losses: [noise.now[10], snapshot.now[10]],
          noise: Array.from(noise.images.slice(0, 4)),
          busy: run.busy / 4,
        };
      }, backend);
      assert.equal(it.backend, backend);
      assert.deepEqual(it.iterations, [0, 4]);
      assert.deepEqual(it.lengths, [2 * 784, 3 * 2 * 784, 2 * 11, 4 * 2 * 11]);
      assert.ok(it.stateBeginsWithImages);
      for (const sum of it.sums) {
        assert.ok(Math.abs(sum - 1) < 1e-5, `the probabilities sum up to ${sum}`);
      }
      assert.ok(it.losses[1] < it.losses[0], `the loss went from ${it.losses[0]} to ${it.losses[1]}`);
      // As in tests/core/maximizer.rs: the same noise everywhere, to the last bit.
      const bits = new Uint32Array(Float32Array.from(it.noise).buffer);
      assert.deepEqual([...bits], [1007780822, 1000401142, 992552013, 1012443935]);
      context.diagnostic(`a step keeps the main thread for ${it.busy.toFixed(2)} ms on ${backend}`);
      await page.close();
    });
  });
}

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
  test(`a network answers without a run on ${backend}, and knows the mean images`, async () => {
    const page = await blank();
    const it = await page.evaluate(async (backend) => {
      const { Engine } = await import(/** @type {any} */ ('/engine.js'));
      const engine = await Engine.start({ backend });
      const means = await engine.means();
      const image = means.slice(3 * 784, 4 * 784);
      const [asked] = await engine.probabilities('mlp', image);
      const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0, image });
      const { now } = await run.advance(0, { target: 0.9, learningRate: 0.005 });
      const all = await engine.meanProbabilities('lenet5');
      return { asked, now: Array.from(now.slice(0, 10), Math.exp), all };
    }, backend);
    for (const [digit, probability] of it.asked.entries()) {
      assert.ok(Math.abs(probability - it.now[digit]) < 1e-5, `p(${digit}) is ${probability}, in a run ${it.now[digit]}`);
    }
    const choices = it.all.map((/** @type {number[]} */ each) => each.indexOf(Math.max(...each)));
    const right = choices.filter((/** @type {number} */ choice, /** @type {number} */ digit) => choice === digit);
    assert.ok(right.length >= 9, `LeNet-5 reads the means as ${choices}`);
    await page.close();
  });
}

test('what cannot be used is refused in words, and the run stays', async () => {
  const page = await blank();
  const refusals = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const engine = await Engine.start({ backend: 'cpu' });
    const good = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 };
    const message = async (/** @type {Promise<unknown>} */ promise) => {
      const error = await promise.then(
        () => new Error('nothing was refused'),
        (reason) => reason,
      );
      return `${error instanceof Error} ${error.message}`;
    };
    const run = await engine.begin(good);
    const heard = [
      await message(engine.begin({ ...good, seed: NaN })),
      await message(engine.begin({ ...good, digits: [3, 10] })),
      await message(engine.begin({ ...good, digits: [] })),
      await message(engine.begin({ ...good, noiseStd: -1 })),
      await message(engine.begin({ ...good, image: new Float32Array(3) })),
      await message(engine.begin({ ...good, network: 'vgg' })),
      await message(engine.probabilities('mlp', new Float32Array(785))),
      await message(engine.probabilities('mlp', new Float32Array(784).fill(NaN, 5))),
      await message(engine.probabilities('vgg', new Float32Array(784))),
      await message(run.advance(1, { target: 1, learningRate: 0.005 })),
      await message(run.advance(1, { target: 0.9, learningRate: NaN })),
      await message(run.advance(1, { target: 0.9, learningRate: 0.1, regularizers: { totalVariation: Infinity } })),
    ];
    const { iteration } = await run.advance(0, { target: 0.9, learningRate: 0.005 });
    return { heard, iteration };
  });
  assert.deepEqual(refusals, {
    heard: [
      'true The seed is NaN. It must be a whole number from 0 to 4294967295.',
      'true The digit is 10. It must be a whole number from 0 to 9.',
      'true The run has 0 digits. It must have 1 to 100.',
      'true The noise has a standard deviation of -1. It must lie between 0 and 1; the lab uses 0.01.',
      'true The start image has 3 pixels for 1 digit(s). It must have 784 (28 × 28), or 784 for each digit.',
      'true There is no network "vgg". There are: mlp, lenet5, control, robust.',
      'true There are 785 pixels. There must be 784 (28 × 28) for each of 1 to 100 images.',
      'true Pixel 5 is NaN. Every pixel must be a finite number.',
      'true There is no network "vgg". There are: mlp, lenet5, control, robust.',
      'true The target probability is 1. It must lie between 0 and 1, both excluded: 0.9 asks for 90% confidence.',
      'true The setting "learningRate" is NaN. It must be a finite number.',
      'true The setting "totalVariation" is Infinity. It must be a finite number.',
    ],
    iteration: 0,
  });
  await page.close();
});

test('a run begins on the CPU and moves to WebGPU without a jump', async () => {
  const page = await blank();
  const it = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const begin = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 };
    const settings = { target: 0.9, learningRate: 0.005 };
    /** @type {string[]} */
    const said = [];
    /** @type {() => void} */
    let found = () => {};
    const waiting = new Promise((resolve) => (found = () => resolve(undefined)));
    const engine = await Engine.start({
      backend: 'auto',
      onStatus: (/** @type {any} */ status) => said.push(status.backend),
      probe: async () => {
        await waiting;
        return { name: 'taken for a hardware adapter', software: false };
      },
      trial: async () => ({ whole: 1, reading: 1, display: 16 }), // It is slower.
    });
    const moving = await engine.begin(begin);
    await moving.advance(5, settings);
    const from = moving.backend;
    found(); // It may be there before a run has begun.
    await engine.upgraded;
    const moved = await moving.advance(5, settings);
    const to = moving.backend;

    const still = await Engine.start({ backend: 'cpu' });
    const whole = await (await still.begin(begin)).advance(10, settings);
    let largest = 0;
    for (const [at, pixel] of whole.images.entries()) {
      largest = Math.max(largest, Math.abs(pixel - moved.images[at]));
    }
    return { from, to, said, iteration: moved.iteration, trace: moved.trace.length, largest };
  });
  assert.deepEqual([it.from, it.to, it.said], ['cpu', 'webgpu', ['cpu', 'webgpu']]);
  assert.deepEqual([it.iteration, it.trace], [10, 5 * 11]);
  assert.ok(it.largest < 1e-5, `a pixel is ${it.largest} off`);
  await page.close();
});

test('a GPU that cannot keep up is not used, one that can is, and the status says why', async () => {
  const page = await blank();
  const it = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const { trial } = await import(/** @type {any} */ ('/src/engine/trial.js'));
    const seen = [];
    for (const display of [0.001, 60_000]) {
      /** @type {any} */
      let frame;
      const engine = await Engine.start({
        probe: async () => ({ name: 'taken for a hardware adapter', software: false }),
        trial: async (/** @type {any[]} */ ...given) => (frame = { ...(await trial(...given)), display }),
      });
      const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });
      await engine.upgraded;
      await run.advance(1, { target: 0.9, learningRate: 0.005 });
      seen.push({ status: engine.status, backend: run.backend, frame });
    }
    return seen;
  });
  const [late, inTime] = it;
  assert.ok(late.frame.whole > late.frame.reading && late.frame.reading > 0, JSON.stringify(late.frame));
  const { reason, ...rest } = late.status;
  assert.match(
    reason,
    /^A frame takes the GPU here \(taken for a hardware adapter\) [\d.]+ ms, of which [\d.]+ ms go into reading the images back; the display shows one every 0\.001 ms\. /,
  );
  assert.deepEqual([rest, late.backend], [{ backend: 'cpu', brief: 'the GPU cannot keep up', retry: true }, 'cpu']);
  assert.deepEqual(
    [inTime.status, inTime.backend],
    [{ backend: 'webgpu', adapter: 'taken for a hardware adapter' }, 'webgpu'],
  );
  await page.close();
});

test('a snapshot leaves nothing behind', async (context) => {
  const page = await blank();
  const devtools = await page.createCDPSession();
  await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const engine = await Engine.start({ backend: 'cpu' });
    const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });
    Object.assign(window, { run }); // As on a page.
  });
  const heapAfter = async (/** @type {number} */ frames) => {
    await page.evaluate(async (frames) => {
      for (let count = 0; count < frames; count += 1) {
        await /** @type {any} */ (window).run.advance(0, { target: 0.9, learningRate: 0.005 });
      }
    }, frames);
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };
  const FRAMES = 2000;
  const before = await heapAfter(FRAMES); // By then everything is compiled.
  const after = await heapAfter(FRAMES);
  const each = (after - before) / FRAMES;
  context.diagnostic(`a snapshot leaves ${each.toFixed(0)} bytes behind`);
  assert.ok(each < 32, `a snapshot leaves ${each} bytes behind`);
  await page.close();
});
