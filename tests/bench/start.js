// @ts-check
// How soon there is a moving picture, and what was loaded for it: the page beside the least pages that
// draw ten digits with the others. Every time in a context of its own, with an empty cache.

import { readFile } from 'node:fs/promises';

import { median, spread } from './measure.js';
import { SITE } from '../page/browser.js';
import { BARE, fileOf } from './server.js';
import { table, whole } from './table.js';
import { together, weigh } from './weigh.js';

/** @typedef {import('./bench.js').Stage} Stage */
/** @typedef {{ path: string, at: number, from: string }} Loaded A file, when it was there, and what asked for it. */

const OURS = ['?backend=cpu', '?backend=webgpu', '?backend=auto', 'embed.html?backend=cpu#digit=all&autoplay'];

/** A phone on a train: 9 Mbit/s, 170 ms, a processor that takes four times as long. */
const PHONE = { downloadThroughput: 9e6 / 8, uploadThroughput: 1.5e6 / 8, latency: 170, offline: false };
const SLOWER = 4;

/** Milliseconds without another file, after which all are there. */
const QUIET = 2000;
const TIMEOUT = 30_000;

const NOTE =
  'Bytes are those of the page itself: its service worker, which keeps all for use without a network, ' +
  'begins later. The pages with a name have ten canvases, the MLP and nothing else, and are bundled: those ' +
  'compare with each other.';

/** @param {Stage} stage */
export async function start({ browser, url, rounds, say }) {
  const pages = [...OURS, ...BARE.map((name) => `bench/${name}.html`)];
  const places = [...pages.map((path) => ({ path, phone: false })), ...pages.filter((it) => !/webgpu/.test(it)).map((path) => ({ path, phone: true }))];
  const seen = places.map((it) => ({ ...it, times: /** @type {number[]} */ ([]), loaded: /** @type {Loaded[]} */ ([]) }));
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1}`);
    for (const page of seen) {
      const { first, loaded } = await visit(browser, url + page.path, page.phone, round === 0);
      page.times.push(first);
      page.loaded.push(...loaded);
    }
  }
  const rows = [];
  for (const { path, phone, times, loaded } of seen) {
    const needed = loaded.filter((it) => it.at <= times[0]);
    const until = await weightOf(needed);
    const all = await weightOf(loaded);
    rows.push([
      `${path.replace('bench/', '').replace('.html', '')}${phone ? ', on a phone' : ''}`,
      `${whole(median(times))} ± ${whole(spread(times))}`,
      whole(needed.length),
      whole(Math.max(...needed.map((it) => depth(it, loaded)))),
      ...[until, all].flatMap(({ raw, gzip, brotli }) => [raw, gzip, brotli].map(whole)),
    ]);
  }
  const head = [
    'page', 'first moving picture, ms', 'requests until then', 'one after another', 'bytes', 'gzip', 'brotli', 'bytes in all', 'gzip', 'brotli',
  ];
  const sound = seen.every(({ times }) => times.every(Number.isFinite));
  return { text: `${table(head, rows)}\n\n${NOTE}`, sound };
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} address
 * @param {boolean} phone
 * @param {boolean} count Whether to tell what was loaded.
 * @returns {Promise<{ first: number, loaded: Loaded[] }>} No number, if there is no picture.
 */
async function visit(browser, address, phone, count) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.evaluateOnNewDocument(watch);
    const session = await page.createCDPSession();
    await session.send('Network.enable');
    if (phone) {
      await session.send('Network.emulateNetworkConditions', PHONE);
      await page.emulateCPUThrottling(SLOWER);
    }
    /** By address: what asked for it. @type {Map<string, string>} */
    const askedBy = new Map();
    session.on('Network.requestWillBeSent', ({ request, initiator, documentURL, type }) => {
      const path = new URL(request.url).pathname;
      if (!askedBy.has(path)) {
        // What is loaded ahead for no script is named by the page.
        const from = initiator.url ?? scriptOf(initiator.stack) ?? (type === 'Document' ? undefined : documentURL);
        askedBy.set(path, from ? new URL(from).pathname : '');
      }
    });
    await page.goto(address, { waitUntil: [] });
    const look = () => /** @type {any} */ (window).firstPicture;
    const found = await page.waitForFunction(look, { timeout: TIMEOUT }).catch(() => undefined);
    const first = Number((await found?.jsonValue()) ?? NaN);
    const loaded = count ? await page.evaluate(settled, QUIET) : [];
    return { first, loaded: loaded.map((it) => ({ ...it, from: askedBy.get(it.path) ?? '' })) };
  } finally {
    await context.close();
  }
}

/** The script that asked, also where it had waited for something. @param {import('puppeteer-core').Protocol.Runtime.StackTrace | undefined} stack @returns {string | undefined} */
function scriptOf(stack) {
  return stack && (stack.callFrames.find(({ url }) => url !== '')?.url ?? scriptOf(stack.parent));
}

/** Runs in the page, before anything else. */
function watch() {
  const kept = /** @type {any} */ (window);
  performance.setResourceTimingBufferSize(1000);
  const look = () => {
    const figure = /** @type {any} */ (document.getElementById('hero') ?? document.querySelector('activation-maximization'));
    if ((figure?.iteration ?? kept.iteration ?? 0) > 0) {
      kept.firstPicture = performance.now();
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

/** Runs in the page: what it has loaded, once it loads no more. @param {number} quiet @returns {Promise<Omit<Loaded, 'from'>[]>} */
async function settled(quiet) {
  const entries = () => /** @type {PerformanceResourceTiming[]} */ (
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  );
  for (let last = -1; last !== entries().length; ) {
    last = entries().length;
    await new Promise((resolve) => setTimeout(resolve, quiet));
  }
  return entries().map(({ name, responseEnd }) => ({ path: new URL(name).pathname, at: responseEnd }));
}

/** How many files had to come one after another, for this one to come. @param {Loaded} file @param {Loaded[]} all @returns {number} */
function depth({ path, from }, all) {
  const before = all.find((it) => it.path === from && it.path !== path);
  return before ? 1 + depth(before, all) : 1;
}

/** @param {Loaded[]} loaded */
async function weightOf(loaded) {
  const paths = [...new Set(loaded.map(({ path }) => path))];
  return together(await Promise.all(paths.map(async (path) => weigh(await bytesOf(path)))));
}

/** @param {string} path @returns {Promise<Buffer>} */
async function bytesOf(path) {
  if (path.startsWith('/bench/')) {
    return fileOf(path.slice('/bench/'.length)) ?? Buffer.alloc(0);
  }
  const file = path.endsWith('/') ? `${path}index.html` : path;
  return readFile(SITE + file);
}
