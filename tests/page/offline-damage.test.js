// @ts-check
// What the disk has damaged is not used, and heals; a network that says nothing is none.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from './browser.js';
import { NO_NETWORK, TIMEOUT, cached, done, hashed, visited as visitedIn } from './offline.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  browser = await launch('chromium');
});
after(() => browser.close());

/** @param {import('node:test').TestContext} test */
const visited = (test) => visitedIn(test, browser);

/** Puts other bytes in place of some that are kept. @param {Page} page @param {string} ending Of their addresses. */
const damage = (page, ending) =>
  page.evaluate(async (ending) => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      const requests = (await cache.keys()).filter(({ url }) => url.endsWith(ending));
      await Promise.all(requests.map((request) => cache.put(request, new Response('nonsense'))));
    }
  }, ending);

/** Which of the files that are kept have other bytes than the build says. @param {Page} page */
const damaged = (page) =>
  page.evaluate(async () => {
    const list = await (await fetch('vendor/offline.js')).text();
    const { hashes, files } = JSON.parse(list.slice(list.indexOf('{'), list.lastIndexOf('}') + 1));
    const wrong = [];
    for (const file of files) {
      const kept = await caches.match(file);
      const hash = kept && (await crypto.subtle.digest('SHA-256', await kept.arrayBuffer()));
      const text = hash && btoa(String.fromCharCode(...new Uint8Array(hash)));
      if (!text || (hashes[file] && hashes[file] !== text)) {
        wrong.push(file);
      }
    }
    return wrong;
  });

test('a damaged cache heals while there is a network', async (t) => {
  const { tab, messages, page, state } = await visited(t);
  assert.deepEqual(await damaged(tab), []);
  await damage(tab, '.wasm');
  await damage(tab, '.js');
  assert.ok((await damaged(tab)).length > 20);
  await tab.goto(page);
  await done(tab);
  for (const began = Date.now(); (await damaged(tab)).length > 0; ) {
    assert.ok(Date.now() - began < TIMEOUT, `still damaged: ${await damaged(tab)}`);
  }
  state.down = true;
  await tab.goto(page);
  await done(tab);
  assert.deepEqual(messages.filter((message) => !NO_NETWORK.test(message)), []);
});

/** Ends the worker, as browsers do after half a minute without work. @param {Page} page */
async function endWorker(page) {
  const client = await page.createCDPSession();
  await client.send('ServiceWorker.enable');
  await client.send('ServiceWorker.stopAllWorkers');
  await client.detach();
}

test('the whole cache is looked through once a day, not whenever the worker wakes', async (t) => {
  const { tab, page } = await visited(t);
  await tab.goto(page);
  await done(tab);
  const marked = () => tab.evaluate(async () => (await caches.match('looked-through')) !== undefined);
  for (const began = Date.now(); !(await marked()); ) {
    assert.ok(Date.now() - began < TIMEOUT, 'it is never looked through');
  }
  assert.ok((await hashed(tab)) > 50, `${await hashed(tab)} files hashed`);

  // Another worker: what is missing is fetched, and nothing else is read.
  await tab.evaluate(async () => {
    for (const name of await caches.keys()) {
      await (await caches.open(name)).delete('icon.svg');
    }
  });
  await endWorker(tab);
  await tab.goto(page);
  await done(tab);
  await tab.waitForFunction(async () => (await caches.match('icon.svg')) !== undefined, { timeout: TIMEOUT });
  const few = await hashed(tab);
  assert.ok(few < 5, `${few} files hashed`);

  // A day later.
  await damage(tab, 'weights/robust.safetensors');
  await damage(tab, 'looked-through');
  await endWorker(tab);
  await tab.goto(page);
  for (const began = Date.now(); (await damaged(tab)).length > 0; ) {
    assert.ok(Date.now() - began < TIMEOUT, `still damaged: ${await damaged(tab)}`);
  }
});

test('what is damaged is not used without a network; with one, it is fetched and kept again', async (t) => {
  const { tab, page, state } = await visited(t);
  await damage(tab, 'weights/mlp.safetensors');
  state.down = true;
  await tab.goto(page);
  const status = await tab.waitForFunction(
    () =>
      /** @type {any} */ (document.querySelector('activation-maximization'))?.shadowRoot?.querySelector(
        '.status.failed',
      ),
    { timeout: TIMEOUT, polling: 100 }, // Nothing is drawn any more: there may be no frames.
  );
  assert.match(
    await status.evaluate((/** @type {any} */ it) => it.textContent),
    /The file of the network mlp could not be loaded from .*: is there a connection\?/,
  );
  state.down = false;
  await status.evaluate((/** @type {any} */ it) => it.querySelector('button').click());
  await done(tab);
  await tab.waitForFunction(
    async () => ((await (await caches.match('weights/mlp.safetensors'))?.arrayBuffer())?.byteLength ?? 0) > 1e5,
  );
  state.down = true;
  await tab.goto(page);
  await done(tab);
});

test('where the network does not answer, the page is there all the same', async (t) => {
  const { tab, page, state } = await visited(t);
  state.silent = true;
  await tab.goto(page);
  await done(tab);
  assert.equal(await tab.title(), 'first');
});

test('a file that does not arrive as it was built is not kept', async (t) => {
  const { tab, page, state } = await visited(t);
  const [before] = Object.keys(await cached(tab));
  const hashes = { ...state.list.hashes, 'weights/lenet5.safetensors': state.list.hashes['icon.svg'] };
  state.list = { ...state.list, version: 'second', hashes };
  await tab.goto(page);
  await tab.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const fresh = registration.installing;
    while (fresh && fresh.state === 'installing') {
      await new Promise((resolve) => fresh.addEventListener('statechange', resolve, { once: true }));
    }
  });
  assert.ok((await cached(tab))[before].length > 10, 'the last version stays');
  const names = Object.values(await cached(tab)).filter((addresses) => addresses.length > 0);
  assert.equal(names.length, 1);
});
