// @ts-check
// A figure that nobody has seen yet: it has its axes, its target and what its images begin as, and nothing that only a
// run can tell.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserAndServer, open } from './browser.js';
import { appears, reached } from './figure.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer();
const FIGURE = 'activation-maximization';

/** A page with a figure below the screen. @param {string} attributes As an address writes them. */
async function below(attributes) {
  const { page, messages } = await open(browser, `${server.url}examples/`);
  await page.evaluate(async (attributes) => {
    await import(String(new URL('../activation-maximization.js', location.href)));
    const above = document.createElement('div');
    above.style.height = '3000px';
    const figure = document.createElement('activation-maximization');
    for (const [name, text] of new URLSearchParams(attributes)) {
      figure.setAttribute(name, text);
    }
    document.body.replaceChildren(above, figure);
  }, attributes);
  await appears(page, FIGURE, '.uplot canvas');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  return { page, messages };
}

/** What charts have drawn, and what the figure says. @param {Page} page */
const look = (page) =>
  page.$eval(FIGURE, (it) => {
    const root = /** @type {ShadowRoot} */ (it.shadowRoot);
    const probe = root.querySelector('.figure')?.appendChild(document.createElement('i'));
    /** @param {string} name */
    const color = (name) => {
      /** @type {HTMLElement} */ (probe).style.color = `var(${name})`;
      return getComputedStyle(/** @type {Element} */ (probe)).color;
    };
    const [mark, curve] = [color('--mark'), color('--after')];
    probe?.remove();
    const charts = [...root.querySelectorAll('.chart')].map((chart) => {
      const canvas = /** @type {HTMLCanvasElement} */ (chart.querySelector('canvas'));
      const { width, height } = canvas;
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext('2d'));
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const over = /** @type {HTMLElement} */ (chart.querySelector('.u-over'));
      /** The share of a line of the plot that has a color. @param {number} y @param {string} wanted */
      const share = (y, wanted) => {
        let count = 0;
        for (let x = over.offsetLeft; x < over.offsetLeft + over.offsetWidth; x += 1) {
          const [red, green, blue, alpha] = data.slice(4 * (y * width + x), 4 * (y * width + x) + 4);
          count += alpha > 250 && `rgb(${red}, ${green}, ${blue})` === wanted ? 1 : 0;
        }
        return count / over.offsetWidth;
      };
      const lines = Array.from({ length: over.offsetHeight - 2 }, (_, at) => at);
      const dashed = lines.filter((at) => share(over.offsetTop + at, mark) > 0.5).map((at) => 1 - at / over.offsetHeight);
      const below = data.subarray(4 * width * (over.offsetTop + over.offsetHeight + 4));
      return {
        label: chart.getAttribute('aria-label'),
        drawn: data.some(Boolean),
        curve: lines.reduce((sum, at) => sum + share(over.offsetTop + at, curve), 0),
        target: dashed.length === 0 ? undefined : dashed.reduce((sum, it) => sum + it) / dashed.length,
        axis: below.filter((_, at) => at % 4 === 3).join(),
      };
    });
    return {
      charts,
      begun: /** @type {any} */ (it).experiment !== undefined,
      keys: [...root.querySelectorAll('.keys:not([hidden]) path')].map((one) => one.getAttribute('stroke')),
      tiles: [...root.querySelectorAll('.columns .image')].map((one) => getComputedStyle(one, '::before').content),
      bars: [...root.querySelectorAll('.bar')].map((one) => ({
        wanted: one.classList.contains('wanted'),
        after: one.querySelector('.after')?.getBoundingClientRect().width,
        target: /** @type {HTMLElement} */ (one.querySelector('.target')).checkVisibility()
          ? /** @type {HTMLElement} */ (one.querySelector('.target')).style.left
          : '',
      })),
    };
  });

test('axes, target and names are there before the run, and no answer', async () => {
  const { page, messages } = await below('digit=3&target=0.8&show=loss,probability,bars&controls');
  const { begun, charts: [loss, probability], tiles, bars } = await look(page);
  assert.equal(begun, false);
  assert.deepEqual([loss.drawn, probability.drawn], [true, true]);
  assert.deepEqual([loss.curve, probability.curve], [0, 0]);
  assert.equal(loss.target, undefined);
  assert.ok(Math.abs((probability.target ?? 0) - 0.8) < 0.015, `the target is at ${probability.target}`);
  assert.deepEqual([loss.label, probability.label], ['Loss', 'Probability of the digit']);
  assert.deepEqual(tiles, ['"noise"']);
  assert.deepEqual(bars.map(({ wanted }) => wanted), Array.from({ length: 10 }, (_, digit) => digit === 3));
  assert.deepEqual(bars.map(({ target }) => target), Array.from({ length: 10 }, (_, digit) => (digit === 3 ? '80%' : '')));
  assert.ok(bars.every(({ after }) => after === 0));

  // A lecturer changes the target before anybody has seen the figure.
  await page.$eval(FIGURE, (it) => it.setAttribute('target', '0.4'));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
  const other = await look(page);
  assert.ok(Math.abs((other.charts[1].target ?? 0) - 0.4) < 0.015, `the target is at ${other.charts[1].target}`);
  assert.equal(other.bars[3].target, '40%');
  assert.deepEqual(messages, []);
  await page.close();
});

test('an objective without a target has no line for one; several images have their names and colors', async () => {
  const { page, messages } = await below('digit=3,8&objective=logit&start=mean4&show=probability,bars');
  const { charts: [probability], keys, tiles, bars } = await look(page);
  assert.equal(probability.target, undefined);
  assert.equal(keys.length, 2);
  assert.ok(keys.every((it) => /^#/.test(it ?? '')), String(keys));
  assert.deepEqual(tiles, ['"mean 4"', '"mean 4"']);
  assert.ok(bars.every(({ wanted, target }) => wanted && target === ''));
  assert.deepEqual(messages, []);
  await page.close();
});

test('while it runs, the axis of iterations stays as it was', async () => {
  for (const [steps, stays] of /** @type {const} */ ([[50, true], [500, true], [600, false]])) {
    const { page } = await below(`digit=3&steps=${steps}&pace=full&autoplay&show=probability`);
    const before = await look(page);
    await page.$eval(FIGURE, (it) => it.scrollIntoView({ behavior: 'instant' }));
    await reached(page, FIGURE, 'done');
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
    const after = await look(page);
    assert.ok(after.charts[0].curve > 0.1, String(after.charts[0].curve));
    assert.ok(Math.abs((after.charts[0].target ?? 0) - 0.9) < 0.015);
    assert.equal(after.charts[0].axis === before.charts[0].axis, stays, `${steps} iterations`);
    assert.deepEqual(after.tiles, ['none']);
    await page.close();
  }
});
