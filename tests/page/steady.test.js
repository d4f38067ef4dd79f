// @ts-check
// A figure has its whole height before it has a picture, and keeps it while it runs: nothing around
// it moves.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserAndServer, open } from './browser.js';
import { appears, reached } from './figure.js';
import { pairs } from './nightly.js';

const { browser, server } = await browserAndServer();

const FIGURE = 'activation-maximization';
const WIDTHS = [320, 390, 700, 1280];

/** Of figures: attributes as an address writes them. */
const FIGURES = [
  'digit=3',
  'digit=all&hide=readings&controls',
  'digit=1,7&network=both&show=loss,probability,bars,mean&controls',
  'digit=3&network=mlp,lenet5,robust&show=probability,bars,mean',
  'digit=all&network=lenet5,robust&show=opinions,loss',
  'digit=4&start=mean9&show=change,nearest,mean,opinions,loss',
  'digit=all&row=4&show=bars,nearest,change',
  'digit=2,5&objective=channel-conv2&network=lenet5&show=loss,bars,opinions,nearest',
  'digit=0,1,2,3,4,5&objective=channel-conv1-center&network=lenet5&show=filters,loss&controls',
  'digit=2,5&objective=channel-conv1&network=lenet5,robust&show=filters',
  'digit=3&show=all',
  'digit=8&show=settings&hide=labels',
];

/**
 * Puts a figure below the screen, so that it waits, and notes every height that it has from then on.
 * Runs in the page.
 *
 * @param {string} attributes
 */
async function place(attributes) {
  await import(String(new URL('../activation-maximization.js', location.href)));
  const above = document.createElement('div');
  above.style.height = '3000px';
  const figure = document.createElement('activation-maximization');
  for (const [name, text] of new URLSearchParams(attributes)) {
    figure.setAttribute(name, text);
  }
  document.body.style.maxWidth = 'none';
  document.body.replaceChildren(above, figure);
  const kept = /** @type {any} */ (window);
  kept.heights = new Set();
  new ResizeObserver(() => kept.heights.add(figure.getBoundingClientRect().height)).observe(figure);
}

for (const attributes of FIGURES) {
  test(`<${FIGURE} ${attributes}> has its height before its first picture`, async () => {
    for (const [, width] of pairs(FIGURES, WIDTHS).filter(([it]) => it === attributes)) {
      const { page, messages } = await open(browser, 'about:blank');
      await page.setViewport({ width, height: 800 });
      await page.goto(`${server.url}examples/`);
      await page.evaluate(place, `steps=20&pace=full&autoplay&${attributes}`);
      await appears(page, FIGURE, '.columns canvas');
      const before = await page.$eval(FIGURE, (it) => it.getBoundingClientRect().height);
      assert.equal(await page.$eval(FIGURE, (it) => /** @type {any} */ (it).experiment), undefined);
      await page.evaluate(() => /** @type {any} */ (window).heights.clear());
      await page.$eval(FIGURE, (it) => it.scrollIntoView({ behavior: 'instant' }));
      await reached(page, FIGURE, 'done');
      await page.waitForFunction(
        (figure) => {
          const root = document.querySelector(figure)?.shadowRoot;
          return [...(root?.querySelectorAll('.opinions td') ?? [])].every((it) => /^\d/.test(it.textContent ?? ''));
        },
        {},
        FIGURE,
      );
      const after = await page.evaluate(() => [.../** @type {any} */ (window).heights]);
      const others = after.filter((height) => Math.abs(height - before) > 0.5);
      assert.deepEqual(others, [], `${before} pixels high before, in a window that is ${width} wide`);
      assert.deepEqual(messages, []);
      await page.close();
    }
  });
}
