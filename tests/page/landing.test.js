// @ts-check
// Links land where they lead, and nothing on the page moves afterward: from another page, within
// this one, with settings, on a phone and a desktop; and the keyboard goes on from there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { browserAndServer, builtFile, open, serve } from './browser.js';
import { few, pairs } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer();

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };
const PROJECTOR = { width: 1920, height: 1080 };

/** Pixels between the top of the window and a target: the padding that base and page give to it. */
const TOLERANCE = 3;

/** How far a target is from where it should be: its place, or as near as the end of the page lets it. */
function off(/** @type {string} */ id) {
  const target = /** @type {HTMLElement} */ (document.getElementById(id));
  const padding = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);
  const isEnd = scrollY >= document.documentElement.scrollHeight - innerHeight - 2;
  const distance = target.getBoundingClientRect().top - padding;
  return isEnd && distance > 0 && distance < innerHeight ? 0 : distance;
}

/** @param {Page} page @param {string} id */
async function isThere(page, id) {
  // All is filled, and what is in view has its picture; whatever comes later is not waited for by the page either.
  await page.waitForFunction(() => {
    const inView = [...document.querySelectorAll('activation-maximization')].filter((it) => {
      const { top, bottom } = it.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    });
    return document.getElementById('models')?.querySelector('thead') && inView.every((it) => /** @type {any} */ (it).experiment);
  });
  // On a busy machine, a smooth scroll may still be on its way: until nothing has moved for a while.
  await page.evaluate(async () => {
    for (let before = NaN; before !== scrollY; ) {
      before = scrollY;
      await new Promise((resolve) => setTimeout(resolve, 700));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  const distance = await page.evaluate(off, id);
  assert.ok(Math.abs(distance) <= TOLERANCE, `#${id} is ${distance} pixels off`);
  const focused = await page.evaluate(() => document.activeElement?.id);
  assert.equal(focused, id, `the focus is on "${focused}"`);
}

const LINKS = [
  ['laboratory', 'laboratory'],
  ['own', 'own'],
  ['exercise-9', 'exercise-9'],
  ['exercise-2', 'exercise-2'],
  ['beyond', 'beyond'],
  ['network=both&digit=7&steps=30', 'laboratory'],
];
for (const [size, [hash, id]] of few(pairs([PHONE, DESKTOP], LINKS), (_, at) => at % 2 === 1)) {
  test(`#${hash} is there when the page is opened with it, ${size.width} wide`, async () => {
    const { page, messages } = await open(browser, 'about:blank');
    await page.setViewport(size);
    await page.goto(`${server.url}?backend=cpu#${hash}`);
    await isThere(page, id);
    assert.deepEqual(messages, []);
    await page.close();
  });
}

for (const size of few([PHONE, DESKTOP], 1)) {
  test(`the first screen's links lead there, ${size.width} wide`, async () => {
    const { page, messages } = await open(browser, 'about:blank');
    await page.setViewport(size);
    await page.goto(`${server.url}?backend=cpu`);
    for (const [link, id] of [
      ['.actions a[href="#own"]', 'own'],
      ['.brand', 'top'],
      ['.actions a[href="#laboratory"]', 'laboratory'],
    ]) {
      await page.$eval(link, (it) => /** @type {HTMLElement} */ (it).click());
      await isThere(page, id);
    }
    await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }));
    await page.focus('.skip');
    await page.keyboard.press('Enter');
    await isThere(page, 'laboratory');
    await page.keyboard.press('Tab');
    assert.ok(
      await page.evaluate(() => document.getElementById('laboratory')?.contains(document.activeElement)),
      'the keyboard does not go on in the laboratory',
    );
    assert.deepEqual(messages, []);
    await page.close();
  });
}

test('who goes on is not brought back', async () => {
  const { page } = await open(browser, 'about:blank');
  await page.setViewport(DESKTOP);
  await page.goto(`${server.url}?backend=cpu#laboratory`);
  await isThere(page, 'laboratory');
  await page.evaluate(() => window.scrollBy({ top: -3000, behavior: 'instant' }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = await page.evaluate(() => scrollY);
  await page.$eval('#exercise-2 details', (it) => /** @type {HTMLDetailsElement} */ (it).toggleAttribute('open'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = await page.evaluate(() => scrollY);
  assert.ok(Math.abs(after - before) < 1000, `it was at ${before}, and is at ${after}`);
  await page.close();
});

test('who drags a file over the page is not brought back, though the page grows at once', async () => {
  const { page } = await open(browser, 'about:blank');
  await page.setViewport(DESKTOP);
  await page.goto(`${server.url}?backend=cpu#laboratory`);
  await isThere(page, 'laboratory');
  await page.evaluate(() => {
    dispatchEvent(new Event('dragenter'));
    window.scrollTo({ top: 0, behavior: 'instant' });
    document.querySelector('#exercise-2 details')?.toggleAttribute('open');
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok((await page.evaluate(() => scrollY)) < 1000);
  await page.close();
});

test('who loads the page again is not brought back to where the address leads', async () => {
  const { page } = await open(browser, 'about:blank');
  await page.setViewport(DESKTOP);
  await page.goto(`${server.url}?backend=cpu#laboratory`);
  await isThere(page, 'laboratory');
  await page.waitForFunction(() => {
    // Until the page has heard of it, which it does with the next frame.
    document.getElementById('exercise-4')?.scrollIntoView({ behavior: 'instant' });
    return history.scrollRestoration === 'auto';
  });
  await page.reload();
  await page.waitForFunction(() => document.getElementById('models')?.querySelector('thead'));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const distance = await page.evaluate(off, 'laboratory');
  assert.ok(distance > 3000, `the laboratory is ${distance} pixels away`);
  await page.close();
});

test('“Open in the laboratory” leads there the second time, too', async () => {
  const { page } = await open(browser, 'about:blank');
  await page.setViewport(DESKTOP);
  await page.goto(`${server.url}?backend=cpu`);
  for (let time = 0; time < 2; time += 1) {
    await page.$eval('.figure-frame:has(#adam) .open a', (it) => /** @type {HTMLElement} */ (it).click());
    await isThere(page, 'laboratory');
    await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  await page.close();
});

for (const { size, slower } of few([
  { size: PHONE, slower: 1 },
  { size: DESKTOP, slower: 1 },
  { size: PROJECTOR, slower: 1 },
  { size: DESKTOP, slower: 4 },
], ({ size, slower }) => size === DESKTOP && slower === 1)) {
  test(`nothing moves on a full read, ${size.width} wide, ${slower} × slower`, async (context) => {
    const { page } = await open(browser, 'about:blank');
    await page.setViewport(size);
    await page.emulateCPUThrottling(slower);
    await page.evaluateOnNewDocument(() => {
      const kept = /** @type {any} */ (window);
      kept.shifts = [];
      new PerformanceObserver((list) => {
        for (const entry of /** @type {any[]} */ (list.getEntries())) {
          const moved = entry.sources.map((/** @type {any} */ { node }) => `${node?.nodeName}.${node?.className}#${node?.id}`);
          kept.shifts.push({ value: entry.value, moved: moved.slice(0, 3) });
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${server.url}?backend=cpu`);
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('hero')).iteration > 2);
    for (let isEnd = false; !isEnd; ) {
      isEnd = await page.evaluate(() => {
        scrollBy({ top: innerHeight / 2, behavior: 'instant' });
        return scrollY >= document.documentElement.scrollHeight - innerHeight - 2;
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).experiment);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    /** @type {{ value: number, moved: string[] }[]} */
    const shifts = await page.evaluate(() => /** @type {any} */ (window).shifts);
    const sum = shifts.reduce((all, { value }) => all + value, 0);
    context.diagnostic(`the sum of all layout shifts is ${sum.toFixed(4)}`);
    const largest = shifts.toSorted((a, b) => b.value - a.value).slice(0, 5);
    assert.ok(sum <= 0.02, `${sum}: ${JSON.stringify(largest)}`);
    await page.close();
  });
}

for (const hash of ['exercise-9', 'network=both&digit=7']) {
  test(`#${hash} is in view before the page’s modules are there`, async (context) => {
    const waiting = await serve((path) => path === '/assets/index.js'); // It is never answered.
    context.after(() => waiting.close());
    const { page } = await open(browser, 'about:blank');
    await page.setViewport(DESKTOP);
    page.goto(`${waiting.url}#${hash}`).catch(() => {}); // Nor is the page ever loaded.
    const id = hash.includes('=') ? 'laboratory' : hash;
    await page.waitForFunction((id) => Math.abs((document.getElementById(id)?.getBoundingClientRect().top ?? 0) - 16) <= 3, {}, id);
    await page.close();
  });
}

test('who goes on before the page’s modules are there is not brought back when they come', async (context) => {
  let go = () => {};
  const scrolled = new Promise((resolve) => (go = () => resolve(undefined)));
  const late = await serve((path, response) => {
    if (path !== '/assets/figure.js') {
      return false;
    }
    const source = readFileSync(builtFile('/assets/figure.js'));
    scrolled.then(() => response.writeHead(200, { 'content-type': 'text/javascript' }).end(source));
    return true;
  });
  context.after(() => late.close());
  const { page } = await open(browser, 'about:blank');
  await page.setViewport(DESKTOP);
  const loaded = page.goto(`${late.url}?backend=cpu#exercise-9`);
  await page.waitForFunction(() => Math.abs((document.getElementById('exercise-9')?.getBoundingClientRect().top ?? 0) - 16) <= 3);
  await page.mouse.move(600, 400);
  await page.mouse.wheel({ deltaY: -2500 });
  // Scrolls with an animation, which a busy machine is late with.
  await page.waitForFunction(() => Math.abs(document.getElementById('exercise-9')?.getBoundingClientRect().top ?? 0) > 1500);
  go();
  await loaded;
  await page.waitForFunction(() => document.getElementById('backend-name')?.textContent === 'CPU: as asked for');
  await new Promise((resolve) => setTimeout(resolve, 1000)); // In which a browser would scroll, smoothly.
  const away = await page.evaluate(off, 'exercise-9');
  assert.ok(away > 1500, `the exercise is ${away} pixels away`);
  await page.close();
});

test('who loads the page again, and has not gone on, is where the address leads', async () => {
  const { page } = await open(browser, 'about:blank');
  await page.setViewport(DESKTOP);
  await page.goto(`${server.url}?backend=cpu#network=both&digit=7&steps=30`);
  for (let time = 0; time < 3; time += 1) {
    await page.reload();
    await isThere(page, 'laboratory');
  }
  await page.close();
});
