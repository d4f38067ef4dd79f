// @ts-check
// A GPU that refuses a kernel, computes wrongly or is not to be read any more, on every path: the run goes on
// on the CPU, from its last frame, and no wrong number is shown.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { endsOfDevices, keptDevices, lostUploads, runOf, spoiledKernel, spoiledReading, wrongCompiler } from './broken-gpu.js';
import { browserAndServer, open } from './browser.js';
import { claimsToBeHardware } from './hardware.js';
import { ALL, pairs } from './nightly.js';

/** @typedef {import('./broken-gpu.js').Path} Path */

const { browser, server } = await browserAndServer();

const PATHS = /** @type {const} */ (['fused', 'reference']);

/**
 * @param {Path} path
 * @param {'auto' | 'webgpu'} backend
 * @param {(page: import('puppeteer-core').Page) => Promise<unknown>} spoil
 */
async function run(path, backend, spoil) {
  const { page } = await open(browser, 'about:blank');
  try {
    await spoil(page);
    await page.goto(`${server.url}icon.svg`);
    return await page.evaluate(runOf, path, backend);
  } finally {
    await page.close();
  }
}

/** @param {Awaited<ReturnType<typeof run>>} it @param {Path} path @param {RegExp} reason */
function endedOnTheCpu(it, path, reason) {
  const { backend, status, iteration, off } = it;
  assert.deepEqual([backend, status, iteration], ['cpu', 'cpu', 20], JSON.stringify(it));
  assert.match(it.reason, reason);
  assert.equal(it.path, path === 'reference' ? 'reference' : 'fused');
  assert.ok(Number(off) < 1e-3, `numbers are ${off} off`);
}

describe('a kernel that the browser cannot compile, whichever it is:', () => {
  for (const path of PATHS) {
    test(path, async () => {
      const { kernels, ...whole } = await run(path, 'webgpu', (page) => page.evaluateOnNewDocument(spoiledKernel, 0));
      assert.equal(whole.status, 'webgpu');
      assert.ok(Number(whole.off) < 1e-3, `numbers are ${whole.off} off`);
      assert.ok(kernels.all > kernels.before);
      // Every third of the forty that the reference path has; or every twelfth.
      for (let nth = kernels.before + 1; nth <= kernels.all; nth += ALL ? 3 : 12) {
        const it = await run(path, 'webgpu', (page) => page.evaluateOnNewDocument(spoiledKernel, nth));
        endedOnTheCpu(it, path, /^WebGPU refused a command: Error while parsing WGSL: .*expected '\)'/);
        assert.equal(it.retry, true);
      }
    });
  }
});

describe('a GPU that computes wrongly is not used', () => {
  const WRONG = /^The GPU here computes wrongly: (it gave \S+ where the CPU gives \S+|its images are not those of the CPU)\.$/;
  /** @type {[string, (page: import('puppeteer-core').Page) => Promise<unknown>][]} */
  const WAYS = [
    ['what it is given does not arrive', (page) => page.evaluateOnNewDocument(lostUploads)],
    ['it takes one operation for another', (page) => page.evaluateOnNewDocument(wrongCompiler, 'max(', 'min(')],
    ['it takes another for one', (page) => page.evaluateOnNewDocument(wrongCompiler, 'exp(', 'sqrt(')],
  ];
  for (const [[name, spoil], path] of pairs(WAYS, /** @type {const} */ ([...PATHS, 'left to itself']))) {
    if (path === 'left to itself') {
      test(`${name}: ${path}`, async () => {
        const it = await run('fused', 'auto', async (page) => {
          await page.evaluateOnNewDocument(claimsToBeHardware);
          await spoil(page);
        });
        endedOnTheCpu(it, 'fused', WRONG);
      });
    } else {
      test(`${name}: ${path}, where WebGPU is asked for`, async () => {
        endedOnTheCpu(await run(path, 'webgpu', spoil), path, WRONG);
      });
    }
  }
});

describe('after a good start, a GPU', () => {
  /** @type {['fails' | 'never settles' | 'gives what is no number', RegExp][]} */
  const READINGS = [
    ['fails', /could not be read|broke down|It cannot be mapped/],
    ['never settles', /^The WebGPU module did not answer within [\d.]+ seconds\.$/],
    ['gives what is no number', /^The GPU gave what is no number\.$/],
  ];
  for (const [[how, reason], path] of pairs(READINGS, PATHS)) {
    test(`whose reading ${how}: ${path}`, async () => {
      const it = await run(path, 'webgpu', (page) => page.evaluateOnNewDocument(spoiledReading, how));
      assert.equal(it.was, 'webgpu');
      endedOnTheCpu(it, path, reason);
    });
  }
});

test('a GPU that is left has its memory back, and nothing is thrown meanwhile', async () => {
  const { page, messages } = await open(browser, 'about:blank');
  await page.evaluateOnNewDocument(keptDevices);
  await page.evaluateOnNewDocument(wrongCompiler, 'exp(', 'sqrt(');
  await page.goto(`${server.url}icon.svg`);
  const run = /** @type {(path: string, backend: string) => Promise<any>} */ (runOf);
  endedOnTheCpu(await page.evaluate(run, 'fused', 'webgpu'), 'fused', /^The GPU here computes wrongly/);
  assert.deepEqual(await page.evaluate(endsOfDevices), ['destroyed']);
  assert.deepEqual(messages.filter((it) => it.startsWith('uncaught')), []);
  await page.close();
});

test('runs that begin at once are compared with one CPU module', async () => {
  const { page } = await open(browser, 'about:blank');
  await page.evaluateOnNewDocument(() => {
    const counted = /** @type {any} */ (Object.assign(window, { modules: 0 }));
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = (/** @type {any[]} */ ...given) => {
      counted.modules += 1;
      return /** @type {any} */ (instantiate)(...given);
    };
  });
  await page.goto(`${server.url}icon.svg`);
  const modules = await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const engine = await Engine.start({ backend: 'webgpu' });
    const lab = { digits: [3], seed: 1, noiseStd: 0.01 };
    await Promise.all(['mlp', 'lenet5'].map((network) => engine.begin({ ...lab, network })));
    return /** @type {any} */ (window).modules;
  });
  assert.equal(modules, 2, 'one for the GPU, one for the CPU');
  await page.close();
});
