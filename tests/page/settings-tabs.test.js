// @ts-check
// The settings of the laboratory in tabs.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserAndServer, open } from './browser.js';
import { LAB, openTab, reached, set } from './figure.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer();

/** @param {string} hash @param {{ width: number, height: number }} [viewport] */
async function visit(hash, viewport) {
  const opened = await open(browser, 'about:blank');
  if (viewport) {
    await opened.page.setViewport(viewport);
  }
  await opened.page.goto(`${server.url}?backend=cpu#${hash}`);
  await reached(opened.page, LAB, 'done');
  await opened.page.keyboard.press('Shift'); // Who goes on is not brought back to where the address led.
  return opened;
}

/** What a screen reader says of each tab, which one is chosen, and which fields are seen. @param {Page} page @param {string} selector */
function tabs(page, selector = LAB) {
  return page.$eval(selector, (it) => {
    const root = /** @type {ShadowRoot} */ (it.shadowRoot);
    const words = (/** @type {Element | null} */ it) => /** @type {HTMLElement | null} */ (it)?.innerText.replace(/\s+,/, ',');
    const shown = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('[role="tab"]')].filter((it) => it.checkVisibility()));
    const fields = [...root.querySelectorAll('.settings :is(input, select)')].filter((it) => it.checkVisibility());
    return {
      names: shown.map(words), // Without what is hidden.
      chosen: shown.filter((it) => it.ariaSelected === 'true').map(words),
      reached: shown.filter((it) => it.tabIndex === 0).length,
      focused: words(root.activeElement),
      fields: [...new Set(fields.map((it) => /** @type {HTMLInputElement} */ (it).name))],
    };
  });
}

test('one panel is on show, every setting is in one, and arrow keys choose', async () => {
  const { page, messages } = await visit('network=mlp&digit=3&steps=5');
  const before = page.url();
  await page.focus(`${LAB} >>> #tab-network`);
  const NAMES = ['Network', 'Objective', 'Optimizer', 'Regularizers', 'Transforms', 'Image'];
  const seen = [];
  for (const name of NAMES) {
    const { names, chosen, reached, focused, fields } = await tabs(page);
    assert.deepEqual(names.map((it) => it?.replace(', changed', '')), NAMES);
    assert.deepEqual([chosen, reached], [[focused], 1]);
    assert.equal(focused?.replace(', changed', ''), name);
    seen.push(fields);
    await page.keyboard.press('ArrowRight');
  }
  assert.deepEqual(seen, [
    ['network', 'digit', 'preset'],
    ['objective', 'target'],
    ['rate', 'optimizer', 'steps'],
    ['l1', 'l2', 'tv', 'distance', 'density', 'diversity'],
    ['jitter', 'rotation', 'scale', 'gradient-blur'],
    ['parameterization', 'path', 'seed', 'noise-std', 'colors', 'color-scale'],
  ]);
  const goes = async (/** @type {import('puppeteer-core').KeyInput} */ key) => {
    await page.keyboard.press(key);
    return (await tabs(page)).focused;
  };
  assert.equal((await tabs(page)).focused, 'Network'); // Around.
  assert.equal(await goes('ArrowLeft'), 'Image');
  assert.equal(await goes('Home'), 'Network');
  assert.equal(await goes('End'), 'Image');
  await page.keyboard.press('Tab');
  assert.equal(await page.$eval(LAB, (it) => /** @type {any} */ (it.shadowRoot?.activeElement)?.name), 'parameterization');
  assert.equal(page.url(), before);
  assert.deepEqual(await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }].map((it) => JSON.stringify(it)).filter((it) => /tab|Image/.test(it))), []);
  await page.reload();
  await reached(page, LAB, 'done');
  assert.deepEqual((await tabs(page)).chosen, ['Network']);
  assert.deepEqual(messages, []);
  await page.close();
});

test('the keys that choose a tab are its own, and all others the page’s', async () => {
  const { page } = await visit('network=mlp&digit=3&steps=5');
  await page.evaluate(() => {
    const heard = /** @type {string[]} */ ([]);
    Object.assign(window, { heard });
    document.addEventListener('keydown', ({ key }) => heard.push(key));
  });
  await page.focus(`${LAB} >>> #tab-network`);
  for (const key of /** @type {const} */ (['ArrowRight', 'ArrowLeft', 'Home', 'End', 'ArrowDown', 'PageDown'])) {
    await page.keyboard.press(key);
  }
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).heard), ['ArrowDown', 'PageDown']);
  await page.close();
});

test('a tab says that a setting in it is other than the lab’s', async () => {
  const { page } = await visit('network=lenet5&digit=3&steps=500&tv=0.1&jitter=2&pace=full');
  assert.deepEqual((await tabs(page)).names, ['Network, changed', 'Objective', 'Optimizer', 'Regularizers, changed', 'Transforms, changed', 'Image']);
  const dot = await page.$eval(`${LAB} >>> #tab-regularizers .tab-mark`, (it) => {
    const { backgroundColor, width } = getComputedStyle(it, '::after');
    return { seen: backgroundColor !== 'rgba(0, 0, 0, 0)', width: Number.parseFloat(width) };
  });
  assert.ok(dot.seen && dot.width > 5, JSON.stringify(dot));
  await set(page, LAB, 'tv', '0');
  await set(page, LAB, 'rate', '-1');
  assert.deepEqual((await tabs(page)).names, ['Network, changed', 'Objective', 'Optimizer, changed', 'Regularizers', 'Transforms, changed', 'Image']);
  await page.evaluate(() => (location.hash = '#network=mlp&digit=3&target=0.9&steps=50&seed=9'));
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).seed === 9);
  assert.deepEqual((await tabs(page)).names, ['Network', 'Objective', 'Optimizer', 'Regularizers', 'Transforms', 'Image, changed']);
  await page.close();
});

test('a value that cannot be used is refused where it was typed', async () => {
  const { page } = await visit('network=mlp&digit=3&steps=5');
  await openTab(page, LAB, 'input[name="tv"]');
  await page.focus(`${LAB} >>> input[name="tv"]`);
  await page.keyboard.type('500'); // In front of the 0 that stands there.
  await page.keyboard.press('Enter');
  const words = await page.$eval(`${LAB} >>> [role="tabpanel"]:not([hidden]) .refusal`, (it) => (it.checkVisibility() ? it.textContent : ''));
  assert.equal(words, 'The weight of total variation is "5000". It must be a number from 0 to 1000.');
  await page.close();
});

for (const { width, height } of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  for (const name of ['target', 'rate']) {
    test(`${width} × ${height}: the image, what drives it, the slider “${name}” and the curve share the screen`, async () => {
      const { page } = await visit('network=mlp&digit=3&steps=50&pace=full', { width, height });
      await openTab(page, LAB, `input[name="${name}"]`);
      await page.$eval(LAB, (it) => it.scrollIntoView({ block: 'start', behavior: 'instant' }));
      const parts = ['.image canvas', '.timeline-slider', '.run', `input[name="${name}"]`, '.chart'];
      const edges = await page.$eval(
        LAB,
        (it, parts) =>
          parts.map((part) => {
            const { top, bottom } = /** @type {Element} */ (it.shadowRoot?.querySelector(part)).getBoundingClientRect();
            return { part, top, bottom };
          }),
        parts,
      );
      for (const { part, top, bottom } of edges) {
        assert.ok(bottom > top && top >= 0 && bottom <= height, `${part}: from ${top} to ${bottom}`);
      }
      await page.close();
    });
  }
}

test('elsewhere, settings are in tabs where that is asked for by name, with the tabs of those on show', async () => {
  const { page, messages } = await open(browser, `${server.url}embed.html?backend=cpu#digit=3&steps=5&show=settings`);
  const FIGURE = 'activation-maximization';
  await reached(page, FIGURE, 'done');
  assert.deepEqual((await tabs(page, FIGURE)).names, []);
  const { length } = (await tabs(page, FIGURE)).fields;
  for (const { show, names } of [
    { show: 'target rate tabs', names: ['Objective', 'Optimizer'] },
    { show: 'settings tabs', names: ['Network', 'Objective', 'Optimizer', 'Regularizers', 'Transforms', 'Image'] },
  ]) {
    await page.$eval(FIGURE, (it, show) => it.setAttribute('show', show), show);
    const now = await tabs(page, FIGURE);
    assert.deepEqual(now.names.map((it) => it?.replace(', changed', '')), names);
    assert.equal(now.chosen.length, 1);
  }
  await page.$eval(FIGURE, (it) => it.setAttribute('show', 'settings'));
  assert.deepEqual((await tabs(page, FIGURE)).names, []);
  assert.equal((await tabs(page, FIGURE)).fields.length, length);
  assert.deepEqual(messages, []);
  await page.close();
});
