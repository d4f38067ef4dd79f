// @ts-check
// On a machine with a hardware adapter, the page ends up on Burn's WebGPU backend, and stays; and each way in
// which it must not, it stays on the CPU and says why, in a line and in sentences.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { endsOfDevices, keptDevices, spoiledKernel, wrongCompiler } from './broken-gpu.js';
import { MODULES, launch, openIn, serve } from './browser.js';
import { shortTimeouts, text } from './fault.js';
import { LAB, TIMEOUT, reached } from './figure.js';
import { ADAPTER, claimsToBeHardware, withSlowDisplay } from './hardware.js';
import { rare } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  browser = await launch('chromium');
  server = await withSlowDisplay();
});
after(async () => {
  await browser.close();
  await server.close();
});

/** Notes when the first picture moves, and every line on the backend. Runs in the page, before anything else. */
function watch() {
  const seen = Object.assign(window, { moved: 0, lines: /** @type {string[]} */ ([]) });
  document.addEventListener(
    'step',
    ({ target }) => {
      seen.moved ||= /** @type {any} */ (target).iteration > 0 ? performance.now() : 0;
    },
    true,
  );
  const look = () => {
    const line = document.getElementById('backend-name')?.textContent;
    if (line && line !== seen.lines.at(-1)) {
      seen.lines.push(line);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, characterData: true, subtree: true });
}

/**
 * The page, on a machine that claims to have a GPU.
 *
 * @param {string} address
 * @param {(page: Page) => Promise<unknown>} [prepare] Before it is loaded.
 * @param {{ url: string }} [where]
 */
async function visit(address, prepare = async () => {}, where = server) {
  const { page, messages } = await openIn(browser);
  await page.evaluateOnNewDocument(claimsToBeHardware);
  await page.evaluateOnNewDocument(watch);
  await prepare(page);
  await page.goto(where.url + address);
  return { page, messages };
}

/** @param {Page} page @param {string} line */
function says(page, line) {
  return page.waitForFunction(
    (line) => document.getElementById('backend-name')?.textContent === line,
    { timeout: TIMEOUT },
    line,
  );
}

/** On which backends the laboratory's runs are, and on which paths. @param {Page} page @returns {Promise<string[]>} */
function runs(page) {
  return page.$eval(LAB, (it) =>
    /** @type {any} */ (it).experiment.networkResults.map((/** @type {any} */ { run }) => `${run.backend} ${run.path}`),
  );
}

/**
 * Changes settings of the laboratory, and waits until its run is done with them.
 *
 * @param {Page} page
 * @param {object} settings
 */
async function change(page, settings) {
  await page.$eval(
    LAB,
    (it, settings) => {
      const lab = /** @type {any} */ (it);
      lab.done = 0;
      lab.addEventListener('done', () => (lab.done += 1));
      lab.settings = { ...lab.settings, ...settings };
      lab.play();
    },
    settings,
  );
  await page.waitForFunction(
    (selector) => {
      const lab = /** @type {any} */ (document.querySelector(selector));
      return lab.state === 'done' && lab.done > 0;
    },
    { timeout: TIMEOUT },
    LAB,
  );
}

test('the page draws on the CPU first, moves to Burn on WebGPU, and stays there', async () => {
  const { page, messages } = await visit('#network=mlp&digit=3&steps=20&pace=full');
  await says(page, 'Running on WebGPU');
  await reached(page, LAB, 'done');
  assert.equal(await text(page, 'backend-reason'), `Burn computes on the GPU: ${ADAPTER}.`);

  const { moved, loaded, devices } = await page.evaluate(() => {
    const entries = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/pkg/webgpu/'));
    return {
      moved: /** @type {any} */ (window).moved,
      loaded: entries.map(({ name, startTime }) => ({ name: new URL(name).pathname, startTime })),
      devices: /** @type {any} */ (document.getElementById('lab')).experiment.networkResults.length,
    };
  });
  assert.equal(devices, 1);
  assert.deepEqual([...new Set(loaded.map(({ name }) => name))].sort(), ['/pkg/webgpu/actmax.js', '/pkg/webgpu/actmax_bg.wasm']);
  for (const { name, startTime } of loaded) {
    assert.ok(moved > 0 && startTime > moved, `${name} was asked for at ${startTime} ms, and the picture moved at ${moved}`);
  }

  await change(page, { steps: 20, seed: 2 });
  assert.deepEqual(await runs(page), ['webgpu fused']);
  await change(page, { network: 'mlp,lenet5' });
  assert.deepEqual(await runs(page), ['webgpu fused', 'webgpu fused']);
  await change(page, { digits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], target: 0.5 });
  assert.deepEqual(await runs(page), ['webgpu fused', 'webgpu fused']);
  await change(page, { digits: [3], rotation: 5, seed: 3 });
  assert.deepEqual((await runs(page)).map((it) => it.split(' ')[0]), ['webgpu', 'webgpu']);
  await change(page, { rotation: 0, path: 'reference', network: 'lenet5', steps: 5 });
  assert.deepEqual(await runs(page), ['webgpu reference']);

  const lines = await page.evaluate(() => /** @type {any} */ (window).lines);
  const kinds = lines.map((/** @type {string} */ it) => it.replace(/ [\d.]+ MB$/, ''));
  const changes = kinds.filter((/** @type {string} */ it, /** @type {number} */ at) => it !== kinds[at - 1]);
  assert.deepEqual(changes, ['Loading …', 'CPU: WebGPU is being prepared', 'Running on WebGPU']);
  assert.deepEqual(messages, []);
  await page.close();
});

test('where nobody looks at a figure, WebGPU is there all the same', async () => {
  const { page } = await visit('icon.svg');
  const status = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const engine = await Engine.start();
    await engine.upgraded;
    const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });
    await run.advance(5, { target: 0.9, learningRate: 0.005 });
    return { ...engine.status, run: run.backend };
  });
  assert.deepEqual(status, { backend: 'webgpu', adapter: ADAPTER, run: 'webgpu' });
  await page.close();
});

// Every day, faults.test.js loses one that was asked for.
test('a GPU that is lost after it took over: the CPU goes on, and WebGPU can be had again', { skip: rare }, async () => {
  const { page } = await visit('#network=mlp&digit=3&steps=5000&pace=slow', (page) => page.evaluateOnNewDocument(keptDevices));
  await says(page, 'Running on WebGPU');
  // It plays while it is seen.
  const look = () => page.$eval(LAB, (it) => it.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await look();
  await page.$eval(LAB, (it) => /** @type {any} */ (it).play());
  const iteration = () => page.$eval(LAB, (it) => /** @type {any} */ (it).iteration);
  const past = (/** @type {number} */ least) =>
    page.waitForFunction((least) => /** @type {any} */ (document.getElementById('lab'))?.iteration > least, { timeout: TIMEOUT }, least);
  await past(5);
  const reached = await iteration();
  await page.evaluate(() => /** @type {any} */ (window).devices[0].destroy());
  await page.waitForFunction(() => document.getElementById('backend-name')?.textContent?.startsWith('CPU: '), { timeout: TIMEOUT });
  // On a busy machine the failed read may be all that is known in time.
  assert.match(await text(page, 'backend-name'), /^CPU: (the GPU was lost|WebGPU broke down)$/);
  assert.match(await text(page, 'backend-reason'), /^The GPU was lost \(Destroyed: .*\)$|^The device could not be read: /);
  await past(reached + 5);
  await page.click('#backend summary');
  await page.click('#backend-retry');
  await says(page, 'Running on WebGPU');
  await look();
  await past((await iteration()) + 5);
  assert.deepEqual(await runs(page), ['webgpu fused']);
  assert.deepEqual(await page.evaluate(endsOfDevices), ['destroyed', 'alive']);
  await page.close();
});

/** What a machine may have in place of a GPU that will do. @type {Record<string, { prepare?: (page: Page) => Promise<unknown>, address?: string, intercept?: Parameters<typeof serve>[0], brief: string, reason: RegExp, retry?: boolean }>} */
const WAYS = {
  'the GPU is a software adapter': {
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        const info = { vendor: 'google', architecture: 'swiftshader', device: '', description: '' };
        Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => info });
      }),
    brief: 'the GPU is a software adapter',
    reason: /^The only GPU here \(google swiftshader\) is a software adapter: .* add \?backend=webgpu to the address\.$/,
  },
  'a GPU of whatever name that says it is a fallback': {
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        const info = { vendor: 'v', architecture: 'a', device: '', description: '', isFallbackAdapter: true };
        Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => info });
      }),
    brief: 'the GPU is a software adapter',
    reason: /^The only GPU here \(v a\) is a software adapter: /,
  },
  'the browser has no WebGPU': {
    prepare: (page) => page.evaluateOnNewDocument(() => Reflect.deleteProperty(Navigator.prototype, 'gpu')),
    brief: 'this browser has no WebGPU',
    reason: /^This browser has no WebGPU\.$/,
  },
  'the page is not secure': {
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        Object.defineProperty(window, 'isSecureContext', { value: false });
        Reflect.deleteProperty(Navigator.prototype, 'gpu');
      }),
    brief: 'this page is not secure',
    reason: /^WebGPU needs a secure page: open this one over https, or from localhost\.$/,
  },
  'there is no adapter': {
    prepare: (page) => page.evaluateOnNewDocument(() => void (GPU.prototype.requestAdapter = async () => null)),
    brief: 'there is no GPU for WebGPU',
    reason: /^WebGPU is there, but it offers no GPU: the driver may be missing or blocked\.$/,
  },
  'the adapter is never given': {
    prepare: async (page) => {
      await page.evaluateOnNewDocument(() => void (GPU.prototype.requestAdapter = () => new Promise(() => {})));
      await page.evaluateOnNewDocument(shortTimeouts);
    },
    brief: 'WebGPU gave no adapter',
    reason: /^WebGPU gave no adapter: it did not answer within 5 seconds\.$/,
  },
  'a limit is too low': {
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        Object.defineProperty(GPUSupportedLimits.prototype, 'maxStorageBuffersPerShaderStage', { get: () => 4 });
      }),
    brief: 'a limit of the GPU is too low',
    reason: /^The GPU's WebGPU limit "maxStorageBuffersPerShaderStage" is 4, and 8 is needed here\.$/,
  },
  'a feature is missing that Burn would panic over': {
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        const { has } = GPUSupportedFeatures.prototype;
        GPUSupportedFeatures.prototype.has = function (name) {
          return name !== 'timestamp-query' && has.call(this, name);
        };
      }),
    brief: 'the GPU lacks a feature',
    reason: /^The GPU lacks the WebGPU feature "timestamp-query", which Burn needs\.$/,
  },
  'the device is refused': {
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        GPUAdapter.prototype.requestDevice = () => Promise.reject(new TypeError('not today'));
      }),
    brief: 'WebGPU could not be started',
    reason: /^The GPU could not be used: .*not today/,
    retry: true,
  },
  'the device is never given': {
    prepare: async (page) => {
      await page.evaluateOnNewDocument(() => void (GPUAdapter.prototype.requestDevice = () => new Promise(() => {})));
      await page.evaluateOnNewDocument(shortTimeouts);
    },
    brief: 'WebGPU could not be started',
    reason: /^The GPU gave no device within 20 seconds\.$/,
    retry: true,
  },
  'the module is not there': {
    intercept: (path, response) => path === '/pkg/webgpu/actmax_bg.wasm' && Boolean(response.writeHead(404).end()),
    brief: 'WebGPU could not be started',
    reason: /^The WebGPU module could not be loaded from .*: the server says 404\.$/,
    retry: true,
  },
  'the module is damaged': {
    intercept: (path, response) => path === '/pkg/webgpu/actmax_bg.wasm' && Boolean(response.end(Buffer.alloc(1000))),
    brief: 'WebGPU could not be started',
    reason: /^The WebGPU module could not be loaded from .*: what came is damaged\.$/,
    retry: true,
  },
  'the GPU computes wrongly': {
    prepare: (page) => page.evaluateOnNewDocument(wrongCompiler, 'max(', 'min('),
    brief: 'the GPU computes wrongly',
    reason: /^The GPU here computes wrongly: (it gave \S+ where the CPU gives \S+|its images are not those of the CPU)\.$/,
    retry: true,
  },
  'a kernel is refused': {
    prepare: (page) => page.evaluateOnNewDocument(spoiledKernel, 1),
    brief: 'WebGPU refused a command',
    reason: /^WebGPU refused a command: Error while parsing WGSL: .*expected '\)'/,
    retry: true,
  },
  'the module breaks down': {
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        GPUQueue.prototype.submit = () => {
          throw new WebAssembly.RuntimeError('unreachable');
        };
      }),
    brief: 'the WebGPU module broke down',
    reason: /^The WebGPU module broke down: unreachable$/,
    retry: true,
  },
  'the CPU is asked for': {
    address: '?backend=cpu',
    brief: 'as asked for',
    reason: /^The CPU was asked for\.$/,
  },
};

describe('it stays on the CPU, and says why, where', () => {
  // Without TESTS=all, one that the probe refuses (its own tests have all of them) and some that come later.
  const everyday = [
    'the GPU is a software adapter',
    'the device is never given',
    'a kernel is refused',
  ];
  for (const [name, { prepare, address = '', intercept, brief, reason, retry = false }] of Object.entries(WAYS)) {
    test(name, { skip: !everyday.includes(name) && rare }, async (context) => {
      const where = intercept ? await withSlowDisplay(intercept) : server;
      if (where !== server) {
        context.after(() => where.close());
      }
      const { page } = await visit(`${address}#network=mlp&digit=3&steps=20&pace=full`, prepare, where);
      context.after(() => page.close());
      await reached(page, LAB, 'done');
      await says(page, `CPU: ${brief}`);
      assert.match(await text(page, 'backend-reason'), reason);
      assert.equal(await page.$eval('#backend-retry', (it) => !(/** @type {HTMLElement} */ (it).hidden)), retry);
      assert.equal((await runs(page))[0].split(' ')[0], 'cpu');
    });
  }

  test('the GPU cannot keep up with the display: a read takes as long as in Firefox', async (context) => {
    const usual = await serve(undefined, MODULES);
    context.after(() => usual.close());
    const slow = () => {
      const { mapAsync } = GPUBuffer.prototype;
      GPUBuffer.prototype.mapAsync = async function (...given) {
        await mapAsync.apply(this, given);
        await new Promise((resolve) => setTimeout(resolve, 100));
      };
    };
    const { page } = await visit('#network=mlp&digit=3&steps=20&pace=full', (page) => page.evaluateOnNewDocument(slow), usual);
    context.after(() => page.close());
    await says(page, 'CPU: the GPU cannot keep up');
    const reason = await text(page, 'backend-reason');
    const [, frame, read] =
      /^A frame takes the GPU here \(claims to-be-hardware\) (\d+) ms, of which (\d+) ms go into reading the images back; the display shows one every 17 ms\. To see WebGPU/.exec(reason) ?? [];
    assert.ok(Number(frame) >= 100 && Number(read) >= 100, reason);
    await reached(page, LAB, 'done');
    assert.deepEqual(await runs(page), ['cpu fused']);
  });
});

test('a software adapter is used where WebGPU is asked for', async () => {
  const { page, messages } = await openIn(browser);
  await page.goto(`${server.url}?backend=webgpu#network=mlp&digit=3&steps=20&pace=full`);
  await reached(page, LAB, 'done');
  assert.equal(await text(page, 'backend-name'), 'Running on WebGPU');
  assert.equal(await text(page, 'backend-reason'), 'Burn computes on the GPU: google swiftshader.');
  assert.deepEqual(await runs(page), ['webgpu fused']);
  assert.deepEqual(messages, []);
  await page.close();
});
