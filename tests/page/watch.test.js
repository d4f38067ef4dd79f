// @ts-check
// A page that does not arrive whole says what was the matter, and gets past all that is kept of it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { FIREFOX, SITE, builtFile, launch, open, serve } from './browser.js';
import { TIMEOUT } from './figure.js';
import { pairs, rare } from './nightly.js';

/** @typedef {import('./browser.js').BrowserName} BrowserName */

const START = '^This page could not be started \\(';
const VERSIONS =
  '\\)\\. Its files may be of two versions, of which the browser has kept one, or the browser is too old for it\\.$';

/** What may be the matter with a module, and what is said of it. @type {Record<string, { answer: (text: string) => [number, string, string], says: RegExp }>} */
const TROUBLES = {
  'lacks an export': {
    answer: (text) => [200, 'text/javascript', text.replace(/export\{[^}]*\}/, 'export{}')],
    says: new RegExp(`${START}.*SyntaxError.*${VERSIONS}`),
  },
  'is no JavaScript': {
    answer: (text) => [200, 'text/javascript', `${text}\nfunction (`],
    says: new RegExp(`${START}.*SyntaxError.*, in assets/figure-[\\w-]{8}\\.js${VERSIONS}`),
  },
  'throws as it starts': {
    answer: (text) => [200, 'text/javascript', `${text}\nthrow new Error('no luck');`],
    says: new RegExp(`${START}.*Error: no luck, in assets/figure-[\\w-]{8}\\.js${VERSIONS}`),
  },
  'is not there': {
    answer: () => [404, 'text/plain', 'no'],
    says: /^A part of this page could not be loaded \(assets\/figure-[\w-]{8}\.js\): the server says 404\.$/,
  },
  'is a web page': {
    answer: () => [200, 'text/html', '<!doctype html>'],
    says: /^A part of this page could not be loaded \(assets\/figure-[\w-]{8}\.js\): the server sent text\/html in place of JavaScript\.$/,
  },
};

/** Where to look, and when it works. @type {Record<string, string>} */
const PAGES = { '?backend=cpu': '#hero', 'embed.html?backend=cpu': 'main activation-maximization', 'slides/': '.present activation-maximization' };

/**
 * A server that has trouble with one file, which browsers may keep for an hour, until it is mended.
 *
 * @param {string} path
 * @param {(text: string) => [number, string, string]} answer
 */
async function troubled(path, answer) {
  const state = { mended: false };
  const server = await serve((asked, response) => {
    response.setHeader('Cache-Control', 'max-age=3600');
    if (asked === '/other-worker.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end();
      return true;
    }
    if (state.mended || asked !== path) {
      return false;
    }
    const [status, type, text] = answer(readFileSync(builtFile(path), 'utf8'));
    response.writeHead(status, { 'content-type': type }).end(text);
    return true;
  });
  return { ...server, state };
}

for (const name of /** @type {BrowserName[]} */ (['chromium', 'firefox'])) {
  const skip = name === 'firefox' && !FIREFOX ? 'Firefox is not installed' : false;
  describe(`in ${name}, a module that`, { skip }, () => {
    /** @type {import('puppeteer-core').Browser} */
    let browser;
    before(async () => {
      browser = await launch(name);
    });
    after(() => browser.close());

    for (const [[trouble, { answer, says }], [address, selector]] of pairs(Object.entries(TROUBLES), Object.entries(PAGES))) {
      // What a browser makes of each is its own; what the page makes of it is not.
      const skip = name === 'firefox' && trouble !== 'is no JavaScript' && rare;
      test(`${trouble}: ${address}`, { skip }, async (test) => {
        const { url, state, close } = await troubled('/assets/figure.js', answer);
        const { page } = await open(browser, 'about:blank');
        test.after(() => page.close().then(close));
        await page.goto(url + address);
        const notice = await page.waitForSelector('#unloaded', { timeout: TIMEOUT });
        assert.match((await notice?.$eval('p', (it) => it.textContent)) ?? '', says);
        await page.reload();
        await page.waitForSelector('#unloaded', { timeout: TIMEOUT });
        state.mended = true;
        await Promise.all([page.waitForNavigation({ timeout: TIMEOUT }), page.click('#unloaded button')]);
        await page.waitForFunction(
          (selector) => /** @type {any} */ (document.querySelector(selector))?.iteration > 0,
          { timeout: TIMEOUT },
          selector,
        );
        assert.equal(await page.$('#unloaded'), null);
      });
    }
  });
}

describe('and', () => {
  /** @type {import('puppeteer-core').Browser} */
  let browser;
  before(async () => {
    browser = await launch('chromium');
  });
  after(() => browser.close());

  for (const [kind, answer] of /** @type {[string, (text: string) => [number, string, string]][]} */ ([
    ['is not there', () => [404, 'text/plain', 'no']],
    ['is a web page', () => [200, 'text/html', '<!doctype html>']],
  ])) {
    test(`a style sheet that ${kind} is spoken of, though the page works`, async (test) => {
      const { url, state, close } = await troubled('/assets/index.css', answer);
      const { page } = await open(browser, `${url}?backend=cpu`);
      test.after(() => page.close().then(close));
      await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#hero'))?.iteration > 0, {
        timeout: TIMEOUT,
      });
      assert.match(
        (await page.$eval('#unloaded p', (it) => it.textContent)) ?? '',
        /^A style sheet of this page could not be loaded \(assets\/index-[\w-]{8}\.css\)\. Is there a connection\?$/,
      );
      if (kind === 'is a web page') {
        return; // Chromium keeps it in its memory, past a reload, for as long as the server has said.
      }
      state.mended = true;
      await Promise.all([page.waitForNavigation({ timeout: TIMEOUT }), page.click('#unloaded button')]);
      await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#hero'))?.iteration > 0, {
        timeout: TIMEOUT,
      });
      assert.equal(await page.$('#unloaded'), null);
      assert.ok(await page.$$eval('link[href*="/index-"]', ([it]) => /** @type {any} */ (it).sheet.cssRules.length > 20));
    });
  }

  test('what the worker keeps is forgotten when all is loaded again, and kept again', async (test) => {
    const { url, state, close } = await troubled('/assets/figure.js', TROUBLES['lacks an export'].answer);
    const { page } = await open(browser, `${url}icon.svg`);
    test.after(() => page.close().then(close));
    await page.evaluate(async (url) => {
      await caches.open(`actmax ${url} old`);
      await caches.open('somebody else’s');
      await navigator.serviceWorker.register('other-worker.js');
    }, url);
    await page.goto(`${url}?backend=cpu`);
    await page.waitForSelector('#unloaded', { timeout: TIMEOUT });
    state.mended = true;
    await Promise.all([page.waitForNavigation({ timeout: TIMEOUT }), page.click('#unloaded button')]);
    const names = await page.evaluate(() => caches.keys());
    assert.ok(names.includes('somebody else’s'));
    assert.ok(!names.includes(`actmax ${url} old`), names.join());
    await page.waitForFunction(
      async () => {
        const [registration, ...others] = await navigator.serviceWorker.getRegistrations();
        return registration?.active?.scriptURL.endsWith('/service-worker.js') && others.length === 0;
      },
      { timeout: TIMEOUT, polling: 200 },
    );
  });

  test('without a network, what is kept stays', async (test) => {
    const { url, close } = await troubled('/assets/figure.js', TROUBLES['lacks an export'].answer);
    const { page } = await open(browser, `${url}?backend=cpu`);
    test.after(() => page.close().then(close));
    await page.waitForSelector('#unloaded', { timeout: TIMEOUT });
    await page.evaluate((url) => caches.open(`actmax ${url} old`), url);
    await page.setOfflineMode(true);
    await Promise.all([page.waitForNavigation({ timeout: TIMEOUT }).catch(() => {}), page.click('#unloaded button')]);
    await page.setOfflineMode(false);
    await page.goto(`${url}icon.svg`);
    assert.ok((await page.evaluate(() => caches.keys())).includes(`actmax ${url} old`));
  });

  for (const path of ['index.html', 'embed.html', 'slides/index.html']) {
    test(`${path}, opened as a file, says how to open it`, async (test) => {
      const { page } = await open(browser, `file://${SITE}/${path}`);
      test.after(() => page.close());
      const notice = await page.waitForSelector('#unloaded', { timeout: TIMEOUT });
      assert.equal(
        await notice?.$eval('p', (it) => it.textContent),
        'This page was opened as a file, and browsers load no modules from files. Open it through a server: with ' +
          '"python3 -m http.server" in its folder, for example, it is at http://localhost:8000.',
      );
      assert.equal(await notice?.$eval('button', (it) => it.hidden), true);
    });
  }
});
