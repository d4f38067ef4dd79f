// @ts-check
// Text as some readers set it, with more room between lines, letters, words and paragraphs (WCAG 2.2,
// 1.4.12): no page scrolls sideways, and nothing is cut off.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserAndServer, lacking, open } from './browser.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer();

/** Everything on the page is there. @param {Page} page */
async function filled(page) {
  await page.waitForFunction(() => document.getElementById('models')?.querySelector('thead'));
  await page.$$eval('details', (all) => all.forEach((it) => (it.open = true)));
  await page.$eval('#lab', (it) => it.scrollIntoView({ behavior: 'instant' }));
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).iteration > 1);
}

const PAGES = [
  { path: '?backend=cpu', filled },
  {
    path: 'embed.html?backend=cpu#network=both&digit=3&steps=5&pace=full&show=all',
    filled: (/** @type {Page} */ page) =>
      page.waitForFunction(() => /** @type {any} */ (document.querySelector('activation-maximization'))?.state === 'done'),
  },
  { path: 'examples/', filled: (/** @type {Page} */ page) => page.waitForSelector('h1') },
];

/** Sets all text of the page and of its figures as a reader may. */
function space() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
     p { margin-bottom: 2em !important; }`,
  );
  const spaceIn = (/** @type {Document | ShadowRoot} */ root) => {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    for (const { shadowRoot } of root.querySelectorAll('*')) {
      if (shadowRoot) {
        spaceIn(shadowRoot);
      }
    }
  };
  spaceIn(document);
}

/** How wide the page is, and each text that is cut off or stands beside it and cannot be scrolled to. */
function cut() {
  const wide = document.documentElement.clientWidth;
  /** @type {string[]} */
  const found = [];
  const look = (/** @type {Document | ShadowRoot} */ root) => {
    for (const it of root.querySelectorAll('*')) {
      if (it.shadowRoot) {
        look(it.shadowRoot);
      }
      const { left, right, width } = it.getBoundingClientRect();
      const { overflowX } = getComputedStyle(it);
      const isSeen = width > 1 && it.checkVisibility({ opacityProperty: true }) && !it.closest('svg, math, .skip');
      const isScrolled = it.parentElement?.closest('.sideways, pre, textarea');
      if (isSeen && !isScrolled) {
        const words = `${it.localName}.${it.className} “${it.textContent?.trim().slice(0, 30)}”`;
        if (right > wide + 1 || left < -1) {
          found.push(`${words} is from ${left} to ${right}`);
        }
        if (['hidden', 'clip'].includes(overflowX) && it.scrollWidth > it.clientWidth) {
          found.push(`${words} is cut off: it is ${it.scrollWidth} wide in ${it.clientWidth}`);
        }
      }
    }
  };
  look(document);
  return { sideways: document.documentElement.scrollWidth - wide, found: found.slice(0, 5) };
}

const skip = lacking('firefox', 'has no size of a window that a test can set');

for (const { path, filled } of PAGES) {
  for (const width of [390, 1280]) {
    test(`/${path}, ${width} wide`, { skip }, async () => {
      const { page } = await open(browser, 'about:blank');
      await page.setViewport({ width, height: 900 });
      await page.goto(server.url + path);
      await filled(page);
      await page.evaluate(space);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.deepEqual(await page.evaluate(cut), { sideways: 0, found: [] });
      await page.close();
    });
  }
}
