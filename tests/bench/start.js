// @ts-check
// How soon there is a moving picture, and what was loaded for it: the page beside the least pages that
// draw ten digits with the others. Every time in a context of its own, with an empty cache.

import { readFile } from 'node:fs/promises';

import { median, spread } from './measure.js';
import { BARE, fileOf } from './server.js';
import { table, whole } from './table.js';
import { together, weigh } from './weigh.js';

/** @typedef {import('./bench.js').Stage} Stage */
/** @typedef {{ path: string, at: number }} Loaded A file, and when it was there. */

const OURS = ['?backend=cpu', '?backend=webgpu', '?backend=auto', 'embed.html?backend=cpu#digit=all&autoplay'];

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
  const seen = pages.map((path) => ({ path, times: /** @type {number[]} */ ([]), loaded: /** @type {Loaded[]} */ ([]) }));
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1}`);
    for (const page of seen) {
      const { first, loaded } = await visit(browser, url + page.path, round === 0);
      page.times.push(first);
      page.loaded.push(...loaded);
    }
  }
  const rows = [];
  for (const { path, times, loaded } of seen) {
    const until = await weightOf(loaded.filter((it) => it.at <= times[0]));
    const all = await weightOf(loaded);
    rows.push([
      path.replace('bench/', '').replace('.html', ''),
      `${whole(median(times))} ± ${whole(spread(times))}`,
      ...[until, all].flatMap(({ raw, gzip, brotli }) => [raw, gzip, brotli].map(whole)),
    ]);
  }
  const head = ['page', 'first moving picture, ms', 'bytes until then', 'gzip', 'brotli', 'bytes in all', 'gzip', 'brotli'];
  const sound = seen.every(({ times }) => times.every(Number.isFinite));
  return { text: `${table(head, rows)}\n\n${NOTE}`, sound };
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} address
 * @param {boolean} count Whether to tell what was loaded.
 * @returns {Promise<{ first: number, loaded: Loaded[] }>} No number, if there is no picture.
 */
async function visit(browser, address, count) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.evaluateOnNewDocument(watch);
    await page.goto(address);
    const look = () => /** @type {any} */ (window).firstPicture;
    const found = await page.waitForFunction(look, { timeout: TIMEOUT }).catch(() => undefined);
    const first = Number((await found?.jsonValue()) ?? NaN);
    return { first, loaded: count ? await page.evaluate(settled, QUIET) : [] };
  } finally {
    await context.close();
  }
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

/** Runs in the page: what it has loaded, once it loads no more. @param {number} quiet @returns {Promise<Loaded[]>} */
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
  return readFile(new URL(`../../www${file}`, import.meta.url));
}
