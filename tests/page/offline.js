// @ts-check
// A site that a test can cut off, bring up to date or silence, and a page of it that was visited once.

import { readFileSync } from 'node:fs';

import { offlineList, offlineScript } from '../offline-list.js';
import { open, serve } from './browser.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** Milliseconds. */
export const TIMEOUT = 60_000;

const WORKER = new URL('../../www/service-worker.js', import.meta.url);

/** The worker, which also tells whoever asks how many files it has hashed since it started. */
const worker = () => `let hashed = 0;
const digest = crypto.subtle.digest;
SubtleCrypto.prototype.digest = function (...given) {
  hashed += 1;
  return digest.apply(this, given);
};
self.addEventListener('message', ({ ports }) => ports[0].postMessage(hashed));
${readFileSync(WORKER, 'utf8')}`;

/** @param {string} title */
const fixture = (title) => `<!doctype html><html lang="en">
<title>${title}</title><link rel="icon" href="icon.svg">
<script type="module">
  import { keepOffline } from './src/page/offline.js';
  import { useBackend } from './src/engine/shared-engine.js';
  const search = new URLSearchParams(location.search);
  useBackend(search.get('backend') ?? 'cpu');
  const figure = document.querySelector('activation-maximization');
  figure.setAttribute('network', search.get('network') ?? 'mlp');
  figure.setAttribute('rotation', search.get('turn') ?? '0');
  keepOffline();
  import('./activation-maximization.js');
</script>
<activation-maximization digit="3" steps="10" autoplay pace="full" loading="eager">
</activation-maximization></html>`;

/** The browser's own words for a file that it did not get. */
export const NO_NETWORK = /Failed to load resource|ERR_EMPTY_RESPONSE|network error response/;

/**
 * A site that can be cut off, and brought up to date. Its own origin, and so its own caches.
 *
 * @param {import('node:test').TestContext} test
 */
export async function site(test) {
  const state = {
    down: false,
    /** No answer at all, for ever. */
    silent: false,
    title: 'first',
    list: offlineList(),
    /** @type {Record<string, number>} */
    refused: {},
  };
  state.list.files.push('offline-test.html');
  /** @type {Record<string, () => string>} */
  const own = {
    '/offline-test.html': () => fixture(state.title),
    '/vendor/offline.js': () => offlineScript(state.list),
    '/service-worker.js': worker,
    '/frame.html': () => '<!doctype html><iframe src="offline-test.html"></iframe>',
  };
  const server = await serve((path, response) => {
    if (state.down) {
      response.req.socket.destroy();
      return true;
    }
    if (state.silent) {
      return true;
    }
    if (path === '/index.html') {
      response.writeHead(301, { location: './' }); // As many servers do.
      response.end();
      return true;
    }
    const status = state.refused[path] ?? 200;
    if (!own[path] && status === 200) {
      return false;
    }
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(status === 200 ? own[path]() : '');
    return true;
  });
  test.after(() => server.close());
  return { ...server, state, page: `${server.url}offline-test.html` };
}

/** Until the figure's run is over. @param {Page} page */
export async function done(page) {
  await page.waitForFunction(
    () => /** @type {any} */ (document.querySelector('activation-maximization'))?.state === 'done',
    { timeout: TIMEOUT },
  );
}

/** Until everything is kept. @param {Page} page */
export const kept = (page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== 'activated') {
      await new Promise((resolve) => active?.addEventListener('statechange', resolve, { once: true }));
    }
  });

/** How many files the worker has hashed since it started. @param {Page} page @returns {Promise<number>} */
export const hashed = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => resolve(data);
        navigator.serviceWorker.controller?.postMessage('how many?', [port2]);
      }),
  );

/** The addresses in each cache. @param {Page} page @returns {Promise<Record<string, string[]>>} */
export const cached = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const entries = names.map(async (name) => {
      const requests = await (await caches.open(name)).keys();
      return [name, requests.map(({ url }) => url)];
    });
    return Object.fromEntries(await Promise.all(entries));
  });

/**
 * Visits once, until everything is kept.
 *
 * @param {import('node:test').TestContext} test
 * @param {import('puppeteer-core').Browser} browser
 */
export async function visited(test, browser) {
  const it = await site(test);
  const { page, messages } = await open(browser, it.page);
  test.after(() => page.close());
  await done(page);
  await kept(page);
  return { ...it, page: it.page, tab: page, messages };
}

