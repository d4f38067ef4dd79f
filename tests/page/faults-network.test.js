// @ts-check
// A file that does not come, or not as it should: that is said in a sentence, and when the server is
// mended it works without loading the page again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, open } from './browser.js';
import { TROUBLES, shortTimeouts, troubled } from './fault.js';
import { few, pairs } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  browser = await launch('chromium');
});
after(() => browser.close());

/** What is loaded on the CPU, and what it is called. */
const ON_THE_CPU = {
  '/pkg/cpu/actmax.js': 'JavaScript of the CPU module',
  '/pkg/cpu/actmax_bg.wasm': 'CPU module',
  '/weights/mlp.safetensors': 'file of the network mlp',
  '/weights/means.safetensors': 'file of the mean images',
  '/weights/pca.safetensors': 'file of the principal components',
  '/weights/prototypes.safetensors': 'file of the prototypes',
};
const ON_WEBGPU = {
  '/pkg/webgpu/actmax.js': 'JavaScript of the WebGPU module',
  '/pkg/webgpu/actmax_bg.wasm': 'WebGPU module',
};
const FILES = { ...ON_THE_CPU, ...ON_WEBGPU };

/**
 * Asks for all that there is on the CPU, as figures do. Can be asked again.
 *
 * @param {Page} page
 * @returns {Promise<string>} What went wrong, or `done`.
 */
function askTheCPU(page) {
  return page.evaluate(async () => {
    const { sharedEngine, useBackend } = await import(/** @type {any} */ ('/src/engine/shared-engine.js'));
    useBackend('cpu');
    try {
      const engine = await sharedEngine();
      await Promise.all([engine.means(), engine.prototypes(), engine.card('mlp')]);
      const begin = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01, parameterization: 'pca' };
      const run = await engine.begin(begin);
      await run.advance(1, { target: 0.9, learningRate: 0.005 });
      return 'done';
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  });
}

/**
 * Asks for WebGPU. Can be asked again.
 *
 * @param {Page} page
 * @returns {Promise<string>} Why there is none, or `done`.
 */
function askForWebGPU(page) {
  return page.evaluate(async () => {
    const { sharedEngine, useBackend } = await import(/** @type {any} */ ('/src/engine/shared-engine.js'));
    useBackend('webgpu');
    const again = 'asked' in window;
    Object.assign(window, { asked: true });
    const engine = await sharedEngine();
    if (again) {
      await engine.tryWebGPU();
    }
    const { backend, reason, retry } = engine.status;
    return backend === 'webgpu' ? 'done' : `${reason}${retry ? '' : ' There is no trying again.'}`;
  });
}

/**
 * A page that runs nothing, and does not wait for long where nothing comes.
 *
 * @param {string} url
 * @param {string} trouble
 * @param {boolean} [all] See `shortTimeouts`.
 */
async function impatient(url, trouble, all) {
  const { page } = await open(browser, 'about:blank');
  if (trouble === 'stops half way' || trouble === 'is never sent') {
    await page.evaluateOnNewDocument(shortTimeouts, all);
  }
  await page.goto(`${url}icon.svg`);
  return page;
}

for (const [trouble, { says }] of Object.entries(TROUBLES)) {
  describe(`a file that ${trouble} is spoken of, and is there in the end:`, () => {
    const troubles = pairs(Object.keys(TROUBLES), Object.entries(FILES));
    for (const [, [path, what]] of troubles.filter(([it]) => it === trouble)) {
      test(path, async (test) => {
        const { url, state, close } = await troubled(path, trouble);
        const page = await impatient(url, trouble);
        test.after(() => page.close().then(close));
        const ask = path in ON_WEBGPU ? askForWebGPU : askTheCPU;
        const message = await ask(page);
        assert.ok(message.startsWith(`The ${what} could not be loaded from ${url.slice(0, -1)}${path}: `), message);
        assert.match(message, says);
        state.mended = true;
        assert.equal(await ask(page), 'done');
      });
    }
  });
}

for (const trouble of few(['is a web page', 'stops half way', 'is never sent'], 1)) {
  test(`and JavaScript that ${trouble} is spoken of all the same`, async (test) => {
    const { url, state, close } = await troubled('/pkg/cpu/actmax.js', trouble);
    const page = await impatient(url, trouble, true);
    test.after(() => page.close().then(close));
    const message = await askTheCPU(page);
    assert.ok(message.startsWith('The JavaScript of the CPU module could not be loaded from '), message);
    assert.match(message, TROUBLES[trouble].says);
    state.mended = true;
    assert.equal(await askTheCPU(page), 'done');
  });
}

test('a network that no module can read is fetched again when it is asked for again', async (test) => {
  const { url, state, close } = await troubled('/weights/mlp.safetensors', 'is not whole');
  const page = await impatient(url, 'is not whole');
  test.after(() => page.close().then(close));
  assert.match(await askTheCPU(page), /safetensors|header|file/i);
  state.mended = true;
  assert.equal(await askTheCPU(page), 'done');
});

test("what could not be read does not come from the browser's cache again", async (test) => {
  const path = '/weights/mlp.safetensors';
  const { url, state, close } = await troubled(path, 'was cached wrong');
  const page = await impatient(url, 'was cached wrong');
  test.after(() => page.close().then(close));
  const kept = () => page.evaluate(async (path) => (await fetch(path)).arrayBuffer().then((it) => it.byteLength), path);
  assert.equal(await kept(), 4);
  state.mended = true;
  assert.equal(await kept(), 4); // From the cache.
  assert.equal(state.asked, 1);
  assert.match(await askTheCPU(page), /safetensors|header|file/i);
  assert.equal(state.asked, 1);
  assert.equal(await askTheCPU(page), 'done');
  assert.equal(state.asked, 2);
  assert.ok((await kept()) > 1e5);
});
