// @ts-check
// Several tabs of one browser: what is brought in one is in the others, what is removed is gone from
// them, they do not keep more than there is room for; and a frame that is kept apart says so.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { FIREFOX, MODULES, launch, open, serve } from './browser.js';
import { LAB, TIMEOUT, shadow } from './figure.js';
import { few, rare } from './nightly.js';
import { ask, bring as bringHere, fixture, said, visit } from './owning.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {Awaited<ReturnType<typeof visit>>} Tab */

const MLP = fixture('my_mlp_drop.safetensors');
/** A tab that is not on show has no frames to wait for. */
const SOON = { timeout: TIMEOUT, polling: 100 };
const ADDRESS = '?backend=cpu#network=mlp&digit=3&steps=20&pace=full';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  server = await serve((path, response) => {
    if (path !== '/host.html') {
      return false;
    }
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Host</title><iframe width="640" height="700"></iframe>');
    return true;
  }, MODULES);
  browser = await launch('chromium');
});
after(async () => {
  await browser.close();
  await server.close();
});

/** Brings a network in a tab, which then is the one on show. @param {Page} page @param {string} file */
async function bring(page, file) {
  await page.bringToFront();
  await bringHere(page, file);
}

/** Another tab of the same browser. @param {Tab} first @param {string} path */
async function another(first, path = ADDRESS) {
  const tab = await open(/** @type {any} */ (first.page.browserContext()), server.url + path);
  await tab.page.waitForFunction(() => /** @type {any} */ (document.querySelector('activation-maximization')), SOON);
  return tab;
}

/** Waits until the laboratory has ended a run of these networks. @param {Page} page @param {string} networks @param {string} [selector] */
async function ran(page, networks, selector = LAB) {
  await page.bringToFront();
  await page.waitForFunction(
    (selector, networks) => {
      const lab = /** @type {any} */ (document.querySelector(selector));
      const now = lab.experiment?.networkResults.map((/** @type {any} */ it) => it.network).join(',');
      return now === networks && lab.state === 'done';
    },
    SOON,
    selector,
    networks,
  );
}

/** Waits until these are the networks of one's own. @param {Page} page @param {string[]} names */
async function cards(page, names) {
  await page.waitForFunction(
    (names) => [...document.querySelectorAll('#own-models h4')].map((it) => it.textContent).join() === names,
    SOON,
    names.join(),
  );
}

const notice = (/** @type {Page} */ page) =>
  page.$eval('#notice', (it) => (it.checkVisibility() ? it.querySelector('p')?.textContent : undefined));

/** Removes the first network of one's own. @param {Page} page */
const remove = (page) => page.$eval('#own-models button', (it) => /** @type {HTMLElement} */ (it).click());

/** Keeps the same network under more names, behind the page's back. @param {Page} page @param {number} count In all. */
async function keepMore(page, count) {
  await page.evaluate(async (count) => {
    const database = await new Promise((resolve) => {
      const request = indexedDB.open('actmax', 1);
      request.onsuccess = () => resolve(request.result);
    });
    const store = database.transaction('networks', 'readwrite').objectStore('networks');
    const one = await new Promise((resolve) => {
      const request = store.get('own-my-mlp-drop');
      request.onsuccess = () => resolve(request.result);
    });
    for (let index = 1; index < count; index += 1) {
      const letter = String.fromCharCode(96 + index);
      store.put({ ...one, name: `n-${letter}` }, `own-n-${letter}`);
    }
    await new Promise((resolve) => (store.transaction.oncomplete = resolve));
    database.close();
  }, count);
}

const kept = (/** @type {Page} */ page) =>
  page.evaluate(async () => {
    const database = await new Promise((resolve) => {
      const request = indexedDB.open('actmax', 1);
      request.onsuccess = () => resolve(request.result);
    });
    const count = database.transaction('networks').objectStore('networks').count();
    await new Promise((resolve) => (count.onsuccess = resolve));
    database.close();
    return count.result;
  });

for (const name of /** @type {const} */ (['chromium', 'firefox'])) {
  const skip = name === 'firefox' && (!FIREFOX ? 'Firefox is not installed' : rare);
  test(`${name}: what one tab brings is in the other, whose link runs; and what it removes is gone there`, { skip }, async () => {
    const own = await launch(name);
    try {
      const one = await visit(own, server.url + ADDRESS);
      const two = await another(one);
      await ran(two.page, 'mlp');
      await bring(one.page, MLP);
      // Its link, opened where it may not have come yet.
      await two.page.evaluate(() => (location.hash = '#network=own-my-mlp-drop&digit=4&steps=20&pace=full'));
      await ran(two.page, 'own-my-mlp-drop');
      await cards(two.page, ['my_mlp_drop']);
      assert.equal(await notice(two.page), undefined);
      assert.equal((await said(two.page)).said, 'my_mlp_drop was brought in another tab, and is among the networks of every figure here, too.');
      const options = await two.page.$$eval('#start select[name="reader"] option', (all) => all.map((it) => it.textContent));
      assert.deepEqual(options, ['MLP', 'LeNet-5', 'Control LeNet-5', 'Robust LeNet-5', 'my_mlp_drop']);
      await two.page.select('.exercise-choice select', 'own-my-mlp-drop');

      await one.page.bringToFront();
      await remove(one.page);
      await cards(two.page, []);
      await ran(two.page, 'mlp');
      assert.equal(await notice(two.page), 'my_mlp_drop was removed in another tab.');
      await two.page.waitForFunction(() => location.hash.startsWith('#network=mlp&digit=4&'), SOON); // Written at rest.
      assert.equal(await two.page.$eval('#three', (it) => it.getAttribute('network')), 'mlp');
      // And its link says what has become of it.
      await two.page.evaluate(() => (location.hash = '#network=own-my-mlp-drop&digit=5&steps=20&pace=full'));
      await two.page.waitForFunction(() => /removed from/.test(document.getElementById('notice-text')?.textContent ?? ''), SOON);
      assert.equal(
        await notice(two.page),
        'The network "own-my-mlp-drop" was removed from this browser. Bring its file again to see it. mlp is used instead.',
      );
      assert.deepEqual([...one.messages, ...two.messages], []);
    } finally {
      await own.close();
    }
  });
}

test('a link that was opened too early shows the network when another tab brings it', async () => {
  const one = await visit(browser, server.url + ADDRESS);
  const two = await another(one, '?backend=cpu#network=own-my-mlp-drop&digit=4&steps=20&pace=full');
  await ran(two.page, 'mlp');
  await bring(one.page, MLP);
  await ran(two.page, 'own-my-mlp-drop');
  await one.close();
});

test('a figure alone in a tab goes on without a network that is removed in another, and says so', async () => {
  const one = await visit(browser, server.url + ADDRESS);
  await bring(one.page, MLP);
  const FIGURE = 'activation-maximization';
  const two = await another(one, 'embed.html?backend=cpu#network=own-my-mlp-drop&digit=4&steps=20&pace=full');
  await ran(two.page, 'own-my-mlp-drop', FIGURE);
  await one.page.bringToFront();
  await remove(one.page);
  await ran(two.page, 'mlp', FIGURE);
  assert.equal(
    await shadow(two.page, FIGURE, '.message', (it) => it.textContent),
    'The network "own-my-mlp-drop" was removed from this browser. Bring its file again to see it. mlp is used instead.',
  );
  assert.deepEqual(two.messages, []);
  await one.close();
});

test('a page that comes back from the back button finds what happened meanwhile', async () => {
  const one = await visit(browser, server.url + ADDRESS);
  const two = await another(one);
  await bring(one.page, MLP);
  await cards(two.page, ['my_mlp_drop']);
  const away = (/** @type {string} */ type) =>
    two.page.evaluate((type) => dispatchEvent(new PageTransitionEvent(type, { persisted: true })), type);
  await away('pagehide');
  await bring(one.page, MLP);
  await remove(one.page);
  await cards(one.page, ['my_mlp_drop 2']);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await cards(two.page, ['my_mlp_drop']);
  await away('pageshow');
  await cards(two.page, ['my_mlp_drop 2']);
  await one.close();
});

describe('there is room for sixteen', () => {
  test('in all tabs together: the seventeenth is refused, wherever it is brought', async () => {
    const one = await visit(browser, server.url + ADDRESS);
    await bring(one.page, MLP);
    await keepMore(one.page, 15);
    await one.page.reload();
    const two = await another(one);
    for (const { page } of [one, two]) {
      await page.bringToFront();
      await page.waitForFunction(() => document.querySelectorAll('#own-models h4').length === 15, SOON);
      await ask(page, MLP); // Both are asked while there is room for one.
    }
    await one.page.$eval('.questions button[type="submit"]', (it) => it.click());
    await one.page.waitForFunction(() => document.querySelectorAll('#own-models h4').length === 16, SOON);
    await two.page.$eval('.questions button[type="submit"]', (it) => it.click());
    await two.page.waitForFunction(() => document.querySelector('.drop-zone .wrong')?.textContent !== '', SOON);
    assert.equal((await said(two.page)).wrong, 'There are 16 networks of yours already. Remove one of them first.');
    assert.equal(await kept(one.page), 16);
    assert.deepEqual(two.messages, []);
    await one.close();
  });

  test('those that were kept beyond them are spoken of, and come back as others go', async () => {
    const one = await visit(browser, server.url + ADDRESS);
    await bring(one.page, MLP);
    await keepMore(one.page, 18);
    await one.page.reload();
    await one.page.waitForFunction(() => document.querySelectorAll('#own-models h4').length === 16, SOON);
    await one.page.waitForSelector('#notice:not([hidden])', SOON);
    assert.equal(
      await notice(one.page),
      'This browser keeps 18 networks of yours, and there is room for 16. Whenever you remove one, the next comes back.',
    );
    const names = () => one.page.$$eval('#own-models h4', (all) => all.map((it) => it.textContent));
    assert.ok(!(await names()).includes('n-p'));
    await remove(one.page);
    await one.page.waitForFunction(() => [...document.querySelectorAll('#own-models h4')].some((it) => it.textContent === 'n-p'), SOON);
    assert.equal((await names()).length, 16);
    await one.close();
  });
});

test('several that are removed at once are all gone, also where removing one makes room for others', async () => {
  const one = await visit(browser, server.url + ADDRESS);
  await bring(one.page, MLP);
  await keepMore(one.page, 5);
  await one.page.reload();
  await one.page.waitForFunction(() => document.querySelectorAll('#own-models h4').length === 5, SOON);
  await one.page.evaluate(() => {
    for (let index = 0; index < 4; index += 1) {
      /** @type {HTMLElement} */ (document.querySelector('#own-models button')).click();
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await cards(one.page, ['n-d']);
  assert.equal(await kept(one.page), 1);
  await one.close();
});

test('what was removed and a browser would not forget does not come back when another makes room', async () => {
  const one = await visit(browser, server.url + ADDRESS);
  await bring(one.page, MLP);
  await keepMore(one.page, 3);
  await one.page.reload();
  await one.page.waitForFunction(() => document.querySelectorAll('#own-models h4').length === 3, SOON);
  await one.page.evaluate(() => {
    const own = IDBObjectStore.prototype.delete;
    IDBObjectStore.prototype.delete = function (key) {
      if (key === 'own-my-mlp-drop') {
        throw new DOMException('Not now.', 'UnknownError');
      }
      return own.call(this, key);
    };
  });
  await remove(one.page);
  await cards(one.page, ['n-a', 'n-b']);
  await remove(one.page);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await cards(one.page, ['n-b']);
  await one.close();
});

test('what a browser does not give back just now is not forgotten', async () => {
  const one = await visit(browser, server.url + ADDRESS);
  await bring(one.page, MLP);
  const shim = await one.page.evaluateOnNewDocument(() => {
    IDBObjectStore.prototype.get = () => {
      throw new DOMException('The disk is busy.', 'UnknownError');
    };
  });
  await one.page.goto('about:blank'); // Not only another place of the same page.
  await one.page.goto(server.url + ADDRESS);
  await ran(one.page, 'mlp');
  await one.page.evaluate(async () => (await import(/** @type {any} */ ('/src/networks/restore.js'))).restored());
  await cards(one.page, []);
  assert.equal(await kept(one.page), 1);
  await one.page.removeScriptToEvaluateOnNewDocument(shim.identifier);
  await one.page.reload();
  await cards(one.page, ['my_mlp_drop']);
  await one.close();
});

describe('a frame that a browser keeps apart', () => {
  for (const [where, host, sandbox] of few([
    ['of another site', 'localhost', undefined],
    ['in a sandbox', '127.0.0.1', 'allow-scripts'],
  ], 1)) {
    test(where, async () => {
      const one = await visit(browser, server.url + ADDRESS);
      await bring(one.page, MLP);
      const page = await one.page.browserContext().newPage();
      await page.goto(`${server.url.replace('127.0.0.1', host ?? '')}host.html`);
      await page.$eval(
        'iframe',
        (it, address, sandbox) => {
          if (sandbox) {
            it.setAttribute('sandbox', sandbox);
          }
          it.src = address;
        },
        `${server.url}embed.html?backend=cpu#network=own-my-mlp-drop&digit=4&steps=20&pace=full`,
        sandbox,
      );
      const frame = await page.waitForFrame((it) => it.url().includes('embed.html'));
      // What is being loaded may be said in between.
      await frame.waitForFunction(
        (expected) =>
          document.querySelector('activation-maximization')?.shadowRoot?.querySelector('.message')?.textContent === expected,
        SOON,
        'There is no network "own-my-mlp-drop" in this frame: inside another site\'s page, a browser keeps this one apart ' +
          'from what was brought to its own site. Open the figure in a tab of its own to see it. mlp is used instead.',
      );
      await one.close();
    });
  }
});
