// @ts-check
// A version that is published in the middle of a visit: no page is ever of two, with a service worker or without, with
// all that a browser keeps for ten minutes, with a request that fails and one that is never answered.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { keepPrevious } from '../build/keep-previous.js';
import { launch, openIn } from './browser.js';
import { TIMEOUT } from './figure.js';
import { pairs } from './nightly.js';
import { published, versions, versionsIn } from './versions.js';

/** @typedef {import('puppeteer-core').Page} Page */

const folders = await versions();

/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  browser = await launch('chromium');
});
after(() => browser.close());

/** The pages of a visit, and what on each is to move. @type {[string, string][]} */
const VISIT = [
  ['?backend=cpu', '#hero'],
  ['embed.html?backend=cpu#digit=3', 'main activation-maximization'],
  ['slides/?backend=cpu', '.present activation-maximization'],
];

/** What goes wrong with a file of the new version. @type {Record<string, Record<string, number | 'nothing'>>} */
const TROUBLES = {
  'all well': {},
  'a script fails': { '/assets/figure.js': 503 },
  'a script is not there yet': { '/assets/actmax-engine.js': 404 },
  'a script is never answered': { '/assets/index.js': 'nothing', '/assets/embed.js': 'nothing', '/assets/slides.js': 'nothing' },
  'a style sheet fails': { '/assets/index.css': 503, '/assets/figure.css': 503 },
};

/** For `evaluateOnNewDocument`: a browser that lets no worker in, as in private windows. */
function withoutWorkers() {
  Object.defineProperty(navigator, 'serviceWorker', { value: { register: () => Promise.reject(new Error('no')), getRegistrations: async () => [] } });
}

/**
 * Goes to a page, and waits until it moves or says that it could not be loaded whole.
 *
 * @param {Page} page
 * @param {string} address
 * @param {string} selector
 */
async function look(page, address, selector) {
  await page.goto('about:blank');
  await page.goto(address, { waitUntil: [] });
  await page.waitForFunction(
    (selector) => document.getElementById('unloaded') || /** @type {any} */ (document.querySelector(selector))?.iteration > 0,
    { timeout: TIMEOUT, polling: 100 },
    selector,
  );
  return { versions: await versionsIn(page), moves: (await page.$('#unloaded')) === null };
}

/** Whether a figure moves, in the page. @param {string} selector */
const moves = (selector) => /** @type {any} */ (document.querySelector(selector))?.iteration > 0;

/** For `evaluateOnNewDocument`: what is waited for half a minute takes three seconds. */
function impatient() {
  const real = window.setTimeout;
  Object.assign(window, {
    setTimeout: (/** @type {() => void} */ act, /** @type {number} */ delay) => real(act, delay === 30_000 ? 3000 : delay),
  });
}

for (const [[trouble, refused], worker] of pairs(Object.entries(TROUBLES), ['with a worker', 'without'])) {
  test(`${worker}, ${trouble}`, async (t) => {
    const { url, state } = await published(t, folders);
    const context = await browser.createBrowserContext();
    t.after(() => context.close());
    const { page } = await openIn(context);
    await page.evaluateOnNewDocument(impatient);
    if (worker === 'without') {
      await page.evaluateOnNewDocument(withoutWorkers);
    }
    const [[start, hero]] = VISIT;
    assert.deepEqual(await look(page, url + start, hero), { versions: ['1'], moves: true });
    if (worker === 'with a worker') {
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    }

    // Each trouble on one page, if not on all.
    const visit = pairs(Object.keys(TROUBLES), VISIT).filter(([it]) => it === trouble).map(([, it]) => it);
    state.version = 2;
    state.refused = refused;
    // The page that is there goes on, with what it asks for late.
    await page.evaluate(() => document.querySelector('#lab')?.scrollIntoView({ behavior: 'instant' }));
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#lab'))?.experiment, { timeout: TIMEOUT, polling: 100 });
    assert.deepEqual(await versionsIn(page), ['1']);
    for (const [path, selector] of visit) {
      const seen = await look(page, url + path, selector);
      assert.equal(seen.versions.length, 1, `${path} is of the versions ${seen.versions}`);
      if (worker === 'with a worker' && trouble !== 'all well') {
        assert.deepEqual(seen, { versions: ['1'], moves: true }, `${path} is kept`);
      }
    }

    state.refused = {};
    for (const [path, selector] of visit) {
      await look(page, url + path, selector);
      await page.reload({ waitUntil: [] }); // Whoever wants the new version asks for it.
      await page.waitForFunction(moves, { timeout: TIMEOUT, polling: 100 }, selector);
      const found = await versionsIn(page);
      assert.ok(found.length === 1, `${path} is of the versions ${found}`);
      if (worker === 'without') {
        assert.deepEqual(found, ['2'], path);
      }
    }
  });
}

test('a page of the version before finds its files after the next is published', async (t) => {
  const { url } = await published(t, folders);
  const folder = mkdtempSync(join(tmpdir(), 'actmax-next-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(folders[1], folder, { recursive: true });
  const files = (/** @type {string} */ it) => readdirSync(join(it, 'assets')).sort();
  const added = await keepPrevious(url, folder);
  assert.ok(added.some((it) => /assets\/figure-.*\.js$/.test(it)) && added.length > 5, `${added}`);
  assert.deepEqual(files(folder), [...new Set([...files(folders[0]), ...files(folders[1])])].sort());
  const same = (/** @type {string} */ it) => readFileSync(join(folder, it)).equals(readFileSync(join(folders[1], it)));
  assert.ok(['index.html', 'engine.js', 'service-worker.js'].every(same), 'what has no hash is the new version’s');
});
