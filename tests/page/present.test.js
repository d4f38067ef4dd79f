// @ts-check
// A figure shown to a room of people, by its attribute and by a key: what is read is large and in full contrast.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { contrast, luminance } from '../../www/src/figure/backdrop.ts';
import { roughly } from '../../www/src/figure/words.ts';
import { browserAndServer, open } from './browser.js';
import { openTab, reached } from './figure.js';
import { pageOf, traveling } from './travel.js';

const FIGURE = 'activation-maximization';

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  const html = (/** @type {string} */ scheme) =>
    pageOf(
      `<activation-maximization network="both" digit="3" steps="60" pace="full" show="all" controls autoplay></activation-maximization>`,
      `<meta name="color-scheme" content="${scheme}"><script type="module" src="activation-maximization.js"></script>`,
    );
  world = await traveling({ '/light.html': html('light'), '/dark.html': html('dark') });
});
after(() => world.close());

/** Every text of the figure that is seen: how large it is, its color, and the colors behind it, the nearest first. */
function texts() {
  const root = /** @type {ShadowRoot} */ (document.querySelector('activation-maximization')?.shadowRoot);
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  /** A color as the browser paints it. @param {string} color */
  const rgba = (color) => {
    if (!canvas) {
      throw new Error('No canvas');
    }
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red / 255, green / 255, blue / 255, alpha / 255];
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const isSeen = element?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!element || !isSeen || element.closest('.visually-hidden, select, style') || node.textContent?.trim() === '') {
      continue;
    }
    const around = [];
    let opacity = 1;
    for (let it = /** @type {Element | null} */ (element); it; it = it.parentElement) {
      const style = getComputedStyle(it);
      around.push(rgba(style.backgroundColor));
      opacity *= Number(style.opacity);
    }
    const style = getComputedStyle(element);
    found.push({
      text: node.textContent?.trim() ?? '',
      size: Number.parseFloat(style.fontSize),
      color: rgba(style.color),
      around,
      opacity,
    });
  }
  return found;
}

/** How thick the curve of the loss is where it is thinnest, in pixels. */
function thickness() {
  const root = /** @type {ShadowRoot} */ (document.querySelector('activation-maximization')?.shadowRoot);
  const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector('.uplot canvas'));
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  copy?.drawImage(canvas, 0, 0);
  const data = copy?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let least = Infinity;
  for (let x = Math.round(canvas.width / 2); x < canvas.width - 20; x += 1) {
    let run = 0;
    for (let y = 0; y < canvas.height; y += 1) {
      const [red, green, blue, alpha] = data.slice(4 * (y * canvas.width + x), 4 * (y * canvas.width + x) + 4);
      const isCurve = alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
      run += isCurve ? 1 : 0;
    }
    least = run === 0 ? least : Math.min(least, run);
  }
  return least;
}

for (const scheme of ['light', 'dark']) {
  test(`by its attribute, on a ${scheme} page`, async () => {
    const { page, close } = await world.visit(`${scheme}.html`);
    await reached(page, FIGURE, 'done');
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('activation-maximization')?.shadowRoot)?.querySelector('.uplot'));
    const usual = await page.evaluate(texts);
    const usualCurve = await page.evaluate(thickness);
    await page.$eval(FIGURE, (it) => it.toggleAttribute('present', true));
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('activation-maximization')).present);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    const shown = await page.evaluate(texts);

    assert.ok(shown.length > 60, `${shown.length} texts`);
    const last = (/** @type {typeof shown} */ all) => all.findIndex(({ text }) => text === 'One step');
    for (const [at, { text, size }] of shown.slice(last(shown)).entries()) {
      const before = usual[last(usual) + at];
      assert.equal(text, before.text);
      assert.ok(Math.abs(size / before.size - 1.6) < 0.01, `${text}: ${size} and ${before.size}`);
    }
    const canvas = scheme === 'dark' ? [0.07, 0.07, 0.07] : [1, 1, 1];
    for (const { text, color, around, opacity } of shown) {
      const behind = around.reduceRight(
        (below, [red, green, blue, alpha]) => [red, green, blue].map((it, at) => it * alpha + below[at] * (1 - alpha)),
        canvas,
      );
      const seen = color.slice(0, 3).map((it, at) => it * color[3] * opacity + behind[at] * (1 - color[3] * opacity));
      const of = (/** @type {number[]} */ [red, green, blue]) => luminance([red, green, blue, 1]);
      const found = contrast(of(seen), of(behind));
      assert.ok(found >= 4.5, `“${text}”: ${found.toFixed(2)}`);
    }
    assert.ok(usualCurve >= 2 && usualCurve < 4, `${usualCurve} pixels`);
    const curve = await page.evaluate(thickness);
    assert.ok(curve >= 4 && curve <= 6, `${curve} pixels`);
    assert.ok(!shown.some(({ text }) => / a second$/.test(text)));
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(sideways <= 0, `${sideways} pixels too wide`);
    await close();
  });
}

test('tiny losses', () => {
  assert.deepEqual([0, 6.3e-10, 0.00099, 0.0011, 2.34].map(roughly), ['0.0', '< 0.001', '< 0.001', '0.0011', '2.3']);
});

const { browser, server } = await browserAndServer();

for (const [where, path, selector] of [
  ['on the page', '?backend=cpu#digit=3&steps=3', '#lab'],
  ['in a frame', 'embed.html?backend=cpu#digit=3&steps=3&show=settings', FIGURE],
]) {
  test(`by the key, ${where}`, async () => {
    const { page, messages } = await open(browser, server.url + path);
    await page.bringToFront();
    await page.waitForSelector(`${selector} >>> button.run:enabled`);
    const isShown = () => page.$eval(selector, (it) => it.hasAttribute('present'));
    const focus = (/** @type {string} */ part) => page.$eval(`${selector} >>> ${part}`, (it) => /** @type {HTMLElement} */ (it).focus());
    await page.keyboard.press('t');
    assert.equal(await isShown(), true, 'nothing has the focus: it is the figure on the screen');
    await page.keyboard.press('t');
    assert.equal(await isShown(), false);
    await focus('button.run');
    await page.keyboard.press('t');
    assert.equal(await isShown(), true);
    // Not with Ctrl, with which a browser opens a tab over this one.
    await page.keyboard.down('Alt');
    await page.keyboard.press('t');
    await page.keyboard.up('Alt');
    assert.equal(await isShown(), true, 'with Alt');
    await openTab(page, selector, '.with-button input');
    await focus('.with-button input');
    await page.keyboard.press('t');
    assert.equal(await isShown(), true, 'typed into a field');
    await focus('button.run');
    await page.keyboard.press('T');
    assert.equal(await isShown(), false);
    assert.deepEqual(messages, []);
    await page.close();
  });
}

test('by the address of a frame', async () => {
  const { page } = await open(browser, `${server.url}embed.html?backend=cpu#digit=3&steps=3&present=1`);
  await reached(page, FIGURE, 'done');
  assert.equal(await page.$eval(FIGURE, (it) => /** @type {any} */ (it).present), true);
  await page.close();
});
