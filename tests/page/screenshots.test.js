// @ts-check
// Pictures of every page, to be looked at: phone, laptop and projector, light and dark. They are
// written to target/screenshots, or to the folder in $SCREENSHOTS; the README's www/screenshot.png
// is laptop-light-top.png. What can be tested about them is: nothing is wider than the screen. All of them
// are made at night; else the top of the page, in each size.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { test } from 'node:test';

import { browserAndServer, open } from './browser.js';
import { appears, figure, reached } from './figure.js';
import { pairs, rare } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */

const FOLDER = process.env.SCREENSHOTS ?? 'target/screenshots';
const SIZES = [
  { size: 'phone', width: 390, height: 844, deviceScaleFactor: 2 },
  { size: 'laptop', width: 1280, height: 800, deviceScaleFactor: 1 },
  { size: 'projector', width: 1920, height: 1080, deviceScaleFactor: 1 },
];
const FIGURE = 'activation-maximization';

await mkdir(FOLDER, { recursive: true });
const { browser, server } = await browserAndServer();

/** Runs every figure of the guided path, opens every discussion. @param {Page} page */
async function takeTheGuidedPath(page) {
  for (const id of ['#noise', '#adam', '#three', '#ten', '#both', '#lenet']) {
    await page.$eval(id, (it) => {
      it.scrollIntoView({ block: 'center', behavior: 'instant' });
      it.setAttribute('pace', 'full');
    });
    await appears(page, id, '.readings div');
    if (id !== '#noise') {
      await figure(page, id, (it) => it.play());
      await reached(page, id, 'done');
    }
  }
  await page.$$eval('details', (all) => all.forEach((it) => (it.open = true)));
  await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }));
}

/** @type {{ name: string, path: string, ready: (page: Page) => Promise<unknown>, fullPage: boolean }[]} */
const SHOTS = [
  {
    name: 'top',
    path: '?backend=cpu',
    ready: async (page) => {
      await figure(page, '#hero', (it) => it.setAttribute('pace', 'full'));
      await reached(page, '#hero', 'done');
      await page.waitForSelector('#means canvas');
    },
    fullPage: false,
  },
  { name: 'guide', path: '?backend=cpu', ready: takeTheGuidedPath, fullPage: true },
  {
    name: 'laboratory-both-ten',
    path: '?backend=cpu#network=both&digit=all&steps=200&pace=full',
    ready: (page) => reached(page, '#lab', 'done'),
    fullPage: false,
  },
  {
    name: 'laboratory-one',
    path: '?backend=cpu#network=mlp&digit=3&log=1&at=4',
    ready: (page) => page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).iteration === 4),
    fullPage: false,
  },
  {
    name: 'embed',
    path: 'embed.html?backend=cpu#digit=all&pace=full&show=loss',
    ready: (page) => reached(page, FIGURE, 'done'),
    fullPage: false,
  },
  { name: 'slide-title', path: 'slides/', ready: (page) => reached(page, `.present ${FIGURE}`, 'done'), fullPage: false },
  { name: 'examples', path: 'examples/', ready: (page) => page.waitForSelector('h1'), fullPage: false },
  { name: 'example-element', path: 'examples/element.html', ready: (page) => reached(page, FIGURE, 'done'), fullPage: false },
];

for (const { name, path, ready, fullPage } of SHOTS) {
  test(`${name}: pictures`, { skip: name !== 'top' && rare }, async () => {
    for (const [scheme, { size, ...viewport }] of pairs(['dark', 'light'], SIZES)) {
      const { page, messages } = await open(browser, 'about:blank');
      await page.setViewport(viewport);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.goto(server.url + path);
      await ready(page);
      await page.screenshot({ path: `${FOLDER}/${size}-${scheme}-${name}.png`, fullPage });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${size}: ${overflow} pixels are beyond the right edge`);
      assert.deepEqual(messages, []);
      await page.close();
    }
  });
}
