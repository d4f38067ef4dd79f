// @ts-check
// What is played, held and gone back to: what a person did is told once it is done, nothing fails twice, and
// what is asked for while something is on its way holds when that is there.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MODULES, browserAndServer, open } from './browser.js';
import { TIMEOUT, figure, press, reached, set, shadow } from './figure.js';
import { wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

const FIGURE = 'activation-maximization';
const { browser, server } = await browserAndServer(MODULES);

/** Keeps what a figure tells. Runs before the page does. */
function listen() {
  Object.assign(window, { told: [] });
  for (const type of ['step', 'done', 'change', 'error']) {
    addEventListener(
      type,
      (event) => {
        const { target, detail, message } = /** @type {any} */ (event);
        if (target.localName === 'activation-maximization') {
          const { iteration, state } = target;
          /** @type {any} */ (window).told.push({ type, detail: detail?.iteration, iteration, state, message });
        }
      },
      true,
    );
  }
}

/** The network's file comes once `window.send` is called. Runs before the page does. */
function hold() {
  const { fetch } = window;
  window.fetch = async (wanted, ...more) => {
    if (String(wanted).includes('mlp.safetensors')) {
      await new Promise((resolve) => Object.assign(window, { send: resolve }));
    }
    return fetch(wanted, ...more);
  };
}

/** @param {string} address After the `#`. @param {() => void} [before] Runs before the page does. */
async function embedded(address, before, backend = 'cpu') {
  const { page, messages } = await open(browser, 'about:blank');
  await page.evaluateOnNewDocument(listen);
  if (before) {
    await page.evaluateOnNewDocument(before);
  }
  await page.goto(`${server.url}embed.html?backend=${backend}#${address}`);
  return { page, messages };
}

/** @param {Page} page @param {string} type @returns {Promise<any[]>} */
const told = (page, type) =>
  page.evaluate((type) => /** @type {any} */ (window).told.filter((/** @type {any} */ it) => it.type === type), type);

/** @param {Page} page @param {string} type @param {number} count */
const untilTold = (page, type, count) =>
  page.waitForFunction(
    (type, count) =>
      /** @type {any} */ (window).told.filter((/** @type {any} */ it) => it.type === type).length >= count,
    { timeout: TIMEOUT },
    type,
    count,
  );

/** @param {Page} page @returns {Promise<number>} */
const iteration = (page) => figure(page, FIGURE, (it) => it.iteration);

test('one step, a pause and a reset are told once they are done', async () => {
  const { page } = await embedded('digit=3&steps=200&pace=slow&autoplay=0');
  await page.waitForFunction(() => /** @type {any} */ (window).told.length > 0, { timeout: TIMEOUT });
  for (const made of [1, 2, 3]) {
    await press(page, FIGURE, '.step');
    await untilTold(page, 'change', made);
    const change = (await told(page, 'change')).at(-1);
    assert.deepEqual([change.detail, change.iteration, change.state], [made, made, 'paused']);
  }
  await press(page, FIGURE, '.run');
  await page.waitForFunction((selector) => /** @type {any} */ (document.querySelector(selector)).iteration > 8, {}, FIGURE);
  await press(page, FIGURE, '.run');
  await untilTold(page, 'change', 5);
  await wait(300);
  const paused = (await told(page, 'change')).at(-1);
  assert.deepEqual([paused.detail, paused.state], [await iteration(page), 'paused']);
  await press(page, FIGURE, '.reset');
  await untilTold(page, 'change', 6);
  const reset = (await told(page, 'change')).at(-1);
  assert.deepEqual([reset.detail, reset.iteration, reset.state], [0, 0, 'paused']);
  await page.close();
});

test('a step while a finished run is restarted is told once it is done, too', async () => {
  const { page } = await embedded('digit=3&steps=40&pace=full&show=target');
  await reached(page, FIGURE, 'done');
  await set(page, FIGURE, 'target', '40');
  await press(page, FIGURE, '.step');
  await untilTold(page, 'change', 2);
  assert.deepEqual((await told(page, 'change')).at(-1).detail, 41);
  await page.close();
});

test('a pause holds what the frame that was under way still brings', async () => {
  const { page } = await embedded('digit=3&steps=5000&pace=full', undefined, 'webgpu');
  await page.waitForFunction((selector) => /** @type {any} */ (document.querySelector(selector))?.iteration > 20, { timeout: TIMEOUT }, FIGURE);
  const [promised, later] = await figure(page, FIGURE, async (it) => {
    await it.pause();
    const promised = it.iteration;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [promised, it.iteration];
  });
  assert.equal(promised, later);
  await page.close();
});

/** Frames fail as long as `window.failing` is set. Runs before the page does. */
function failing() {
  Object.assign(window, { failing: true });
  const { fetch } = window;
  /** @type {() => void} */
  let ready = () => {};
  const patched = new Promise((resolve) => (ready = () => resolve(undefined)));
  window.fetch = async (...asked) => {
    await patched; // Or a frame may be there before.
    return fetch(...asked);
  };
  document.addEventListener('DOMContentLoaded', async () => {
    const { Run } = await import(/** @type {any} */ ('/src/engine/run.js'));
    const { advance } = Run.prototype;
    Run.prototype.advance = function (/** @type {any[]} */ ...given) {
      return /** @type {any} */ (window).failing
        ? Promise.reject(new Error('It has failed.'))
        : advance.apply(this, given);
    };
    ready();
  });
}

test('a first frame that fails is told once, and Run tries again from the start', async () => {
  const { page } = await embedded('digit=3&steps=20&pace=full', failing);
  await untilTold(page, 'error', 1);
  await wait(300);
  assert.deepEqual((await told(page, 'error')).map(({ message }) => message), ['It has failed.']);
  assert.deepEqual(await told(page, 'done'), []);
  assert.equal(await figure(page, FIGURE, (it) => it.state), 'paused');
  // What can be followed or gone to only once there is something is neither.
  await figure(page, FIGURE, async (it) => {
    it.target = 0.7;
    it.steps = 30;
    await new Promise((resolve) => setTimeout(resolve, 50));
    it.at = 10;
    await new Promise((resolve) => setTimeout(resolve, 50));
    it.removeAttribute('at');
  });
  await wait(300);
  assert.equal((await told(page, 'error')).length, 1);
  assert.equal(await figure(page, FIGURE, (it) => it.state), 'paused');
  await page.evaluate(() => Object.assign(window, { failing: false }));
  await press(page, FIGURE, '.run');
  await reached(page, FIGURE, 'done');
  const frames = await figure(page, FIGURE, (it) => it.experiment.networkResults[0].history.snapshots.map((/** @type {any} */ { iteration }) => iteration));
  assert.deepEqual([frames[0], frames.at(-1)], [0, 30]);
  assert.equal((await told(page, 'error')).length, 1);
  await page.close();
});

test('a run that could not begin is not played to an end', async () => {
  const { page, messages } = await open(browser, 'about:blank');
  await page.evaluateOnNewDocument(listen);
  await page.evaluateOnNewDocument(() => {
    const { fetch } = window;
    window.fetch = (asked, ...more) =>
      String(asked).includes('mlp.safetensors')
        ? Promise.resolve(new Response('', { status: 404 }))
        : fetch(asked, ...more);
  });
  await page.goto(`${server.url}embed.html?backend=cpu#digit=3&steps=20`);
  await untilTold(page, 'error', 1);
  await figure(page, FIGURE, async (it) => {
    it.target = 0.7;
    await new Promise((resolve) => setTimeout(resolve, 50));
    it.at = 20;
    await new Promise((resolve) => setTimeout(resolve, 50));
    it.at = 5;
  });
  await wait(300);
  assert.deepEqual(await told(page, 'done'), []);
  assert.equal(await figure(page, FIGURE, (it) => it.state), 'paused');
  assert.deepEqual(messages.filter((it) => it.startsWith('uncaught')), []);
  assert.match(await shadow(page, FIGURE, '.message', (it) => it.textContent), /the server says 404\.$/);
  await page.close();
});

test('an iteration asked for while the run is on its way is gone to, once it is there', async () => {
  for (const [at, state] of /** @type {const} */ ([[20, 'done'], [7, 'paused']])) {
    const { page, messages } = await embedded('digit=3&steps=20&pace=full', hold);
    await page.waitForFunction(() => 'send' in window, { timeout: TIMEOUT });
    await page.$eval(FIGURE, (it, at) => it.setAttribute('at', String(at)), at);
    await wait(300);
    assert.deepEqual(await told(page, 'done'), []);
    await page.evaluate(() => /** @type {any} */ (window).send());
    await page.waitForFunction(
      (selector, at, state) => {
        const it = /** @type {any} */ (document.querySelector(selector));
        return it.iteration === at && it.state === state;
      },
      { timeout: TIMEOUT },
      FIGURE,
      at,
      state,
    );
    assert.equal((await told(page, 'done')).length, at === 20 ? 1 : 0);
    assert.deepEqual(messages.filter((it) => it.startsWith('uncaught')), []);
    await page.close();
  }
});

test('a pause while the run is on its way holds it at its start; play plays it', async () => {
  for (const [asked, reachedState, made] of /** @type {const} */ ([['pause', 'paused', 0], ['play', 'done', 20]])) {
    const { page } = await embedded(`digit=3&steps=20&pace=full&autoplay=${asked === 'pause' ? 1 : 0}`, hold);
    await page.waitForFunction(() => 'send' in window, { timeout: TIMEOUT });
    await page.$eval(FIGURE, (it, asked) => /** @type {any} */ (it)[asked](), asked);
    await page.evaluate(() => /** @type {any} */ (window).send());
    await page.waitForFunction(() => /** @type {any} */ (window).told.length > 0, { timeout: TIMEOUT });
    await reached(page, FIGURE, reachedState);
    await wait(300);
    assert.deepEqual(
      await figure(page, FIGURE, (it) => [it.state, it.iteration]),
      [reachedState, made],
    );
    await page.close();
  }
});

test('two networks on WebGPU, and settings changed in every moment of their frames', async () => {
  const { page, messages } = await open(browser, 'about:blank');
  await page.evaluateOnNewDocument(listen);
  await page.goto(`${server.url}embed.html?backend=webgpu#network=mlp,lenet5&digit=3,8&steps=40&pace=full&show=charts`);
  const clicks = await page.evaluate(async (selector) => {
    const figure = /** @type {any} */ (document.querySelector(selector));
    let clicks = 0;
    // From before the first frame, while shaders are compiled, to the end.
    for (const end = performance.now() + 60_000; figure.state !== 'done' && performance.now() < end; clicks += 1) {
      figure.toggleAttribute('log');
      figure.toggleAttribute('row');
      await new Promise((resolve) => setTimeout(resolve));
    }
    return clicks;
  }, FIGURE);
  assert.ok(clicks > 20, `${clicks} clicks`);
  assert.deepEqual(messages.filter((it) => !it.startsWith('warn')), []);
  assert.deepEqual(await told(page, 'error'), []);
  assert.equal(await iteration(page), 40);
  await page.close();
});
