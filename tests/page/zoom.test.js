// @ts-check
// A window that changes while a run plays, and a page at 400%, which is one 320 pixels wide.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { LAB, TIMEOUT, figure } from './figure.js';
import { few } from './nightly.js';
import { traveling } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

const FIGURE = 'activation-maximization';
/** A laptop's window at 400%. */
const ZOOMED = { width: 320, height: 180, deviceScaleFactor: 4 };

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  world = await traveling();
});
after(() => world.close());

/** @param {Page} page @param {string} selector @param {number} [iteration] */
const past = (page, selector, iteration = 1) =>
  page.waitForFunction(
    (selector, iteration) => /** @type {any} */ (document.querySelector(selector))?.iteration > iteration,
    { timeout: TIMEOUT, polling: 100 },
    selector,
    iteration,
  );

/**
 * A tab that keeps what no console says: that an observer could not keep up.
 *
 * @param {string} path
 * @param {import('puppeteer-core').Viewport} [viewport]
 */
async function visit(path, viewport = { width: 1280, height: 720 }) {
  const tab = await world.visit(path, async (page) => {
    await page.setViewport(viewport);
    await page.evaluateOnNewDocument(() => {
      /** @type {any} */ (window).loops = [];
      addEventListener('error', ({ message }) => /** @type {any} */ (window).loops.push(message));
    });
  });
  return {
    ...tab,
    async close() {
      assert.deepEqual(await tab.page.evaluate(() => /** @type {any} */ (window).loops), []);
      await tab.close();
    },
  };
}

/** How wide each chart is, and its canvas, which has the pixels of the screen. @param {Page} page @param {string} selector */
const charts = (page, selector) =>
  figure(page, selector, (it) =>
    [...it.shadowRoot.querySelectorAll('.chart')].map((chart) => ({
      wide: chart.clientWidth,
      pixels: chart.querySelector('canvas')?.width,
    })),
  );

/** The charts have been drawn as wide as they are. @param {Page} page @param {string} selector */
async function drawnAnew(page, selector) {
  await page.waitForFunction(
    (selector) => {
      const { shadowRoot } = /** @type {Element} */ (document.querySelector(selector));
      const charts = [...(shadowRoot?.querySelectorAll('.chart') ?? [])];
      return (
        charts.length > 0 &&
        charts.every((chart) => {
          const pixels = chart.clientWidth * devicePixelRatio;
          return Math.abs((chart.querySelector('canvas')?.width ?? 0) - pixels) <= 1;
        })
      );
    },
    { polling: 100 },
    selector,
  ).catch(async () => assert.fail(`the charts are ${JSON.stringify(await charts(page, selector))}`));
}

describe('a window that changes while a run plays', () => {
  for (const [path, selector] of few([
    ['?backend=cpu#network=both&digit=all&steps=3000&pace=slow&row=3', LAB],
    ['embed.html?backend=cpu#digit=all&show=all&steps=3000&pace=slow', FIGURE],
  ], (_, at) => at === 1)) {
    test(`${path.split('?')[0] || 'the page'}: it goes on, and all is drawn again`, async () => {
      const { page, close } = await visit(path);
      await past(page, selector);
      const sizes = [];
      for (const [width, height, deviceScaleFactor] of [
        [1280, 800, 1], [1000, 700, 1], [999, 300, 1], [640, 900, 2], [390, 844, 3], [320, 180, 4],
        [844, 390, 3], [1920, 1080, 1], [200, 200, 1], [1280, 720, 1.25],
      ]) {
        await page.setViewport({ width, height, deviceScaleFactor });
        await drawnAnew(page, selector);
        sizes.push(String((await charts(page, selector)).map((/** @type {any} */ { wide }) => wide)));
      }
      assert.ok(new Set(sizes).size > 5, `the charts were ${sizes.join(' | ')} wide`);
      await page.$eval(selector, (it) => it.scrollIntoView({ block: 'center', behavior: 'instant' }));
      await past(page, selector, await figure(page, selector, (it) => it.iteration));
      assert.equal(await figure(page, selector, (it) => it.state), 'playing');
      await close();
    });
  }

  test('one that is dragged', async () => {
    const { page, close } = await visit('?backend=cpu#network=both&digit=all&steps=3000&pace=slow&row=3');
    await past(page, LAB);
    for (let width = 1280; width >= 320; width -= 40) {
      await page.setViewport({ width, height: 700 });
    }
    await drawnAnew(page, LAB);
    await close();
  });
});

describe('at 400%', () => {
  for (const [path, selector] of few([
    ['?backend=cpu', '#hero'],
    ['?backend=cpu#network=all&digit=all&steps=20&pace=full&row=3', LAB],
    ['embed.html?backend=cpu#network=both&digit=all&show=all&steps=20&pace=full', FIGURE],
    ['examples/', 'h1'],
    ['examples/element.html', FIGURE],
    ['examples/api.html', 'canvas'],
  ], (_, at) => at === 1 || at === 2)) {
    test(`/${path}: nothing is cut off, nothing needs to be scrolled sideways, and it is sharp`, async () => {
      const { page, close } = await visit(path, ZOOMED);
      await page.waitForSelector(selector, { timeout: TIMEOUT });
      await page.$eval(selector, (it) => it.scrollIntoView({ behavior: 'instant' }));
      if (selector !== 'h1' && selector !== 'canvas') {
        await past(page, selector, 0);
      }
      await page.$$eval('details', (all) => all.forEach((it) => (it.open = true)));
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), ZOOMED.width);
      const outside = await page.evaluate((width) => {
        /** @type {string[]} */
        const found = [];
        const look = (/** @type {Document | ShadowRoot} */ root) => {
          for (const it of root.querySelectorAll('*')) {
            if (it.shadowRoot) {
              look(it.shadowRoot);
            }
            const { left, right } = it.getBoundingClientRect();
            const control = it.matches('button, input, select, textarea, summary, a');
            if (control && it.checkVisibility() && (left < -1 || right > width + 1) && !it.closest('.visually-hidden, .skip')) {
              found.push(`${it.outerHTML.slice(0, 80)} from ${left} to ${right}`);
            }
          }
        };
        look(document);
        return found;
      }, ZOOMED.width);
      assert.deepEqual(outside, []);
      if (path.includes('row=') || path.includes('show=')) {
        await drawnAnew(page, selector);
      }
      if (selector !== 'h1' && selector !== 'canvas') {
        const rendering = await figure(page, selector, (it) =>
          [...it.shadowRoot.querySelectorAll('.picture canvas')].map((canvas) => getComputedStyle(canvas).imageRendering),
        );
        assert.deepEqual([...new Set(rendering)], ['pixelated']);
      }
      await close();
    });
  }
});
