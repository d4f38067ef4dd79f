// @ts-check
// The page on paper: what an exercise sheet has, dark on white; nothing that is pressed or drawn on. See also
// exercise-sheet.test.js.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserAndServer, lacking, open } from './browser.js';
import { reached } from './figure.js';

const { browser, server } = await browserAndServer();

const skip = lacking('firefox', 'Its driver prints without a word to the page.');

/** Whether it is as it should be on paper. */
function look() {
  const seen = (/** @type {string} */ selector) =>
    [...document.querySelectorAll(selector)].some((it) => it.checkVisibility());
  const figure = /** @type {ShadowRoot} */ (document.getElementById('lab')?.shadowRoot);
  const sealed = /** @type {HTMLElement} */ (figure.querySelector('.sealed'));
  const color = (/** @type {Element} */ it) => getComputedStyle(it).color;
  return {
    pressed: ['nav', '.backend', '#notice', '.actions', '.pad', '.open', '.laboratory', 'footer', 'main button', 'dialog'].filter(seen),
    read: ['h1', '.exercise h3', '.exercise .text p', '.question', '.lines', '.solution p'].filter((it) => !seen(it)),
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    text: color(document.body),
    scheme: sealed.dataset.scheme,
    bars: getComputedStyle(/** @type {Element} */ (figure.querySelector('.track'))).backgroundColor,
  };
}

for (const scheme of ['dark', 'light']) {
  test(`printed by somebody whose system is ${scheme}`, { skip }, async () => {
    const { page } = await open(browser, 'about:blank');
    const session = await page.createCDPSession();
    const emulate = (/** @type {'screen' | 'print'} */ media) =>
      session.send('Emulation.setEmulatedMedia', { media, features: [{ name: 'prefers-color-scheme', value: scheme }] });
    await emulate('screen');
    await page.goto(`${server.url}?backend=cpu#network=nope&steps=5&pace=full`);
    await page.waitForSelector('#notice:not([hidden])');
    await page.waitForFunction(() => document.getElementById('models')?.querySelector('thead'));
    await reached(page, '#lab', 'done');
    const before = await page.evaluate(look);
    assert.equal(before.scheme, scheme);

    await page.setViewport({ width: 718, height: 1000 }); // A4 without its margins.
    await emulate('print');
    await page.waitForFunction(() => matchMedia('print').matches);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))); // It has been told.
    const paper = await page.evaluate(look);
    assert.deepEqual(paper, {
      pressed: [], read: [], sideways: 0, text: 'rgb(0, 0, 0)', scheme: 'light', bars: 'rgb(241, 240, 246)',
    });

    await emulate('screen');
    await page.waitForFunction(() => document.querySelector('nav')?.checkVisibility());
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    assert.equal((await page.evaluate(look)).scheme, scheme, 'on the screen again');

    // A browser that prints tells the page before, and lays it out at once.
    await page.evaluate(() => {
      const sealed = /** @type {HTMLElement} */ (document.getElementById('lab')?.shadowRoot?.querySelector('.sealed'));
      const kept = /** @type {any} */ (window);
      addEventListener('beforeprint', () => (kept.printed = sealed.dataset.scheme));
      addEventListener('afterprint', () => (kept.over = true));
    });
    await page.pdf();
    await page.waitForFunction(() => /** @type {any} */ (window).over);
    assert.equal(await page.evaluate(() => /** @type {any} */ (window).printed), 'light');
    assert.equal((await page.evaluate(look)).scheme, scheme, 'after printing');
    await page.close();
  });
}
