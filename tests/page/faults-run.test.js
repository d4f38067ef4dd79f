// @ts-check
// A run whose module or GPU breaks down in the middle: it goes on, and nothing shows in its history.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { MODULES, launch, serve } from './browser.js';
import { advance as advanceBy, begun as begunIn, noMemory, panic, record } from './live-run.js';
import { rare } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** Frames before the fault, and after it. */
const FRAMES = 4;
/** Milliseconds that it may take to go on; the bar is two seconds, on a machine that does nothing else. */
const MOST = 10_000;

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  server = await serve(undefined, MODULES);
  browser = await launch('chromium');
});
after(async () => {
  await browser.close();
  await server.close();
});

/** @param {'cpu' | 'webgpu'} backend */
const begun = (backend, where = browser) => begunIn(where, server.url, backend);

/** @param {Page} page */
const advance = (page, frames = FRAMES) => advanceBy(page, frames);

/** @type {Promise<Awaited<ReturnType<typeof record>>> | undefined} */
let undisturbedRun;

/** The same run on the CPU, without a fault. */
function undisturbed() {
  undisturbedRun ??= begun('cpu').then(async (page) => {
    await advance(page, 2 * FRAMES);
    const all = await record(page);
    await page.close();
    return all;
  });
  return undisturbedRun;
}

/**
 * Breaks a run half way.
 *
 * @param {import('node:test').TestContext} context
 * @param {'cpu' | 'webgpu'} backend
 * @param {(page: Page) => Promise<unknown>} fault
 */
async function broken(context, backend, fault, where = browser) {
  const page = await begun(backend, where);
  await advance(page);
  const before = await record(page);
  assert.equal(before.backend, backend, before.status.reason);
  await fault(page);
  const took = await advance(page);
  const it = await record(page);
  context.diagnostic(`the next frame took ${took.toFixed(0)} ms; the reason: ${it.status.reason}`);
  await page.close();
  return { ...it, took, whole: await undisturbed() };
}

for (const [name, fault] of Object.entries({ 'a panic': panic, 'no memory left': noMemory })) {
  test(`${name} on the CPU: the run is the same to the last bit`, { skip: fault === noMemory && rare }, async (context) => {
    const { whole, took, status, ...it } = await broken(context, 'cpu', fault);
    assert.deepEqual([it.state, it.losses], [whole.state, whole.losses]);
    assert.deepEqual([it.iteration, it.kept, it.backend], [16, whole.kept, 'cpu']);
    assert.match(status.reason, /^A fresh CPU module has taken over from one that broke down: /);
    assert.ok(took < MOST, `it took ${took} ms to go on`);
  });
}

/** @type {Record<string, { fault: (page: Page) => Promise<unknown>, says: RegExp }>} */
const ON_WEBGPU = {
  'a device that is destroyed': {
    fault: (page) => page.evaluate(() => /** @type {any} */ (window).device.destroy()),
    says: /^The GPU was lost \(Destroyed: .*\)$|^The device could not be read: /,
  },
  'a GPU that hangs': {
    fault: (page) =>
      page.evaluate(() => {
        GPUBuffer.prototype.mapAsync = () => new Promise(() => {});
      }),
    says: /^The WebGPU module did not answer within [\d.]+ seconds\.$/,
  },
  'a GPU without memory': {
    fault: (page) =>
      page.evaluate(() => {
        const { createBuffer } = GPUDevice.prototype;
        GPUDevice.prototype.createBuffer = function (wanted) {
          return createBuffer.call(this, { ...wanted, size: 2 ** 40, mappedAtCreation: false });
        };
        // A run that goes on as before uses its buffers again: it takes another to need some.
        const { engine } = /** @type {any} */ (window);
        const digits = [0, 1, 2, 3, 4, 5, 6];
        return engine
          .begin({ network: 'mlp', digits, seed: 1, noiseStd: 0.01 })
          .then((/** @type {any} */ run) => run.advance(3, { target: 0.9, learningRate: 0.005 }))
          .then(() => {});
      }),
    says: /./,
  },
  'an exception of WebGPU': {
    fault: (page) =>
      page.evaluate(() => {
        GPUQueue.prototype.submit = () => {
          throw new DOMException('the queue is closed', 'OperationError');
        };
      }),
    says: /^the queue is closed$/,
  },
  'a panic on WebGPU': { fault: panic, says: /^The WebGPU module broke down: .*/ },
  'no memory left on WebGPU': {
    fault: noMemory,
    says: /^The WebGPU module (broke down|did not answer)/,
  },
};

/**
 * The run is what it is without a fault, as far as a GPU and a CPU agree.
 *
 * @param {Awaited<ReturnType<typeof broken>>} it
 */
function isTheSame({ whole, ...it }) {
  assert.deepEqual([it.iteration, it.kept, it.backend], [16, whole.kept, 'cpu']);
  assert.equal(it.losses[0].length, 17);
  for (const [iteration, loss] of it.losses[0].entries()) {
    const expected = whole.losses[0][iteration];
    const off = Math.abs(loss - expected);
    assert.ok(off < 1e-3 + 1e-3 * expected, `loss ${iteration} is ${loss}, undisturbed ${expected}`);
  }
  for (const [at, value] of it.state.entries()) {
    assert.ok(Math.abs(value - whole.state[at]) < 1e-3, `${at} is ${value}, undisturbed ${whole.state[at]}`);
  }
}

for (const [name, { fault, says }] of Object.entries(ON_WEBGPU)) {
  // A panic is had on the CPU every day; and what throws is like it.
  const skip = ['an exception of WebGPU', 'a panic on WebGPU'].includes(name) && rare;
  test(`${name}: the run goes on on the CPU`, { skip }, async (context) => {
    const it = await broken(context, 'webgpu', fault);
    isTheSame(it);
    assert.match(it.status.reason, says);
    assert.equal(it.status.retry, true);
    if (name !== 'a GPU that hangs') {
      assert.ok(it.took < MOST, `it took ${it.took} ms to go on`);
    }
  });
}

test('a GPU process that crashes: the run goes on on the CPU', async (context) => {
  const own = await launch('chromium'); // Which may do without a GPU from then on.
  context.after(() => own.close());
  const devtools = await own.target().createCDPSession();
  const it = await broken(context, 'webgpu', () => devtools.send('Browser.crashGpuProcess'), own);
  isTheSame(it);
  assert.match(it.status.reason, /^The GPU was lost \(Unknown: .*\)$|^The device could not be read: /);
  assert.ok(it.took < MOST, `it took ${it.took} ms to go on`);
});

test('in four hours there may be many faults; who waits on a broken module hears of it', async () => {
  const page = await begun('cpu');
  for (let fault = 0; fault < 8; fault += 1) {
    await panic(page);
    await advance(page, 1);
  }
  assert.equal((await record(page)).iteration, 16);
  const together = await page.evaluate(async () => {
    const { engine, experiment } = /** @type {any} */ (window);
    const { set } = Reflect;
    Reflect.set = () => {
      Reflect.set = set;
      throw new Error('no');
    };
    const settings = { target: 0.9, learningRate: 0.005 };
    const [, answers] = await Promise.all([
      experiment.advance(2, settings),
      engine.probabilities('mlp', experiment.means.subarray(0, 784)),
    ]);
    return { iteration: experiment.iteration, answers: answers[0].length };
  });
  assert.deepEqual(together, { iteration: 18, answers: 10 });
  await page.close();
});

test('what breaks every module is given up, and the next thing works', async () => {
  const page = await begun('cpu');
  const it = await page.evaluate(async () => {
    const { engine, experiment, instances } = /** @type {any} */ (window);
    const { set } = Reflect;
    Reflect.set = () => {
      throw new Error('no');
    };
    const settings = { target: 0.9, learningRate: 0.005 };
    const message = await experiment.advance(1, settings).catch((/** @type {Error} */ error) => error.message);
    const made = instances.length;
    Reflect.set = set;
    await experiment.advance(1, settings);
    return { message, made, status: engine.status.backend, iteration: experiment.iteration };
  });
  assert.match(it.message, /^The CPU module broke down: .*/);
  assert.deepEqual([it.made, it.status, it.iteration], [4, 'cpu', 1]);
  await page.close();
});

test('a picture that breaks the module costs one picture', async () => {
  const page = await begun('cpu');
  const it = await page.evaluate(async () => {
    const { engine, experiment } = /** @type {any} */ (window);
    const { ImageData: real } = window;
    Object.assign(window, {
      ImageData: function () {
        Object.assign(window, { ImageData: real });
        throw new WebAssembly.RuntimeError('unreachable');
      },
    });
    const pixels = experiment.means.subarray(0, 784);
    const lost = engine.paint(pixels, 0, 1).data.some(Boolean);
    await experiment.advance(1, { target: 0.9, learningRate: 0.005 });
    const drawn = engine.paint(pixels, 0, 1).data.some(Boolean);
    return { lost, drawn, reason: engine.status.reason };
  });
  assert.deepEqual([it.lost, it.drawn], [false, true]);
  assert.match(it.reason, /^A fresh CPU module has taken over/);
  await page.close();
});
