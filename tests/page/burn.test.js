// @ts-check
// What the first modules lack, those with Burn have: one is loaded when something is asked for that takes
// it, and nothing is lost on the way.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { launch, open, serve } from './browser.js';
import { figure, reached, shadow } from './figure.js';

const FIGURE = 'activation-maximization';
const BURN = '/pkg/flex/actmax_bg.wasm';
const BINARY = readFileSync(fileURLToPath(new URL(`../../www${BURN}`, import.meta.url)));

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** How often Burn was asked for. */
let asked = 0;
/** What sends it, if it is not to come by itself. @type {(() => void) | undefined} */
let send;
let held = false;
before(async () => {
  browser = await launch('chromium');
  server = await serve((path, response) => {
    if (path !== BURN) {
      return false;
    }
    asked += 1;
    response.setHeader('content-type', 'application/wasm');
    const whole = () => response.end(BINARY.subarray(1000));
    response.write(BINARY.subarray(0, 1000));
    if (held) {
      send = whole;
    } else {
      whole();
    }
    return true;
  });
});
afterEach(() => {
  asked = 0;
  held = false;
});
after(async () => {
  await browser.close();
  await server.close();
});

/** A page that runs nothing. */
async function blank() {
  return (await open(browser, `${server.url}icon.svg`)).page;
}

test('a run goes on with Burn where it takes Burn, and another beside it does not notice', async () => {
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
    const loaded = performance.getEntriesByType('resource').some(({ name }) => name.includes('/pkg/flex/'));
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
      loaded,
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
  assert.equal(it.loaded, false, 'Burn was not needed before');
  assert.deepEqual(it.paths, ['fused', 'reference', 'fused', 'reference']);
  assert.deepEqual([it.iterations, it.trace], [[8, 8], 3 * 11]);
  assert.ok(Math.max(...it.off) < 1e-4, `pixels are ${it.off} off`);
  assert.ok(it.turned > 1e-3, 'it was turned');
  assert.deepEqual(it.backends, ['cpu', 'cpu', 'cpu']);
  await page.close();
});

test('whatever takes Burn brings it, once', async () => {
  const page = await blank();
  const paths = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const lab = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 };
    const settings = { target: 0.9, learningRate: 0.005 };
    const cases = [
      [{ ...lab, path: 'reference' }, settings],
      [lab, { ...settings, regularizers: { diversity: 1 } }],
      [lab, { ...settings, transforms: { scale: 0.1 } }],
    ];
    return Promise.all(
      cases.map(async ([begin, settings]) => {
        const engine = await Engine.start({ backend: 'cpu' });
        const run = await engine.begin(begin);
        const [snapshot] = await Promise.all([run.advance(1, settings), engine.begin({ ...lab, path: 'reference' })]);
        return `${run.path} ${snapshot.iteration}`;
      }),
    );
  });
  assert.deepEqual(paths, ['reference 1', 'reference 1', 'reference 1']);
  assert.equal(asked, 1, 'the binary is shared');
  await page.close();
});

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
  test(`on ${backend}, what is asked of digits and units takes no Burn`, async () => {
    const page = await blank();
    const it = await page.evaluate(async (backend) => {
      const { Engine } = await import(/** @type {any} */ ('/engine.js'));
      const lab = { network: 'lenet5', digits: [3], seed: 1, noiseStd: 0.01 };
      const settings = { target: 0.9, learningRate: 0.05, regularizers: { l2: 0.1 }, transforms: { jitter: 2 }, gradientBlur: 1 };
      const engine = await Engine.start({ backend });
      const paths = [];
      for (const objective of ['target-probability', { 'logit-difference': { other: 8 } }, { channel: { layer: 'conv2' } }]) {
        for (const parameterization of ['pixels', 'pca']) {
          const run = await engine.begin({ ...lab, objective, parameterization });
          const [early, late] = [await run.advance(1, settings), await run.advance(20, settings)];
          paths.push(`${run.backend} ${run.path} ${late.now[10] < early.trace[10]}`);
        }
      }
      const files = performance.getEntriesByType('resource').map(({ name }) => name);
      return { paths, burn: files.filter((it) => /pkg\/(flex|webgpu)\//.test(it)) };
    }, backend);
    assert.deepEqual(it, { paths: Array(6).fill(`${backend} fused true`), burn: [] });
    await page.close();
  });
}

/**
 * A run on WebGPU that is then turned.
 *
 * @param {Page} page
 * @param {string} [burnless] Why Burn cannot use the GPU.
 */
function turnedOnWebGPU(page, burnless) {
  return page.evaluate(async (burnless) => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const begin = { network: 'lenet5', digits: [3, 8], seed: 1, noiseStd: 0.01 };
    const plain = { target: 0.9, learningRate: 0.005 };
    const turned = { ...plain, transforms: { rotation: 10 } };
    const probe = async () => ({ adapter: 'a GPU', software: false, burnless });
    const loaded = () =>
      ['gpu', 'webgpu', 'flex'].filter((part) =>
        performance.getEntriesByType('resource').some(({ name }) => name.includes(`/pkg/${part}/`)),
      );
    /** @type {any[]} */
    const said = [];
    const onStatus = (/** @type {any} */ status) => said.push(status);
    const engine = await Engine.start({ backend: 'webgpu', probe, onStatus });
    const run = await engine.begin(begin);
    const beside = await engine.begin(begin);
    await run.advance(4, plain);
    const before = [...loaded(), run.path];
    const snapshot = await run.advance(3, turned);
    const after = [...loaded(), run.path];
    const other = await beside.advance(7, plain);

    const wanted = await (await Engine.start({ backend: 'cpu' })).begin(begin);
    await wanted.advance(4, plain);
    const difference = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) =>
      Math.max(...a.map((it, at) => Math.abs(it - b[at])));
    return {
      before,
      after,
      backends: [run.backend, beside.backend],
      beside: beside.path,
      off: difference(snapshot.images, (await wanted.advance(3, turned)).images),
      turned: difference(snapshot.images, other.images),
      trace: [snapshot.trace.length, other.trace.length],
      status: said.at(-1),
    };
  }, burnless);
}

test('a run on WebGPU goes on there with Burn where it takes Burn', async () => {
  const page = await blank();
  const { off, turned, ...it } = await turnedOnWebGPU(page);
  assert.deepEqual(it, {
    before: ['gpu', 'fused'],
    after: ['gpu', 'webgpu', 'reference'],
    backends: ['webgpu', 'webgpu'],
    beside: 'fused',
    trace: [3 * 22, 7 * 22],
    status: { backend: 'webgpu', adapter: 'a GPU' },
  });
  assert.ok(off < 1e-3, `pixels are ${off} off`);
  assert.ok(turned > 1e-3, 'it was turned');
  await page.close();
});

test('where Burn cannot use the GPU, the CPU has it, and the status says why', async () => {
  const page = await blank();
  const { off, turned, ...it } = await turnedOnWebGPU(page, 'The GPU is not for Burn.');
  assert.deepEqual(it, {
    before: ['gpu', 'fused'],
    after: ['gpu', 'flex', 'reference'],
    backends: ['cpu', 'cpu'],
    beside: 'fused',
    trace: [3 * 22, 7 * 22],
    status: {
      backend: 'cpu',
      reason: 'The GPU is not for Burn. What was asked for takes Burn: the CPU computes it.',
      retry: true,
    },
  });
  assert.ok(off < 1e-3, `pixels are ${off} off`);
  assert.ok(turned > 1e-3, 'it was turned');
  await page.close();
});

test('left to itself, the CPU computes what takes Burn, and WebGPU can be tried again', async () => {
  const page = await blank();
  const it = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    /** @type {() => void} */
    let found = () => {};
    const waiting = new Promise((resolve) => (found = () => resolve(undefined)));
    const engine = await Engine.start({
      probe: async () => {
        await waiting;
        return { adapter: 'taken for a hardware adapter', software: false };
      },
      trial: async () => undefined,
    });
    const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });
    const plain = { target: 0.9, learningRate: 0.005 };
    const zoomed = { ...plain, transforms: { scale: 0.1 } };
    /** @type {any[]} */
    const seen = [];
    const advance = async (/** @type {object} */ settings) => {
      const { iteration } = await run.advance(2, settings);
      seen.push([iteration, run.backend, run.path, engine.status]);
    };
    await advance(zoomed); // While WebGPU is looked for.
    found();
    await engine.upgraded;
    await advance(zoomed);
    await advance(plain);
    await engine.tryWebGPU();
    await advance(plain);
    await advance(zoomed);
    const files = performance.getEntriesByType('resource').map(({ name }) => name);
    const count = (/** @type {string} */ part) => files.filter((name) => name.includes(part)).length;
    return { seen, instances: [count('/pkg/flex/actmax.js'), count('/pkg/webgpu/actmax.js')] };
  });
  const reason =
    'What is asked for is computed by Burn, operation by operation, which the CPU does faster than it can ' +
    'tell a GPU of each. To see WebGPU at work all the same, add ?backend=webgpu to the address.';
  const cpu = { backend: 'cpu', reason, retry: true };
  assert.deepEqual(it, {
    seen: [
      [2, 'cpu', 'reference', { backend: 'cpu', reason: 'WebGPU is being prepared.' }],
      [4, 'cpu', 'reference', cpu],
      [6, 'cpu', 'fused', cpu],
      [8, 'webgpu', 'fused', { backend: 'webgpu', adapter: 'taken for a hardware adapter' }],
      [10, 'cpu', 'reference', cpu],
    ],
    instances: [1, 0],
  });
  await page.close();
});

test('a network that takes Burn is not compared with a GPU', async () => {
  const page = await blank();
  const status = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const engine = await Engine.start({
      probe: async () => ({ adapter: 'taken for a hardware adapter', software: false }),
      trial: async (/** @type {any} */ gpu, /** @type {any} */ _, /** @type {any} */ sources) => {
        gpu.network(await [...sources][0]).maximize(new Uint16Array(1), '{"path": "reference"}');
        return 'It was.';
      },
      ahead: ['mlp'],
    });
    await engine.upgraded;
    return engine.status;
  });
  assert.equal(status.backend, 'cpu');
  assert.match(status.reason, /^What is asked for is computed by Burn, /);
  await page.close();
});

test('a figure that has to wait for Burn says so, and keeps its image meanwhile', async () => {
  held = true;
  const { page } = await open(browser, `${server.url}embed.html?backend=cpu#digit=3&steps=20&autoplay`);
  await reached(page, FIGURE, 'done');
  assert.equal(asked, 0);
  await page.$eval(FIGURE, (it) => {
    const figure = /** @type {any} */ (it);
    figure.settings = { ...figure.settings, rotation: 10, steps: 30 };
  });
  const told = () => shadow(page, FIGURE, '.message', (it) => it.textContent.trim());
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.shadowRoot?.querySelector('.message')?.textContent?.trim(),
    {},
    FIGURE,
  );
  assert.match(await told(), /^Loading the CPU module with Burn … 0\.0 MB$/);
  assert.equal(await figure(page, FIGURE, (it) => it.experiment.columns[0].history.snapshots.length > 0), true);
  send?.();
  await page.waitForFunction(
    (selector) => /** @type {any} */ (document.querySelector(selector)).experiment.columns[0].run.path === 'reference',
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
    figure(page, FIGURE, (it) => [it.experiment.columns[0].run.path, it.experiment.columns[0].history.losses[0].at(-1)]);
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
      return it.state === 'done' && it.experiment.columns[0].run.path === 'fused';
    },
    {},
    FIGURE,
  );
  const [other, same] = await seen();
  assert.deepEqual([path, other], ['reference', 'fused']);
  assert.ok(Math.abs(loss - same) < 1e-4 * loss, `the losses are ${loss} and ${same}`);
  await page.close();
});
