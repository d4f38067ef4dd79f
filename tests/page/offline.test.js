// @ts-check
// What is left of the page without a network, after one visit; and that with one, nothing is old.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { offlineList } from '../offline-list.js';
import { FIREFOX, launch, open } from './browser.js';
import { NO_NETWORK, TIMEOUT, cached, done, kept, site, visited as visitedIn } from './offline.js';

/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  browser = await launch('chromium');
});
after(() => browser.close());

/** @param {import('node:test').TestContext} test */
const visited = (test) => visitedIn(test, browser);

test('what the build lists is there, and lists what the site has', () => {
  const www = fileURLToPath(new URL('../../www/', import.meta.url));
  const { files, later } = offlineList();
  for (const file of ['index.html', 'engine.js', 'vendor/uPlot.esm.js', 'weights/lenet5.safetensors']) {
    assert.ok(files.includes(file), `${file} is not kept`);
  }
  assert.ok(files.includes('pkg/cpu/actmax_bg.wasm') && later.includes('pkg/webgpu/actmax_bg.wasm'));
  for (const file of [...files, ...later]) {
    assert.ok(existsSync(www + file), `www/${file} is listed and missing`);
  }
  assert.ok(existsSync(`${www}vendor/offline.js`), 'Run ./build.sh build.');
});

test('after one visit it needs no server, not for the other network either', async (t) => {
  const { tab, messages, page, close } = await visited(t);
  await close();
  await tab.reload();
  await done(tab);
  assert.equal(await tab.title(), 'first');
  await tab.goto(`${page}?network=lenet5`);
  await done(tab);
  assert.deepEqual(messages.filter((message) => !NO_NETWORK.test(message)), []);
});

test('without a network, every page of the site has all that it asks for', async (t) => {
  const { tab, messages, url, state } = await visited(t);
  state.down = true;
  const pages = state.list.files.filter((file) => file.endsWith('.html'));
  for (const file of [...pages, ...pages.map((file) => file.replace(/(index)?\.html$/, ''))]) {
    const response = await tab.goto(url + file, { waitUntil: 'load' });
    assert.equal(response?.status(), 200, file);
    if (file.startsWith('offline-test')) {
      await done(tab); // Or the next page would break off what this one still imports.
    }
    await askedForAll(tab);
    assert.deepEqual(messages, [], file);
  }
});

/**
 * Until a page has asked for nothing new for a second. (The driver's own count of requests under way may miss the end
 * of one that a service worker answers.)
 *
 * @param {import('puppeteer-core').Page} tab
 */
async function askedForAll(tab) {
  for (let before = -1; ; ) {
    const now = await tab.evaluate(() => performance.getEntriesByType('resource').length);
    if (now === before) {
      return;
    }
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

test('with a network, everything is as it is there', async (t) => {
  const { tab, messages, page, state } = await visited(t);
  state.title = 'second';
  await tab.goto(page);
  assert.equal(await tab.title(), 'second');
  await done(tab);

  // And a new version takes the old one's place, as a whole.
  const before = Object.keys(await cached(tab));
  assert.equal(before.length, 1);
  state.list = { ...state.list, version: 'second' };
  state.title = 'third';
  await tab.goto(page);
  await tab.waitForFunction(
    async (old) => {
      const names = await caches.keys();
      return names.length === 1 && names[0] !== old;
    },
    { timeout: TIMEOUT },
    before[0],
  );
  state.down = true;
  await tab.goto(page);
  assert.equal(await tab.title(), 'third');
  await done(tab);
  assert.deepEqual(messages.filter((message) => !NO_NETWORK.test(message)), []);
});

test('a version that does not arrive whole is not kept, and the last one stays', async (t) => {
  const { tab, page, state } = await visited(t);
  const [before] = Object.keys(await cached(tab));
  state.refused['/weights/lenet5.safetensors'] = 503;
  state.list = { ...state.list, version: 'second' };
  state.title = 'second';
  await tab.goto(page);
  assert.equal(await tab.title(), 'second');
  await tab.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const fresh = registration.installing;
    while (fresh && fresh.state === 'installing') {
      await new Promise((resolve) => fresh.addEventListener('statechange', resolve, { once: true }));
    }
  });
  assert.ok((await cached(tab))[before].length > 10);
  state.down = true;
  await tab.goto(`${page}?network=lenet5`);
  assert.equal(await tab.title(), 'first');
  await done(tab);
});

test('a broken cache does no harm while there is a network', async (t) => {
  const { tab, messages, page } = await visited(t);
  await tab.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const [index, request] of (await cache.keys()).entries()) {
        await (index % 2 ? cache.delete(request) : cache.put(request, new Response('nonsense')));
      }
    }
  });
  await tab.goto(page);
  await done(tab);
  assert.deepEqual(messages, []);
});

test('the module for WebGPU is kept once it has been used, unless it came as an error', async (t) => {
  const { tab, url, page, state } = await visited(t);
  const binary = `${url}pkg/webgpu/actmax_bg.wasm`;
  const backend = () =>
    tab.evaluate(async () => {
      const { sharedEngine } = await import(/** @type {any} */ ('./src/engine/shared-engine.js'));
      return (await sharedEngine()).status.backend;
    });
  const visit = async () => {
    await tab.goto(`${page}?backend=webgpu`);
    await done(tab);
    return backend();
  };
  const addresses = async () => Object.values(await cached(tab)).flat();
  assert.ok((await addresses()).includes(`${url}pkg/cpu/actmax_bg.wasm`));
  assert.ok(!(await addresses()).includes(binary));

  state.refused['/pkg/webgpu/actmax_bg.wasm'] = 404;
  assert.equal(await visit(), 'cpu');
  assert.ok(!(await addresses()).includes(binary));

  state.refused = {};
  assert.equal(await visit(), 'webgpu');
  await tab.waitForFunction(async (url) => (await caches.match(url)) !== undefined, {}, binary);
  state.down = true;
  assert.equal(await visit(), 'webgpu');
  assert.ok((await addresses()).every((address) => !address.includes('?')), 'one copy of each');
});

test('what is not on the list is left alone', async (t) => {
  const { tab, url, state } = await visited(t);
  const ask = () =>
    tab.evaluate(async () => {
      const answers = [fetch('frame.html'), fetch('engine.js', { method: 'POST' })];
      return Promise.all(answers.map((answer) => answer.then(({ status }) => status, () => 'failed')));
    });
  assert.deepEqual(await ask(), [200, 200]);
  state.down = true;
  assert.deepEqual(await ask(), ['failed', 'failed']);
  assert.ok(Object.keys(await cached(tab)).every((name) => name.includes(url)));
});

test('a page in a frame keeps nothing', async (t) => {
  const { url } = await site(t);
  const { page, messages } = await open(browser, `${url}frame.html`);
  t.after(() => page.close());
  const frame = await page.waitForFrame((it) => it.url().endsWith('offline-test.html'));
  await frame.waitForFunction(
    () => /** @type {any} */ (document.querySelector('activation-maximization'))?.state === 'done',
  );
  await frame.evaluate(() => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 500))));
  const registrations = await frame.evaluate(
    async () => (await navigator.serviceWorker.getRegistrations()).length,
  );
  assert.equal(registrations, 0);
  assert.deepEqual(messages.filter((message) => !/404/.test(message)), []);
});

test('it works in Firefox', { skip: !FIREFOX && 'There is no Firefox here.' }, async (t) => {
  const { page: address, state } = await site(t);
  const firefox = await launch('firefox');
  t.after(() => firefox.close());
  const { page } = await open(firefox, address);
  await done(page);
  await kept(page);
  state.down = true;
  await page.goto(`${address}?network=lenet5`);
  await done(page);
});
