// @ts-check
// The page where the system has its own colors, as in Windows's high contrast themes: what was told by
// a background still is, in a dark theme and a light one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserAndServer, lacking, open } from './browser.js';

const { browser, server } = await browserAndServer();

const skip = lacking('firefox', 'does not let a test choose the colors of the system');

/** Texts on the color of what is chosen behind which the system puts a plate of another color. */
function plated() {
  const probe = document.body.appendChild(document.createElement('i'));
  const resolved = (/** @type {string} */ color) => {
    probe.style.backgroundColor = color;
    return getComputedStyle(probe).backgroundColor;
  };
  const chosen = ['Highlight', 'CanvasText'].map(resolved);
  probe.remove();
  const isText = (/** @type {Element} */ it) => [...it.childNodes].some((node) => node instanceof Text && node.data.trim() !== '');
  return [...document.body.querySelectorAll('*')]
    .filter((it) => isText(it) && chosen.includes(getComputedStyle(it).backgroundColor))
    .filter((it) => getComputedStyle(it).forcedColorAdjust !== 'none')
    .map((it) => `${it.localName}.${it.className} “${it.textContent?.trim().slice(0, 30)}”`);
}

/** What has no line around it of those that lie on the page. @param {string[]} selectors */
function unbounded(selectors) {
  return selectors.filter((selector) => {
    const it = document.querySelector(selector);
    const { borderTopStyle, borderTopWidth, outlineStyle } = getComputedStyle(/** @type {Element} */ (it));
    return outlineStyle !== 'solid' && (!['solid', 'dashed'].includes(borderTopStyle) || borderTopWidth === '0px');
  });
}

for (const scheme of ['dark', 'light']) {
  test(`chosen, pressed and laid over the page: all of it is seen, in ${scheme} colors`, { skip }, async () => {
    const { page } = await open(browser, 'about:blank');
    const session = await page.createCDPSession();
    await session.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'forced-colors', value: 'active' },
        { name: 'prefers-color-scheme', value: scheme },
      ],
    });
    await page.goto(`${server.url}?backend=cpu#network=nope`);
    await page.waitForSelector('.backend.ready');
    await page.$eval('button.embed', (it) => /** @type {HTMLElement} */ (it).click());
    await page.waitForSelector('dialog[open]');
    assert.deepEqual(await page.evaluate(plated), []);
    const laid = ['#notice:not([hidden])', '.button.primary', '.paper', 'dialog[open]', '.drop-zone', '.card', '.listing'];
    assert.deepEqual(await page.evaluate(unbounded, laid), []);
    const dots = await page.$eval('.backend', (it) => {
      const color = () => getComputedStyle(/** @type {Element} */ (it.querySelector('.dot'))).backgroundColor;
      const ready = color();
      it.classList.remove('ready');
      return { ready, before: color() };
    });
    assert.notEqual(dots.ready, dots.before, 'the dot does not tell');
    await page.goto(`${server.url}slides/`);
    await page.waitForSelector('.reveal.ready');
    assert.deepEqual(await page.evaluate(plated), []);
    await page.close();
  });
}

test('where a link led, there is no ring around half of the page', async () => {
  const { page } = await open(browser, `${server.url}?backend=cpu#laboratory`);
  await page.waitForFunction(() => document.activeElement?.id === 'laboratory');
  const outline = await page.$eval('#laboratory', (it) => getComputedStyle(it).outlineStyle);
  assert.equal(outline, 'none');
  await page.close();
});

for (const width of [921, 1000]) {
  test(`the drawing pad fits beside its text, ${width} wide`, { skip }, async () => {
    const { page } = await open(browser, 'about:blank');
    await page.setViewport({ width, height: 900 });
    await page.goto(`${server.url}?backend=cpu`);
    await page.waitForSelector('#reader .pad');
    const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
    assert.equal(scroll, client);
    await page.close();
  });
}
