// @ts-check
// What is left of the page without a network, after one visit; and what takes the place of what is kept.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { FIREFOX, SITE, launch, open } from './browser.js';
import { TIMEOUT } from './figure.js';
import { few } from './nightly.js';
import { published, versions, versionsIn } from './versions.js';

/** @typedef {import('puppeteer-core').Page} Page */

const folders = await versions();

/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  browser = await launch('chromium');
});
after(() => browser.close());

/** The browser's own words for a file that it did not get. */
const NO_NETWORK = /Failed to load resource|ERR_EMPTY_RESPONSE|network error response/;

/** A figure that is done soon. */
const FIGURE = 'embed.html?backend=cpu#digit=3&steps=10&pace=full&autoplay=1';

/** Until the figure's run is over. @param {Page} page */
const done = (page) =>
  page.waitForFunction(() => /** @type {any} */ (document.querySelector('main activation-maximization'))?.state === 'done', {
    timeout: TIMEOUT,
    polling: 100,
  });

/** Until a worker is in charge. @param {Page} page */
const kept = (page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== 'activated') {
      await new Promise((resolve) => active?.addEventListener('statechange', resolve, { once: true }));
    }
  });

/** Has the browser look for a new version. Settles once that is kept whole, or has been given up. @param {Page} page */
const updated = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const fresh = registration.installing;
    while (fresh?.state === 'installing') {
      await new Promise((resolve) => fresh.addEventListener('statechange', resolve, { once: true }));
    }
    return fresh?.state ?? 'none';
  });

/** The addresses in each cache. @param {Page} page @returns {Promise<Record<string, string[]>>} */
const cached = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const entries = names.map(async (name) => {
      const requests = await (await caches.open(name)).keys();
      return [name, requests.map(({ url }) => url.replace(/\?__WB_REVISION__.*/, ''))];
    });
    return Object.fromEntries(await Promise.all(entries));
  });

/** Visits the page once, until everything is kept. @param {import('node:test').TestContext} test */
async function visited(test) {
  const site = await published(test, folders, 'no-cache');
  const { page: tab, messages } = await open(browser, `${site.url}?backend=cpu`);
  test.after(() => tab.close());
  await kept(tab);
  return { ...site, tab, messages };
}

test('all that the site has is kept, but for what only a GPU has a use for', () => {
  const worker = readFileSync(`${SITE}/service-worker.js`, 'utf8');
  const listed = new Set([...worker.matchAll(/url:\s*["'`]([^"'`]+)["'`]|"url":"([^"]+)"/g)].map(([, a, b]) => a ?? b));
  const files = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter((it) => /\.(html|js|css|svg|wasm|safetensors)$/.test(it));
  const twins = (/** @type {string} */ it) => it.startsWith('weights/') || it === 'config.js';
  const wanted = files.filter((it) => !/^assets\/webgpu/.test(it) && !twins(it) && it !== 'service-worker.js');
  assert.ok(wanted.some((it) => /^assets\/cpu-.*\.wasm$/.test(it)));
  assert.deepEqual([...listed].sort(), wanted.sort());
});

test('after one visit it needs no server, not for the other network either', async (t) => {
  const { tab, messages, url, close } = await visited(t);
  await close();
  await tab.goto(url + FIGURE);
  await done(tab);
  await tab.goto('about:blank');
  await tab.goto(`${url + FIGURE}&network=lenet5`);
  await done(tab);
  assert.deepEqual(await versionsIn(tab), ['1']);
  assert.deepEqual(messages.filter((message) => !NO_NETWORK.test(message)), []);
});

test('without a network, every page of the site has all that it asks for', async (t) => {
  const { tab, messages, url, state } = await visited(t);
  state.down = true;
  const pages = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter((it) => it.endsWith('.html'));
  for (const file of [...pages, ...few(pages.map((it) => it.replace(/(index)?\.html$/, '')), 2)]) {
    const response = await tab.goto(url + file, { waitUntil: 'load' });
    assert.equal(response?.status(), 200, file);
    await askedForAll(tab);
    assert.deepEqual(messages, [], file);
  }
});

/**
 * Until a page has asked for nothing new for a second. (The driver's own count of requests under way may miss the end
 * of one that a service worker answers.)
 *
 * @param {Page} tab
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

test('a new version is shown once no tab shows the old one, and then as a whole', async (t) => {
  const { tab, url, state } = await visited(t);
  const other = await browser.newPage();
  await other.goto(url + FIGURE);
  await done(other);
  state.version = 2;
  assert.equal(await updated(tab), 'installed');
  await tab.bringToFront();
  await tab.goto(url + FIGURE);
  await done(tab);
  assert.deepEqual(await versionsIn(tab), ['1'], 'while another tab shows the first');
  await other.close();
  let loads = 0;
  tab.on('framenavigated', (frame) => (loads += Number(frame === tab.mainFrame())));
  await tab.evaluate(() => location.reload()); // The driver waits for the load of one document, and this is two.
  await tab.waitForFunction(() => document.documentElement.dataset.version === '2', { timeout: TIMEOUT, polling: 100 });
  await done(tab);
  assert.deepEqual(await versionsIn(tab), ['2'], 'loaded again');
  assert.equal(loads, 2, 'once to have the new version take over, and once to show it');
  state.down = true;
  await tab.reload();
  await done(tab);
  assert.deepEqual(await versionsIn(tab), ['2'], 'without a network');
  const all = Object.values(await cached(tab)).flat();
  assert.equal(all.filter((it) => it === `${url}index.html`).length, 1, 'nothing of the first version is left');
});

for (const [what, refuse] of few(/** @type {[string, (state: Awaited<ReturnType<typeof published>>['state']) => void][]} */ ([
  ['does not arrive whole', (state) => (state.refused['/assets/figure.js'] = 503)],
  ['arrives with other bytes', (state) => (state.refused['/assets/figure.js'] = 'other bytes')],
  ['comes with a page of the version before', (state) => (state.pages = 1)],
]), (_, at) => at > 0)) {
  test(`a version that ${what} is not kept, and the last one stays`, async (t) => {
    const { tab, url, state } = await visited(t);
    state.version = 2;
    refuse(state);
    assert.equal(await updated(tab), 'redundant');
    state.down = true;
    await tab.goto(`${url + FIGURE}&network=lenet5`);
    await done(tab);
    assert.deepEqual(await versionsIn(tab), ['1']);
    state.down = false;
    state.refused = {};
    state.pages = undefined;
    assert.equal(await updated(tab), 'installed', 'it is kept when it can be had');
  });
}

// But for style sheets and classic scripts: Workbox puts nothing back whose bytes it cannot check.
test('what the browser has dropped is fetched and kept again', async (t) => {
  const { tab, messages, url } = await visited(t);
  const before = await cached(tab);
  await tab.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      await Promise.all((await cache.keys()).filter(({ url }, index) => url.includes('/assets/') && index % 2).map((it) => cache.delete(it)));
    }
  });
  await tab.goto(url + FIGURE);
  await done(tab);
  assert.deepEqual(messages, []);
  const needed = await tab.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(/\?.*/, '')));
  const known = new Set(Object.values(before).flat());
  const now = new Set(Object.values(await cached(tab)).flat());
  const checked = needed.filter((it) => known.has(it) && /\.(wasm|safetensors)$|\/(actmax-engine|figure|embed)-.*\.js$/.test(it));
  assert.ok(checked.length > 4);
  assert.deepEqual(checked.filter((it) => !now.has(it)), []);
});

test('where the network does not answer, the page is there all the same', async (t) => {
  const { tab, url, state } = await visited(t);
  state.silent = true;
  await tab.goto(url + FIGURE);
  await done(tab);
});

test('the module for WebGPU is kept once it has been used, unless it came as an error', async (t) => {
  const { tab, url, state } = await visited(t);
  const shows = async (/** @type {string} */ name) => {
    await tab.goto('about:blank');
    await tab.goto(`${url}?backend=webgpu`);
    await tab.waitForFunction((name) => document.getElementById('backend-name')?.textContent?.startsWith(name), { timeout: TIMEOUT, polling: 100 }, name);
  };
  const modules = async () => Object.values(await cached(tab)).flat().filter((it) => it.includes('/assets/webgpu'));
  assert.deepEqual(await modules(), []);

  state.refused['/pkg/webgpu/actmax_bg.wasm'] = 404;
  await shows('CPU: WebGPU could not be started');
  assert.ok(!(await modules()).some((it) => it.endsWith('.wasm')));

  state.refused = {};
  await shows('Running on WebGPU');
  for (const end = Date.now() + TIMEOUT; (await modules()).length < 2; ) {
    assert.ok(Date.now() < end, `${await modules()}`);
  }
  state.down = true;
  await shows('Running on WebGPU');
  assert.ok((await modules()).every((address) => !address.includes('?')), 'one copy of each');
});

test('what is not of this site is left alone', async (t) => {
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

test('caches of workers that were written otherwise are removed, and nobody else’s', async (t) => {
  const { url } = await published(t, folders, 'no-cache');
  const { page } = await open(browser, `${url}icon.svg`);
  t.after(() => page.close());
  await page.evaluate(async (url) => {
    await caches.open(`actmax ${url} 0123456789abcdef`);
    await caches.open('somebody else’s');
  }, url);
  await page.goto(`${url}?backend=cpu`);
  await kept(page);
  const names = Object.keys(await cached(page));
  assert.ok(names.includes('somebody else’s'));
  assert.deepEqual(names.filter((it) => it.startsWith('actmax')), [`actmax ${url} kept`]);
});

test('a page in a frame keeps nothing', async (t) => {
  const { url } = await published(t, folders, 'no-cache');
  const { page, messages } = await open(browser, `${url}frame.html`);
  t.after(() => page.close());
  const frame = await page.waitForFrame((it) => it.url().includes('backend=cpu'));
  await frame.waitForFunction(() => /** @type {any} */ (document.getElementById('hero'))?.iteration > 0);
  await frame.evaluate(() => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 500))));
  const registrations = await frame.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  assert.equal(registrations, 0);
  assert.deepEqual(messages.filter((message) => !/404/.test(message)), []);
});

test('it works in Firefox', { skip: !FIREFOX && 'There is no Firefox here.' }, async (t) => {
  const { url, state } = await published(t, folders, 'no-cache');
  const firefox = await launch('firefox');
  t.after(() => firefox.close());
  const { page } = await open(firefox, `${url}?backend=cpu`);
  await kept(page);
  state.down = true;
  await page.goto(`${url + FIGURE}&network=lenet5`);
  await done(page);
});
