// @ts-check
// The element's life: moved about by the page, taken out while it works, many of them at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { MODULES } from './browser.js';
import { TIMEOUT, figure, reached } from './figure.js';
import { pageOf, traveling, wait } from './travel.js';

/** Counts what is begun and what is given back. */
const COUNT = `<script type="module">
  import { Engine } from './engine.js';
  import { Run } from './src/engine/run.js';

  window.counts = { begun: 0, freed: 0, advanced: 0 };
  const count = (prototype, method, name) => {
    const original = prototype[method];
    prototype[method] = function (...values) {
      window.counts[name] += 1;
      return original.apply(this, values);
    };
  };
  count(Engine.prototype, 'begin', 'begun');
  count(Run.prototype, 'free', 'freed');
  count(Run.prototype, 'advance', 'advanced');
  await import('./activation-maximization.js');
</script>`;

const ONE = pageOf(
  `<div id="here"><activation-maximization id="one" network="mlp" digit="3" pace="slow" autoplay>
   </activation-maximization></div><div id="there"></div>`,
  COUNT,
);

const TEN = pageOf(
  Array.from(
    { length: 10 },
    (_, digit) =>
      `<activation-maximization network="${digit % 2 ? 'mlp' : 'lenet5'}" digit="${digit}" steps="20" pace="full"
         loading="eager" show="charts" controls autoplay></activation-maximization>`,
  ).join(''),
  COUNT,
);

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  world = await traveling({ '/one.html': ONE, '/ten.html': TEN }, MODULES);
});
after(() => world.close());

/** @param {import('puppeteer-core').Page} page @returns {Promise<{ begun: number, freed: number, advanced: number }>} */
const counts = (page) => page.evaluate(() => /** @type {any} */ (window).counts);

/** @param {import('puppeteer-core').Page} page */
async function running(page) {
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('one')).iteration > 1, {
    timeout: TIMEOUT,
  });
}

test('an element that is moved keeps its run', async () => {
  const { page, close } = await world.visit('one.html');
  await running(page);
  const before = await page.evaluate(async () => {
    const it = /** @type {any} */ (document.getElementById('one'));
    it.first = it.experiment;
    it.remove();
    await new Promise((resolve) => setTimeout(resolve, 100));
    document.getElementById('there')?.append(it);
    return it.iteration;
  });
  assert.ok((await figure(page, '#one', (it) => it.iteration)) >= before);
  await figure(page, '#there > #one', (it) => it.setAttribute('pace', 'normal'));
  await wait(700); // Longer than a run is kept for an element that is gone.
  assert.equal(await figure(page, '#one', (it) => it.experiment === it.first), true);
  await reached(page, '#one', 'done');
  assert.equal(await figure(page, '#one', (it) => it.experiment === it.first), true);
  assert.deepEqual({ ...(await counts(page)), advanced: 0 }, { begun: 1, freed: 0, advanced: 0 });
  await close();
});

test('an element that is taken out while it works gives all back, and can come again', async () => {
  const { page, close } = await world.visit('one.html');
  await running(page);
  const playing = await page.evaluate(async () => {
    const it = /** @type {any} */ (document.getElementById('one'));
    it.setAttribute('digit', 'all');
    it.setAttribute('network', 'lenet5');
    it.setAttribute('pace', 'full');
    await new Promise((resolve) => {
      it.addEventListener('step', () => it.iteration > 20 && resolve(undefined));
    });
    // In the middle of a step: the next picture is being computed.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const { state } = it;
    it.remove();
    /** @type {any} */ (window).gone = it;
    return state;
  });
  assert.equal(playing, 'playing');
  await page.waitForFunction(() => {
    const { counts, gone } = /** @type {any} */ (window);
    return counts.freed === counts.begun && gone.experiment === undefined;
  });
  const { advanced } = await counts(page);
  await wait(300);
  assert.equal((await counts(page)).advanced, advanced);
  await page.evaluate(() => document.body.append(/** @type {any} */ (window).gone));
  await reached(page, '#one', 'done');
  assert.equal(await figure(page, '#one', (it) => it.iteration), 500);
  await close();
});

test('an element that is taken out before it has begun never begins', async () => {
  const { page, close } = await world.visit('one.html');
  await page.evaluate(() => {
    const it = document.createElement('activation-maximization');
    it.setAttribute('loading', 'eager');
    document.body.append(it);
    it.remove();
    document.getElementById('one')?.remove();
  });
  await wait(1500);
  const { begun, freed } = await counts(page);
  assert.equal(freed, begun);
  await close();
});

test('ten elements share one engine, and all is given back when they go', async () => {
  /** @type {string[]} */
  const requests = [];
  const { page, close } = await world.visit('ten.html', async (tab) => {
    tab.on('request', (request) => requests.push(new URL(request.url()).pathname));
  });
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('activation-maximization')].every(
        (it) => /** @type {any} */ (it).state === 'done',
      ),
    { timeout: TIMEOUT },
  );
  for (const file of [
    '/pkg/cpu/actmax_bg.wasm',
    '/pkg/cpu/actmax.js',
    '/weights/mlp.safetensors',
    '/weights/lenet5.safetensors',
    '/weights/means.safetensors',
    '/src/figure/styles.js',
  ]) {
    assert.equal(requests.filter((it) => it === file).length, 1, file);
  }
  await page.$$eval('activation-maximization', (them) => them.forEach((it) => it.remove()));
  await page.waitForFunction(() => {
    const { begun, freed } = /** @type {any} */ (window).counts;
    return begun === 10 && freed === 10;
  });
  await close();
});
