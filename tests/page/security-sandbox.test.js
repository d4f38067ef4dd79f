// @ts-check
// Figures in a frame with sandbox="allow-scripts", on a page of another origin: they have no origin
// of their own then, and no storage, and their own files come from elsewhere.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { FIREFOX, MODULES, launch, open, serve } from './browser.js';
import { TIMEOUT, figure, reached, shadow } from './figure.js';
import { few, rare } from './nightly.js';
import { frameOf, pageOf, wait } from './travel.js';

const FIGURE = 'activation-maximization';
/** What Chromium itself says when a page asks for a GPU that is not there. */
const CHROMIUMS_OWN = 'warn: No available adapters.';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** Others may not have its files. @type {Awaited<ReturnType<typeof serve>>} */
let mean;
/** Another origin. @type {Awaited<ReturnType<typeof serve>>} */
let elsewhere;
before(async () => {
  server = await serve(undefined, MODULES);
  mean = await serve((path, response) => {
    response.removeHeader('Access-Control-Allow-Origin');
    return false;
  }, MODULES);
  elsewhere = await serve((path, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(
      pageOf(`<script>window.heard = []; addEventListener('message', (it) => heard.push([it.origin, it.data]));</script>
        <iframe id="frame" sandbox="allow-scripts" src="${decodeURIComponent(path.slice(1))}"
          style="width: 900px; height: 700px"></iframe>`),
    );
    return true;
  });
});
after(async () => {
  await server.close();
  await mean.close();
  await elsewhere.close();
});

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} path Of a page of www.
 * @param {string} [from] Who serves it.
 */
async function embedded(browser, path, from = server.url) {
  const { page, messages } = await open(browser, 'about:blank');
  await page.setViewport({ width: 1000, height: 800 });
  await page.goto(elsewhere.url + encodeURIComponent(from + path));
  const frame = await frameOf(page, from);
  return { page, frame, said: () => messages.filter((it) => it !== CHROMIUMS_OWN) };
}

/** @param {any} frame @returns {Promise<string>} */
function backendOf(frame) {
  return frame.evaluate(async () => {
    const { sharedEngine } = await import(new URL('./src/engine/shared-engine.js', location.href).href);
    return (await sharedEngine()).status.backend;
  });
}

/** @type {[import('./browser.js').BrowserName, string[]][]} */
const BROWSERS = [
  ['chromium', ['', 'cpu', 'webgpu']],
  ['chromium-without-webgpu', ['', 'webgpu']],
  ['firefox', ['', 'webgpu']],
];

for (const [name, backends] of BROWSERS) {
  const skip = name === 'firefox' && !FIREFOX ? 'Firefox is not installed' : false;
  describe(`a sandboxed frame in ${name}`, { skip }, () => {
    /** @type {import('puppeteer-core').Browser} */
    let browser;
    before(async () => {
      browser = await launch(name);
    });
    after(() => browser.close());

    // One of them, and all else in Chromium: a sandbox is much the same in every browser.
    const skip = name !== 'chromium' && rare;
    for (const backend of few(backends, 1)) {
      test(`runs to its end, on ${backend || 'what there is'}`, async () => {
        const { page, frame, said } = await embedded(browser, `embed.html?backend=${backend}#digit=7&steps=20&pace=full&show=all`);
        await reached(frame, FIGURE, 'done');
        assert.equal(await frame.evaluate(() => self.origin), 'null');
        assert.equal(await backendOf(frame), name === 'chromium' && backend === 'webgpu' ? 'webgpu' : 'cpu');
        assert.equal(await figure(frame, FIGURE, (it) => it.iteration), 20);
        assert.equal(await shadow(frame, FIGURE, '.message', (it) => it.textContent), '');
        const drawn = await shadow(frame, FIGURE, '.picture canvas', (it) =>
          new Set(it.getContext('2d').getImageData(0, 0, 28, 28).data).size,
        );
        assert.ok(drawn > 50, `${drawn} values`);
        await page.waitForFunction(() => /** @type {any} */ (window).heard.some((/** @type {any} */ [, it]) => it.type === 'actmax:size'));
        await page.$eval('#frame', (it) =>
          /** @type {any} */ (it).contentWindow.postMessage({ type: 'actmax:settings', settings: { digit: '2' } }, '*'),
        );
        await frame.waitForFunction(
          () => {
            const it = /** @type {any} */ (document.querySelector('activation-maximization'));
            return it.settings.digits[0] === 2 && it.state === 'done' && it.experiment.digits[0] === 2;
          },
          { timeout: TIMEOUT },
        );
        assert.deepEqual(said(), []);
        await page.close();
      });
    }

    test('can be the whole laboratory', { skip }, async () => {
      const { page, frame, said } = await embedded(browser, '#digit=7&steps=20&pace=full');
      await reached(frame, '#lab', 'done');
      assert.equal(await frame.$eval('#notice', (/** @type {any} */ it) => it.hidden), true);
      assert.deepEqual(said(), []);
      await page.close();
    });

    test('can be the slides, with a frame on one of them', { skip }, async () => {
      const { page, frame, said } = await embedded(browser, 'slides/#/13');
      const inner = await frameOf(page, 'embed.html');
      await inner.waitForFunction(
        () => /** @type {any} */ (document.querySelector('activation-maximization'))?.iteration > 1,
        { timeout: TIMEOUT },
      );
      await inner.$eval(`${FIGURE} >>> .step`, (/** @type {HTMLElement} */ it) => it.focus());
      await page.keyboard.press('ArrowRight');
      await frame.waitForSelector('.slides > section:nth-child(15).present');
      // The page around the slides may not turn them, nor do anything else to them.
      await page.$eval('#frame', (it) => {
        const { contentWindow } = /** @type {HTMLIFrameElement} */ (it);
        contentWindow?.postMessage(JSON.stringify({ method: 'slide', args: [0] }), '*');
        contentWindow?.postMessage(JSON.stringify({ method: 'setState', args: [{ previewIframe: 'https://example.org/' }] }), '*');
      });
      await wait(300);
      assert.ok(await frame.$('.slides > section:nth-child(15).present'));
      assert.deepEqual(said(), []);
      await page.close();
    });

    test('says what is wrong where its server does not allow it', { skip }, async () => {
      const { page, frame } = await embedded(browser, 'embed.html', mean.url);
      await frame.waitForSelector('#unloaded');
      assert.match(
        await frame.$eval('#unloaded p', (/** @type {any} */ it) => it.textContent),
        /^A part of this page could not be loaded \(.*\.js\)\. Is there a connection\? In a sandbox, the server must allow it: Access-Control-Allow-Origin: \*$/,
      );
      await page.close();
    });
  });
}
