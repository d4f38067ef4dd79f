// @ts-check
// What a page may load and run: only our own files, whatever is done on it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';

import { SITE, FIREFOX, serve } from './browser.js';
import { LAB, TIMEOUT, appears, press, reached, set } from './figure.js';
import { few } from './nightly.js';
import { wait } from './travel.js';
import { watched } from './watched.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {Awaited<ReturnType<Awaited<ReturnType<typeof watched>>['visit']>>} Tab */

const SCREENSHOT = fileURLToPath(new URL('../../www/screenshot.png', import.meta.url));
const FIGURE = 'activation-maximization';
const PAGES = readdirSync(SITE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.html'))
  .sort();

/** Of a page, without what it needs besides. */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};
/** @type {Record<string, Record<string, string>>} What it needs besides. */
const BESIDES = {
  'index.html': { 'worker-src': "'self'" },
  'slides/index.html': { 'style-src': "'self' 'unsafe-inline'", 'frame-src': "'self'" },
  'examples/iframe.html': { 'frame-src': "'self'" },
};

/** Of the scripts that stand in a page: each has to be in its policy. @param {string} html */
const hashesOf = (html) =>
  [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^]*?)<\/script>/g)].map(([, code]) => createHash('sha256').update(code).digest('base64'));

describe('the source of every page', () => {
  test('these are all pages', () => {
    assert.deepEqual(PAGES, [
      'embed.html',
      'examples/api.html',
      'examples/element.html',
      'examples/iframe.html',
      'examples/index.html',
      'index.html',
      'slides/index.html',
    ]);
  });

  for (const page of PAGES) {
    const html = readFileSync(join(SITE, page), 'utf8');

    test(`${page} has its policy, before anything that obeys one`, () => {
      const [before, text] = html.split(/<meta\s+http-equiv="Content-Security-Policy"\s+content="/);
      assert.doesNotMatch(before, /<(link|script|style|img|body)\b/);
      const rules = text
        .slice(0, text.indexOf('"'))
        .split(';')
        .map((rule) => rule.trim().split(/\s+/))
        .map(([name, ...values]) => [name, values.join(' ')]);
      const own = hashesOf(html).map((hash) => `'sha256-${hash}' `);
      const scripts = { 'script-src': `'self' ${own.join('')}'wasm-unsafe-eval'` };
      assert.deepEqual(Object.fromEntries(rules), { ...POLICY, ...scripts, ...BESIDES[page] });
    });

    test(`${page} has no script that its policy does not know, and names no other host`, () => {
      assert.ok(hashesOf(html).length <= 2); // What watches over it, and what goes where its address leads.
      assert.doesNotMatch(html, /<[^>]*\son\w+=/);
      assert.doesNotMatch(html, /javascript:/i);
      assert.doesNotMatch(html, /<(?!a\b)[^>]*\b(src|href|data-src|srcset)="(\w+:)?\/\//);
      for (const [link] of html.matchAll(/<a\b[^>]*target="_blank"[^>]*>/g)) {
        assert.match(link, /rel="[^"]*noopener/);
      }
    });
  }
});

/** A page that asks other hosts, in all the ways there are. @type {Record<string, string>} */
const CARELESS = {
  '/careless.html': `<!doctype html>
    <img src="http://image.example/a.png"><img src="https://port.example:444/b.png">
    <link rel="stylesheet" href="https://style.example/"><script async src="https://script.example/"></script>
    <form><input type="email" name="email"></form><iframe src="careless-frame.html"></iframe>
    <script>
      new Worker('careless-worker.js');
      new SharedWorker('careless-shared.js');
      navigator.serviceWorker.register('careless-service.js');
      navigator.sendBeacon('https://beacon.example/');
      new WebSocket('wss://socket.example/');
      open('careless-window.html');
    </script>`,
  '/careless-frame.html': '<img src="http://frame.example/"><iframe src="http://inner-frame.example/"></iframe>',
  '/careless-window.html': '<img src="https://window.example/">',
  '/careless-worker.js': `fetch('https://worker.example/').catch(() => {}); new Worker('careless-nested.js');`,
  '/careless-nested.js': `fetch('https://nested.example/').catch(() => {});`,
  '/careless-shared.js': `fetch('https://shared.example/').catch(() => {});`,
  '/careless-service.js': `fetch('https://service.example/').catch(() => {});`,
};

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve((path, response) => {
    const text = CARELESS[path];
    if (text === undefined) {
      return false;
    }
    response.setHeader('Content-Type', path.endsWith('.js') ? 'text/javascript' : 'text/html');
    response.end(text);
    return true;
  });
});
after(() => server.close());

/** The figure comes to its end. @param {string} [selector] @returns {(tab: Tab) => Promise<void>} */
const runs = (selector = FIGURE) => async ({ page }) => reached(page, selector, 'done');

/** Everything that the laboratory has. @param {Tab} tab */
async function useLaboratory({ page }) {
  const client = await downloads(page);
  await reached(page, LAB, 'done');
  await press(page, LAB, 'input[name="digit"][value="8"]');
  await reached(page, LAB, 'done');
  await set(page, LAB, 'timeline', '9');
  await page.$$eval('details', (all) => all.forEach((it) => (it.open = true)));
  await page.$$eval(`${LAB} >>> [role="tab"]`, (tabs) => tabs.forEach((it) => /** @type {HTMLElement} */ (it).click()));
  await appears(page, LAB, '.u-legend, .uplot');

  for (const words of ['Picture (PNG)', 'Animation (GIF)', 'Video for a slide', 'Numbers (CSV)', 'Numbers (JSON)']) {
    const count = client.saved.length;
    await page.$$eval(
      '.save button',
      (buttons, words) => /** @type {any} */ (buttons.find((it) => it.textContent?.startsWith(words))).click(),
      words,
    );
    for (const end = Date.now() + TIMEOUT; client.watches && client.saved.length === count; ) {
      assert.ok(Date.now() < end, `${words} was not saved`);
      await wait(50);
    }
    await page.waitForFunction(() => !/ …|%/.test(document.querySelector('.save-status')?.textContent ?? ''), {
      timeout: TIMEOUT,
    });
  }

  await page.$eval('button.embed', (it) => it.click());
  await page.waitForSelector('dialog[open]');
  await page.$$eval('dialog input[type="radio"]', (all) => all.forEach((it) => /** @type {any} */ (it).click()));
  await page.click('dialog button.primary');
  await page.waitForFunction(() => document.querySelector('dialog .said')?.textContent !== '');
  await page.click('dialog button.close');

  await page.$eval('#start .paper', (it) => it.scrollIntoView({ block: 'center', behavior: 'instant' }));
  const box = await (await page.$('#start .paper'))?.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 60, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 70, box.y + 180, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(() => /reads an? \d/.test(document.querySelector('#start .reading')?.textContent ?? ''), {
    timeout: TIMEOUT,
  });
  const file = await page.$('#start input[type="file"]');
  await /** @type {any} */ (file).uploadFile(SCREENSHOT);
  await wait(500);
  await page.$eval('#start .primary', (it) => /** @type {any} */ (it).click());
  await reached(page, LAB, 'done');
}

/** Hears of what is saved, where the browser tells. @param {Page} page */
async function downloads(page) {
  /** @type {string[]} */
  const saved = [];
  const watches = 'createCDPSession' in page && (await page.browser().version()).startsWith('Chrome');
  if (watches) {
    const client = await page.browser().target().createCDPSession();
    const browserContextId = page.browserContext().id;
    await client.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true, browserContextId });
    client.on('Browser.downloadWillBegin', ({ suggestedFilename }) => saved.push(suggestedFilename));
  }
  return { saved, watches };
}

/** Every slide, and the notes in a window of their own. @param {Tab} tab */
async function giveTheLecture({ page }) {
  await page.waitForSelector('.reveal.ready', { timeout: TIMEOUT });
  const opened = new Promise((resolve) => page.once('popup', resolve));
  await page.keyboard.press('KeyS');
  const view = /** @type {Page} */ (await opened);
  await view.waitForFunction(() => /What grows here/.test(document.querySelector('.value')?.textContent ?? ''), {
    timeout: TIMEOUT,
  });
  assert.match((await view.$eval('.clock-value', (it) => it.textContent)) ?? '', /^\d/);
  await page.bringToFront();
  const slides = await page.$$eval('.slides > section', (them) => them.length);
  for (let slide = 1; slide < slides; slide += 1) {
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector(`.slides > section:nth-child(${slide + 1}).present`);
    // Whatever is on it has come.
    await page.waitForFunction(
      () => [...document.querySelectorAll('.present activation-maximization[autoplay]')].every((it) => /** @type {any} */ (it).iteration > 0),
      { timeout: TIMEOUT },
    );
    await wait(100);
  }
  await view.close();
}

/** All of it has come to its end, on as many pages as there are slides. @param {Tab} tab */
async function print({ page }) {
  await page.waitForFunction(
    () =>
      document.querySelectorAll('.pdf-page').length > 5 &&
      [...document.querySelectorAll('activation-maximization[autoplay]')].every(
        (it) => /** @type {any} */ (it).state === 'done',
      ),
    { timeout: TIMEOUT },
  );
  // The rule that reveal.js writes into the page.
  const sizes = await page.$$eval('style', (all) => all.filter((it) => /^@page/.test(it.textContent ?? '') && it.sheet).length);
  assert.equal(sizes, 1);
}

/** @type {[string, (tab: Tab) => Promise<unknown>][]} */
const TOUR = [
  ['#digit=3&steps=30', useLaboratory],
  ['?backend=webgpu#digit=3&steps=5', runs(LAB)],
  ['embed.html#digit=7&pace=full&show=all', runs()],
  ['slides/', giveTheLecture],
  ['slides/?print-pdf', print],
  ['examples/', ({ page }) => page.waitForSelector('h1')],
  ['examples/element.html', runs()],
  [
    'examples/iframe.html',
    async ({ page }) => {
      await page.waitForFunction(() => document.querySelector('iframe')?.style.height, { timeout: TIMEOUT });
      assert.match(await page.$eval('pre', (it) => it.textContent ?? ''), /actmax:size/);
    },
  ],
  [
    'examples/api.html',
    async ({ page }) => {
      await page.waitForFunction(() => /^Iteration 50/.test(document.getElementById('said')?.textContent ?? ''), {
        timeout: TIMEOUT,
      });
      assert.match(await page.$eval('pre', (it) => it.textContent ?? ''), /^import \{ Engine \}/);
    },
  ],
];

for (const name of /** @type {const} */ (['chromium', 'firefox'])) {
  const skip = name === 'firefox' && !FIREFOX ? 'Firefox is not installed' : false;
  describe(`in ${name}, where every other host is blocked`, { skip }, () => {
    /** @type {Awaited<ReturnType<typeof watched>>} */
    let world;
    before(async () => {
      world = await watched(name);
    });
    after(() => world.close());

    for (const [path, use] of few(TOUR, (_, at) => name === 'chromium' || at === 2)) {
      test(`/${path} works, breaks no rule and asks nobody else`, async () => {
        const tab = await world.visit(server.url + path);
        await use(tab);
        await tab.close();
        assert.deepEqual(world.asked(), []);
      });
    }

    test('and if a page asked, it would be seen', async () => {
      const { page } = await world.visit(`${server.url}careless.html`);
      const ways = Object.values(CARELESS).join().matchAll(/\w+:\/\/([\w-]+\.example)/g);
      const hosts = [...new Set([...ways].map(([, host]) => host))].sort();
      for (const end = Date.now() + TIMEOUT; Date.now() < end && world.asked().length < hosts.length; ) {
        await wait(100);
      }
      assert.deepEqual(world.asked(), hosts);
      await page.close();
    });
  });
}
