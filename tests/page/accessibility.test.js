// @ts-check
// axe on every page, in both color schemes and on a phone; and no message on any console.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { browserAndServer, open } from './browser.js';
import { pairs } from './nightly.js';
import { ask, bring, fixture } from './owning.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const { browser, server } = await browserAndServer();

/**
 * What axe finds on a page once it is as `ready` says.
 *
 * @param {object} visit
 * @param {string} visit.path
 * @param {'light' | 'dark'} visit.scheme
 * @param {number} visit.width
 * @param {(page: import('puppeteer-core').Page) => Promise<unknown>} visit.ready
 */
async function findings({ path, scheme, width, ready }) {
  const { page, messages } = await open(browser, 'about:blank');
  try {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(server.url + path);
    await ready(page);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const result = await /** @type {any} */ (window).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return result.violations.map((/** @type {any} */ it) => ({
        id: it.id,
        help: it.help,
        nodes: it.nodes.map((/** @type {any} */ node) => `${node.target.join(' ')}: ${node.failureSummary}`),
      }));
    });
    return { violations, messages };
  } finally {
    await page.close();
  }
}

/** @param {string} id */
const done = (id) => (/** @type {import('puppeteer-core').Page} */ page) =>
  page.waitForFunction((id) => /** @type {any} */ (document.querySelector(id))?.state === 'done', {}, id);

const FIGURE = 'activation-maximization';
const PAGES = [
  { path: '?backend=cpu#network=both&digit=all&steps=20&pace=full&row=3', ready: done('#lab') },
  {
    path: '?backend=cpu',
    ready: async (/** @type {import('puppeteer-core').Page} */ page) => {
      await page.waitForSelector('#means canvas');
      await page.$$eval('details', (all) => all.forEach((it) => (it.open = true)));
      await page.waitForFunction(() => /** @type {any} */ (document.getElementById('hero')).iteration > 1);
      await page.evaluate(() => /** @type {any} */ (document.getElementById('hero')).pause());
    },
  },
  {
    path: '?backend=cpu#network=mlp&steps=5&pace=full', // With a network of one's own, and another asked about.
    ready: async (/** @type {import('puppeteer-core').Page} */ page) => {
      await page.waitForSelector('.drop-zone');
      await bring(page, fixture('my_mlp_drop.safetensors'));
      await ask(page, fixture('my_lenet.safetensors'));
      await page.select('.questions select[name="inputs"]', '0');
      await done('#lab')(page);
    },
  },
  { path: 'embed.html?backend=cpu#digit=3&pace=full&show=all', ready: done(FIGURE) },
  { path: 'slides/', ready: (/** @type {import('puppeteer-core').Page} */ page) => page.waitForSelector('.reveal.ready') },
  { path: 'examples/', ready: (/** @type {import('puppeteer-core').Page} */ page) => page.waitForSelector('h1') },
  { path: 'examples/api.html', ready: (/** @type {import('puppeteer-core').Page} */ page) => page.waitForSelector('canvas') },
  { path: 'examples/element.html', ready: done(FIGURE) },
  { path: 'examples/iframe.html', ready: (/** @type {import('puppeteer-core').Page} */ page) => page.waitForSelector('iframe') },
];

/** @type {['light' | 'dark', number][]} */
const LOOKS = [['light', 1280], ['dark', 390], ['dark', 1280], ['light', 390]];
for (const [{ path, ready }, [scheme, width]] of pairs(PAGES, LOOKS)) {
  test(`/${path}, ${scheme}, ${width} wide`, async () => {
    const { violations, messages } = await findings({ path, scheme, width, ready });
    assert.deepEqual(violations, []);
    assert.deepEqual(messages, []);
  });
}
