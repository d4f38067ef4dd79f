// @ts-check
// A browser that lacks something: what is needed is named in a sentence, and what is not is done without.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, open, serve } from './browser.js';
import { TIMEOUT, appears, reached } from './figure.js';
import { few, pairs, rare } from './nightly.js';

const NEW_ENOUGH = 'It takes Chrome or Edge 98, Firefox 104 or Safari 16.4, or one that is newer.';
const FIGURE = 'activation-maximization';
/** A page of somebody else's, with a policy of its own. */
const POLICY = `<!doctype html><link rel="icon" href="icon.svg">
<meta http-equiv="Content-Security-Policy" content="script-src 'self'">
<script type="module" src="activation-maximization.js"></script>
<activation-maximization digit="3" steps="5" autoplay loading="eager"></activation-maximization>`;

/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  browser = await launch('chromium');
  server = await serve((path, response) => {
    if (path !== '/policy.html') {
      return false;
    }
    response.setHeader('Content-Type', 'text/html');
    response.end(POLICY);
    return true;
  });
});
after(async () => {
  await browser.close();
  await server.close();
});

/**
 * @param {string} path
 * @param {() => void} [before] What is taken away.
 */
async function visit(path, before) {
  const { page, messages } = await open(browser, 'about:blank');
  if (before) {
    await page.evaluateOnNewDocument(before);
  }
  await page.goto(server.url + path);
  return { page, messages };
}

/** @type {Record<string, { before: () => void, says: string, shows?: boolean }>} */
const LACKS = {
  'WebAssembly, as in strict modes': {
    before: () => Reflect.deleteProperty(window, 'WebAssembly'),
    says:
      'Images are computed in WebAssembly, which is switched off in this browser. Edge’s strict security and the ' +
      'Lockdown Mode of iPhones, iPads and Macs do that: make an exception for this page there.',
    shows: true,
  },
  SIMD: {
    before: () => {
      WebAssembly.validate = () => false;
    },
    says: `Images are computed in WebAssembly with SIMD, which this browser does not have. ${NEW_ENOUGH}`,
    shows: true,
  },
  'a 2D canvas': {
    before: () => {
      HTMLCanvasElement.prototype.getContext = () => null;
    },
    says: 'Images are drawn on a 2D canvas, which this browser does not give: a setting or an extension forbids it.',
  },
  IntersectionObserver: {
    before: () => Reflect.deleteProperty(window, 'IntersectionObserver'),
    says: `Figures are shown by means of IntersectionObserver, which this browser does not have. ${NEW_ENOUGH}`,
  },
  ResizeObserver: {
    before: () => Reflect.deleteProperty(window, 'ResizeObserver'),
    says: `Figures are shown by means of ResizeObserver, which this browser does not have. ${NEW_ENOUGH}`,
  },
  adoptedStyleSheets: {
    before: () => Reflect.deleteProperty(Document.prototype, 'adoptedStyleSheets'),
    says: `Figures are shown by means of adoptedStyleSheets, which this browser does not have. ${NEW_ENOUGH}`,
  },
};

const PLACES = /** @type {const} */ (['the page', 'a frame', 'a figure on a page']);
for (const [name, { before, says, shows }] of Object.entries(LACKS)) {
  const places = pairs(Object.keys(LACKS), PLACES).filter(([it]) => it === name).map(([, it]) => it);
  const skip = (/** @type {typeof PLACES[number]} */ place) => !places.includes(place) && rare;
  describe(`without ${name}`, () => {
    test('the page says so', { skip: skip('the page') }, async () => {
      const { page } = await visit('', before);
      await page.waitForSelector('#notice:not([hidden])', { timeout: TIMEOUT });
      assert.equal(await page.$eval('#notice-text', (it) => it.textContent), says);
      assert.equal(await page.$('#unloaded'), null);
      await page.close();
    });

    test('a frame says so', { skip: skip('a frame') }, async () => {
      const { page } = await visit('embed.html', before);
      const where = shows ? `${FIGURE} >>> .status.failed .message` : 'body > p[role="alert"]';
      const message = await page.waitForSelector(where, { timeout: TIMEOUT });
      assert.equal(await message?.evaluate((it) => it.textContent), says);
      assert.equal(await page.$('#unloaded'), null);
      await page.close();
    });

    test('a figure on a page says so', { skip: skip('a figure on a page') }, async () => {
      const { page } = await visit('examples/element.html', before);
      await page.waitForSelector(FIGURE);
      if (shows) {
        await appears(page, FIGURE, '.status.failed');
        assert.equal(await page.$eval(`${FIGURE} >>> .message`, (it) => it.textContent), says);
      } else {
        const said = await appears(page, FIGURE, 'p');
        assert.equal(await said?.evaluate((it) => it.textContent), says);
      }
      await page.close();
    });
  });
}

test("a page whose policy does not allow WebAssembly is told the directive", async () => {
  const { page } = await visit('policy.html');
  await appears(page, FIGURE, '.status.failed');
  assert.equal(
    await page.$eval(`${FIGURE} >>> .message`, (it) => it.textContent),
    'Images are computed in WebAssembly, which the Content-Security-Policy of this page forbids: its script-src ' +
      "must have 'wasm-unsafe-eval'.",
  );
  await page.close();
});

describe('what is not needed is done without:', () => {
  /** @type {Record<string, () => void>} */
  const DISPENSABLE = {
    checkVisibility: () => Reflect.deleteProperty(Element.prototype, 'checkVisibility'),
    indexedDB: () => Reflect.deleteProperty(window, 'indexedDB'),
    requestIdleCallback: () => Reflect.deleteProperty(window, 'requestIdleCallback'),
    'a service worker': () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'),
    'a clipboard': () => Reflect.deleteProperty(Navigator.prototype, 'clipboard'),
    'crypto.subtle': () => Reflect.deleteProperty(Crypto.prototype, 'subtle'),
    WebGPU: () => Reflect.deleteProperty(Navigator.prototype, 'gpu'),
  };
  for (const [name, before] of few(Object.entries(DISPENSABLE), 4)) {
    test(name, async () => {
      const { page, messages } = await visit('#digit=3&steps=20', before);
      await reached(page, '#lab', 'done');
      assert.equal(await page.$eval('#notice', (it) => /** @type {any} */ (it).hidden), true);
      assert.equal(await page.$('#unloaded'), null);
      assert.deepEqual(messages.filter((it) => it.startsWith('uncaught')), []);
      await page.close();
    });
  }

  test('without checkVisibility, what styles hide holds its run all the same', async () => {
    const { page } = await visit('embed.html#steps=5000&pace=slow', DISPENSABLE.checkVisibility);
    await page.waitForSelector(FIGURE);
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('activation-maximization'))?.iteration > 2);
    for (const [property, hidden, shown] of [['opacity', '0', '1'], ['visibility', 'hidden', ''], ['display', 'none', '']]) {
      const put = (/** @type {string} */ value) =>
        page.$eval('main', (it, property, value) => it.style.setProperty(property, value), property, value);
      await put(hidden);
      await page.waitForFunction(
        async () => {
          const it = /** @type {any} */ (document.querySelector('activation-maximization'));
          const before = it.iteration;
          await new Promise((resolve) => setTimeout(resolve, 300));
          return it.iteration === before;
        },
        { timeout: TIMEOUT },
      );
      const at = await page.$eval(FIGURE, (it) => /** @type {any} */ (it).iteration);
      await put(shown);
      await page.waitForFunction(
        (at) => /** @type {any} */ (document.querySelector('activation-maximization')).iteration > at,
        { timeout: TIMEOUT },
        at,
      );
    }
    await page.close();
  });
});
