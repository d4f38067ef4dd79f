// @ts-check
// What no whole iteration does, Burn computes on the backend at hand, operation by operation: nothing else is
// loaded for it, and nothing is lost on the way.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';

import { keptDevices } from './broken-gpu.js';
import { launch, open, serve } from './browser.js';
import { figure, reached, shadow } from './figure.js';
import { rare } from './nightly.js';

const FIGURE = 'activation-maximization';
const CPU = '/pkg/cpu/actmax_bg.wasm';
const BINARY = readFileSync(new URL(`../../www${CPU}`, import.meta.url));

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** What becomes of the CPU module: whether it comes, is missing, or stops after its beginning. @type {'there' | 'missing' | 'held'} */
let state = 'there';
/** Sends the rest of what is held. */
let send = () => {};
before(async () => {
  browser = await launch('chromium');
  server = await serve((path, response) => {
    if (path !== CPU || state === 'there') {
      return false;
    }
    if (state === 'missing') {
      response.writeHead(404).end();
    } else {
      response.setHeader('content-type', 'application/wasm');
      response.write(BINARY.subarray(0, 1000));
      send = () => void response.end(BINARY.subarray(1000));
    }
    return true;
  });
});
afterEach(() => {
  state = 'there';
});
after(async () => {
  await browser.close();
  await server.close();
});

/** A page that runs nothing. */
async function blank() {
  return (await open(browser, `${server.url}icon.svg`)).page;
}

test('on the CPU, a run is turned in whole iterations as Burn turns it, and another beside it does not notice', async () => {
  const page = await blank();
  const it = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const begin = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 };
    const plain = { target: 0.9, learningRate: 0.005 };
    const turned = { ...plain, transforms: { rotation: 10 } };
    const engine = await Engine.start({ backend: 'cpu' });
    const run = await engine.begin(begin);
    const beside = await engine.begin(begin);
    await run.advance(5, plain);
    await beside.advance(5, plain);
    const paths = [run.path];
    const snapshot = await run.advance(3, turned);
    paths.push(run.path);
    const other = await beside.advance(3, plain);
    paths.push(beside.path);

    const whole = await (await Engine.start({ backend: 'cpu' })).begin({ ...begin, path: 'reference' });
    await whole.advance(5, plain);
    const wanted = await whole.advance(3, turned);
    const unturned = await (await Engine.start({ backend: 'cpu' })).begin(begin);
    const difference = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) =>
      Math.max(...a.map((it, at) => Math.abs(it - b[at])));
    return {
      paths: [...paths, whole.path],
      iterations: [snapshot.iteration, other.iteration],
      trace: snapshot.trace.length,
      off: [
        difference(snapshot.images, wanted.images),
        difference(other.images, (await unturned.advance(8, plain)).images),
      ],
      turned: difference(snapshot.images, other.images),
      backends: [run.backend, beside.backend, engine.status.backend],
    };
  });
  assert.deepEqual(it.paths, ['fused', 'fused', 'fused', 'reference']);
  assert.deepEqual([it.iterations, it.trace], [[8, 8], 3 * 11]);
  assert.ok(Math.max(...it.off) < 1e-4, `pixels are ${it.off} off`);
  assert.ok(it.turned > 1e-3, 'it was turned');
  assert.deepEqual(it.backends, ['cpu', 'cpu', 'cpu']);
  await page.close();
});

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
  // On WebGPU, whose kernels take long to compile, the run below that is left to itself is computed so every day.
  const skip = backend === 'webgpu' && rare;
  test(`on ${backend}, whatever takes it is computed operation by operation, as on the CPU`, { skip }, async () => {
    const page = await blank();
    const { seen, loaded } = await page.evaluate(async (backend) => {
      const { Engine } = await import(/** @type {any} */ ('/engine.js'));
      const lab = { network: 'mlp', digits: [3, 8], seed: 1, noiseStd: 0.01 };
      const settings = { target: 0.9, learningRate: 0.005 };
      const cases = [
        [{ ...lab, path: 'reference' }, settings],
        [lab, { ...settings, regularizers: { diversity: 1 } }],
        [lab, { ...settings, transforms: { scale: 0.1 } }],
        [lab, { ...settings, transforms: { rotation: 10 } }],
      ];
      const engine = await Engine.start({ backend });
      const cpu = await Engine.start({ backend: 'cpu' });
      const seen = await Promise.all(
        cases.map(async ([begin, settings]) => {
          const [run, like] = await Promise.all([engine, cpu].map((it) => it.begin({ ...begin, path: 'reference' })));
          const [snapshot, wanted] = await Promise.all([run, like].map((it) => it.advance(3, settings)));
          const off = Math.max(...snapshot.images.map((/** @type {number} */ it, /** @type {number} */ at) => Math.abs(it - wanted.images[at])));
          return `${run.backend} ${run.path} ${snapshot.iteration}${off < 1e-3 ? '' : `, ${off} off`}`;
        }),
      );
      const files = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
      return { seen, loaded: [...new Set(files.filter((it) => it.endsWith('.wasm')).map((it) => it.replace(/^.*\/|-[\w-]{8}\.wasm$/g, '')))] };
    }, backend);
    assert.deepEqual(seen, Array(4).fill(`${backend} reference 3`));
    assert.deepEqual(loaded.sort(), ['cpu', 'webgpu'].slice(0, backend === 'cpu' ? 1 : 2).map((it) => it));
    await page.close();
  });
}

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
  test(`on ${backend}, what is asked of digits and units is made in whole iterations`, async () => {
    const page = await blank();
    const it = await page.evaluate(async (backend) => {
      const { Engine } = await import(/** @type {any} */ ('/engine.js'));
      const lab = { network: 'lenet5', digits: [3], seed: 1, noiseStd: 0.01 };
      const settings = { target: 0.9, learningRate: 0.05, regularizers: { l2: 0.1 }, transforms: { jitter: 2 }, gradientBlur: 1 };
      const engine = await Engine.start({ backend });
      const paths = [];
      for (const objective of ['target-probability', { 'logit-difference': { other: 8 } }, { channel: { layer: 'conv2' } }, { channel: { layer: 'conv2', position: [0, 7] } }]) {
        for (const parameterization of ['pixels', 'pca']) {
          const run = await engine.begin({ ...lab, objective, parameterization });
          const [early, late] = [await run.advance(1, settings), await run.advance(20, settings)];
          paths.push(`${run.backend} ${run.path} ${late.now[10] < early.trace[10]}`);
        }
      }
      return paths;
    }, backend);
    assert.deepEqual(it, Array(8).fill(`${backend} fused true`));
    await page.close();
  });
}

test('left to itself, a hardware adapter computes what the kernel leaves to Burn, too, within the same run', async () => {
  const page = await blank();
  const { off, turned, ...it } = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const begin = { network: 'lenet5', digits: [3, 8], seed: 1, noiseStd: 0.01 };
    const plain = { target: 0.9, learningRate: 0.005 };
    // The kernel rotates, but leaves diversity to Burn.
    const rotated = { ...plain, transforms: { rotation: 10 }, regularizers: { diversity: 1 } };
    /** @type {any[]} */
    const said = [];
    const engine = await Engine.start({
      probe: async () => ({ name: 'taken for a hardware adapter', software: false }),
      trial: async () => ({ whole: 1, reading: 1, display: 16 }),
      onStatus: (/** @type {any} */ { backend }) => said.push(backend),
    });
    const run = await engine.begin(begin);
    const beside = await engine.begin(begin);
    await run.advance(4, plain);
    const before = run.backend;
    await engine.upgraded;
    const snapshot = await run.advance(3, rotated);
    const after = [run.backend, run.path];
    const other = await beside.advance(7, plain);
    await run.advance(1, plain);

    const wanted = await (await Engine.start({ backend: 'cpu' })).begin(begin);
    await wanted.advance(4, plain);
    const difference = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) =>
      Math.max(...a.map((it, at) => Math.abs(it - b[at])));
    const instances = performance.getEntriesByType('resource').filter(({ name }) => /\/webgpu-[^/]+\.js/.test(name));
    return {
      ways: [before, after, [run.backend, run.path], [beside.backend, beside.path]],
      trace: [snapshot.trace.length, other.trace.length],
      said,
      instances: new Set(instances.map(({ name }) => name)).size,
      off: difference(snapshot.images, (await wanted.advance(3, rotated)).images),
      turned: difference(snapshot.images, other.images),
    };
  });
  assert.deepEqual(it, {
    ways: ['cpu', ['webgpu', 'reference'], ['webgpu', 'fused'], ['webgpu', 'fused']],
    trace: [3 * 22, 7 * 22],
    said: ['cpu', 'webgpu'],
    instances: 1,
  });
  assert.ok(off < 1e-3, `pixels are ${off} off`);
  assert.ok(turned > 1e-3, 'it was turned');
  await page.close();
});

test('what Burn computes for a setting is compared with the CPU the first time that it is asked for', async () => {
  const page = await blank();
  const it = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    /** Whether what is compiled takes one operation for another. */
    let wrong = false;
    const create = GPUDevice.prototype.createShaderModule;
    GPUDevice.prototype.createShaderModule = function (descriptor) {
      return create.call(this, wrong ? { ...descriptor, code: descriptor.code.replaceAll('exp(', 'sqrt(') } : descriptor);
    };
    const engine = await Engine.start({ backend: 'webgpu' });
    const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });
    const settings = { target: 0.9, learningRate: 0.005 };
    await run.advance(3, settings);
    const was = [run.backend, run.path];
    wrong = true;
    const rotated = { ...settings, transforms: { rotation: 20 }, regularizers: { diversity: 1 } };
    const snapshot = await run.advance(3, rotated);
    const cpu = await (await Engine.start({ backend: 'cpu' })).begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });
    await cpu.advance(3, settings);
    const wanted = await cpu.advance(3, rotated);
    const off = Math.max(...snapshot.images.map((/** @type {number} */ it, /** @type {number} */ at) => Math.abs(it - wanted.images[at])));
    return { was, is: [run.backend, run.path], brief: engine.status.brief, iteration: snapshot.iteration, off };
  });
  assert.deepEqual([it.was, it.is, it.brief, it.iteration], [['webgpu', 'fused'], ['cpu', 'fused'], 'the GPU computes wrongly', 6]);
  assert.ok(it.off < 1e-3, `pixels are ${it.off} off`);
  await page.close();
});

test('a figure that has to wait for the CPU module says so, and keeps its image meanwhile', async () => {
  state = 'missing'; // So that it is not there when it is needed.
  const { page } = await open(browser, 'about:blank');
  await page.evaluateOnNewDocument(keptDevices);
  await page.goto(`${server.url}embed.html?backend=webgpu#digit=3&steps=20&autoplay`);
  await reached(page, FIGURE, 'done');
  state = 'held';
  await page.$eval(FIGURE, (it) => {
    /** @type {any} */ (window).devices[0].destroy();
    const figure = /** @type {any} */ (it);
    figure.settings = { ...figure.settings, steps: 30 };
  });
  const told = () => shadow(page, FIGURE, '.message', (it) => it.textContent.trim());
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.shadowRoot?.querySelector('.message')?.textContent?.trim(),
    {},
    FIGURE,
  );
  assert.match(await told(), /^Loading the CPU module … 0\.0 MB$/);
  assert.equal(await figure(page, FIGURE, (it) => it.experiment.networkResults[0].history.snapshots.length > 0), true);
  send();
  await page.waitForFunction(
    (selector) => {
      const it = /** @type {any} */ (document.querySelector(selector));
      return it.iteration === 30 && it.experiment.networkResults[0].run.backend === 'cpu';
    },
    {},
    FIGURE,
  );
  assert.equal(await told(), '');
  await page.close();
});

test('a figure is computed by Burn where that is asked for, and as fast as can be else', async () => {
  const address = `${server.url}embed.html?backend=cpu#digit=3&steps=5&path=reference&show=more&controls&autoplay`;
  const { page } = await open(browser, address);
  const seen = () =>
    figure(page, FIGURE, (it) => [it.experiment.networkResults[0].run.path, it.experiment.networkResults[0].history.losses[0].at(-1)]);
  await reached(page, FIGURE, 'done');
  const [path, loss] = await seen();
  assert.equal(await shadow(page, FIGURE, 'select[name="path"]', (it) => /** @type {any} */ (it).value), 'reference');
  await page.$eval(FIGURE, (it) => {
    const select = /** @type {HTMLSelectElement} */ (it.shadowRoot?.querySelector('select[name="path"]'));
    select.value = 'fused';
    select.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    /** @type {any} */ (it).play();
  });
  await page.waitForFunction(
    (selector) => {
      const it = /** @type {any} */ (document.querySelector(selector));
      return it.state === 'done' && it.experiment.networkResults[0].run.path === 'fused';
    },
    {},
    FIGURE,
  );
  const [other, same] = await seen();
  assert.deepEqual([path, other], ['reference', 'fused']);
  assert.ok(Math.abs(loss - same) < 1e-4 * loss, `the losses are ${loss} and ${same}`);
  await page.close();
});
