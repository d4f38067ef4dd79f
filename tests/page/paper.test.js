// @ts-check
// Figures on paper: printed as they are, printed before anybody has seen them, and in reveal.js's print view.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { lacking } from './browser.js';
import { TIMEOUT, reached, shadow } from './figure.js';
import { pageOf, traveling, wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

const FIGURE = 'activation-maximization';
const SCRIPT = '<script type="module" src="activation-maximization.js"></script>';
const FAR = '<p style="height: 300vh">Far above the other.</p>';

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  world = await traveling({
    '/far.html': pageOf(
      `<${FIGURE} id="near" steps="20" pace="full" autoplay></${FIGURE}>${FAR}
       <${FIGURE} id="far" digit="3,8" steps="30" show="loss bars" autoplay>Words of the page.</${FIGURE}>${FAR}
       <${FIGURE} id="second" digit="5" at="10" autoplay></${FIGURE}>`,
      SCRIPT,
    ),
    '/held.html': pageOf(
      `<${FIGURE} id="near" steps="20" pace="full" autoplay></${FIGURE}>${FAR}
       <${FIGURE} id="words" network="lenet5" autoplay>Words of the page.</${FIGURE}>${FAR}
       <${FIGURE} id="bare" network="lenet5,robust" objective="neuron-fc1" digit="2,12" autoplay> </${FIGURE}>`,
      SCRIPT,
    ),
    '/deck.html': pageOf(
      `<div class="reveal"><div class="slides">
         <section><${FIGURE} pace="slow" autoplay style="--actmax-image: 15rem"></${FIGURE}></section><section>Two</section>
         <section><${FIGURE} digit="7" steps="40" style="--actmax-image: 15rem"></${FIGURE}></section>
         <section><${FIGURE} network="both" digit="1" steps="30" show="loss" autoplay style="--actmax-image: 10rem"></${FIGURE}></section>
       </div></div>
       <script type="module">
         import Reveal from './vendor/reveal/reveal.mjs';
         await new Reveal().initialize();
       </script>`,
      `<link rel="stylesheet" href="vendor/reveal/reveal.css">${SCRIPT}`,
    ),
  });
});
after(() => world.close());

/** What is in a figure: its iteration as it stands there, and how many colors its pictures have. @param {Page} page @param {string} id */
const look = (page, id) =>
  shadow(page, id, '.figure', (it) => ({
    iteration: it.querySelector('.iteration').textContent,
    waiting: it.querySelector('.columns').classList.contains('waiting'),
    colors: [...it.querySelectorAll('.images canvas')].slice(0, 2).map((canvas) => {
      const { data } = canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, 28, 28);
      return new Set(Array.from({ length: 784 }, (_, at) => data.slice(4 * at, 4 * at + 4).join())).size;
    }),
  }));

/** Prints, and what a figure shows while that is being done: before anything else has had its turn. @param {Page} page @param {string[]} ids */
async function printed(page, ids) {
  await page.evaluate((ids) => {
    const seen = /** @type {any} */ ({});
    Object.assign(window, { seen });
    // The last to hear of it: the figures have listened before, and all that is settled follows at once.
    addEventListener('beforeprint', () => queueMicrotask(() => {
      let left = 20_000;
      const wait = () => {
        left -= 1;
        if (left > 0) {
          queueMicrotask(wait);
          return;
        }
        for (const id of ids) {
          const root = /** @type {any} */ (document.querySelector(id)?.shadowRoot);
          seen[id] = { waiting: root.querySelector('.columns').classList.contains('waiting'), iteration: root.querySelector('.iteration').textContent };
        }
      };
      wait();
    }), { once: true });
  }, ids);
  const pdf = Buffer.from(await page.pdf({ printBackground: false }));
  return { pdf, seen: await page.evaluate(() => /** @type {any} */ (window).seen) };
}

const skip = lacking('firefox', 'Its driver prints without a word to the page.');

describe('a figure that nobody has seen', { skip }, () => {
  test('is printed as it ends, if its network is there; on the screen it begins when it is seen', async () => {
    const { page, close } = await world.visit('far.html?backend=cpu');
    await reached(page, '#near', 'done');
    assert.equal((await look(page, '#far')).waiting, true);
    const { seen } = await printed(page, ['#far', '#second']);
    assert.deepEqual(seen, {
      '#far': { waiting: false, iteration: 'Iteration 30 of 30' },
      '#second': { waiting: false, iteration: 'Iteration 10 of 50' },
    });
    const far = await look(page, '#far');
    assert.ok(far.colors.length === 2 && far.colors.every((/** @type {any} */ it) => it > 50), `${far.colors}`);
    assert.equal(await page.$eval('#far', (it) => /** @type {any} */ (it).experiment === undefined), true);
    await page.$eval('#far', (it) => it.scrollIntoView());
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#far')).state === 'playing');
    await reached(page, '#far', 'done');
    await close();
  });

  test('is what the page put into it, or a sentence, as long as its network is not there', async () => {
    /** @type {(() => void)[]} */
    const held = [];
    const { page, close } = await world.visit('held.html?backend=cpu', async (page) => {
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        if (/lenet5|robust/.test(request.url())) {
          held.push(() => request.continue());
        } else {
          request.continue();
        }
      });
    });
    await reached(page, '#near', 'done');
    const { seen } = await printed(page, ['#words', '#bare']);
    assert.deepEqual([seen['#words'].waiting, seen['#bare'].waiting], [true, true]);
    await page.emulateMediaType('print');
    await wait(100);
    const said = (/** @type {string} */ id) =>
      page.$eval(id, (it) => {
        const root = /** @type {ShadowRoot} */ (it.shadowRoot);
        const excuse = /** @type {HTMLElement} */ (root.querySelector('.excuse'));
        const slot = /** @type {HTMLSlotElement} */ (root.querySelector('slot'));
        return {
          excuse: excuse.checkVisibility() ? excuse.textContent : '',
          words: slot.checkVisibility() ? slot.assignedNodes().map((one) => one.textContent?.trim()).join('') : '',
          images: [...root.querySelectorAll('canvas')].filter((one) => one.checkVisibility()).length,
        };
      });
    assert.deepEqual(await said('#words'), { excuse: '', words: 'Words of the page.', images: 0 });
    assert.deepEqual(await said('#bare'), {
      excuse:
        'A figure that is computed when it is seen, and had not been when this was printed: LeNet-5, Robust LeNet-5, ' +
        'image for neuron 2 of fc1, neuron 12 of fc1, 500 iterations.',
      words: '',
      images: 0,
    });
    // Where print is looked at for longer, the pictures come.
    held.splice(0).forEach((go) => go());
    await page.waitForFunction(
      () => ['#words', '#bare'].every((it) => document.querySelector(it)?.shadowRoot?.querySelector('.columns:not(.waiting)')),
      { timeout: TIMEOUT },
    );
    assert.equal((await look(page, '#words')).iteration, 'Iteration 500 of 500');
    await page.emulateMediaType('screen');
    await close();
  });

  test('and is played by a script while it is on paper, is played when it is seen', async () => {
    const { page, close } = await world.visit('far.html?backend=cpu');
    await reached(page, '#near', 'done');
    await page.emulateMediaType('print');
    await page.$eval('#far', (it) => /** @type {any} */ (it).play());
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#far')).experiment, { timeout: TIMEOUT });
    await page.emulateMediaType('screen');
    await page.$eval('#far', (it) => it.scrollIntoView());
    await reached(page, '#far', 'done');
    await close();
  });
});

describe('in reveal.js, as pages', { skip }, () => {
  for (const query of ['view=print', 'print-pdf']) {
    test(`every figure shows how it ends: ?${query}`, async () => {
      const { page, close } = await world.visit(`deck.html?backend=cpu&${query}`);
      await page.waitForFunction((it) => document.querySelectorAll(`.pdf-page ${it}`).length === 3, { timeout: TIMEOUT }, FIGURE);
      await page.waitForFunction(
        (it) =>
          [...document.querySelectorAll(it)].map((one) => one.shadowRoot?.querySelector('.iteration')?.textContent).join() ===
          'Iteration 50 of 50,Iteration 40 of 40,Iteration 30 of 30',
        {},
        FIGURE,
      );
      await close();
    });
  }
});

test('bars and the scale of colors are printed to save ink, and a chart is not wider than its place', { skip }, async () => {
  const { page, close } = await world.visit('far.html?backend=cpu');
  await page.setViewport({ width: 1600, height: 900 });
  await page.$eval('#near', (it) => it.setAttribute('show', 'loss probability bars scale'));
  await reached(page, '#near', 'done');
  await page.emulateMediaType('print');
  await page.setViewport({ width: 700, height: 900 });
  const found = await shadow(page, '#near', '.figure', (it) => {
    const exact = (/** @type {string} */ selector) => getComputedStyle(it.querySelector(selector)).getPropertyValue('print-color-adjust');
    return {
      exact: ['.track .after', '.track .before', '.ramp', '.swatch.after'].map(exact),
      pressed: ['.run', '.timeline-slider', 'input[name="log"]'].filter((one) => it.querySelector(one)?.checkVisibility()),
      wide: [...it.querySelectorAll('.chart canvas')].filter((one) => {
        const outer = one.closest('.card').getBoundingClientRect();
        const { right, bottom, height } = one.getBoundingClientRect();
        return right > outer.right || bottom > outer.bottom || height < 80;
      }).length,
      charts: it.querySelectorAll('.chart canvas').length,
    };
  });
  assert.deepEqual(found, { exact: ['exact', 'exact', 'exact', 'exact'], pressed: [], wide: 0, charts: 2 });
  await page.emulateMediaType('screen');
  await close();
});

test('forced colors: what is told by a background is told by the colors of the system', { skip }, async () => {
  const { page, close } = await world.visit('far.html?backend=cpu', async (page) => {
    const session = await page.createCDPSession();
    await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  });
  await page.$eval('#near', (it) => {
    it.setAttribute('show', 'all');
    it.setAttribute('digit', '3');
  });
  await reached(page, '#near', 'done');
  const colors = await shadow(page, '#near', '.figure', (it) => {
    const background = (/** @type {string} */ selector) => getComputedStyle(it.querySelector(selector)).backgroundColor;
    const paper = getComputedStyle(document.documentElement).backgroundColor;
    return {
      distinct: new Set([background('.track .before'), background('.track .after'), background('.track .target'), background('.track')]).size,
      chosen: background('.segments.pace input:checked + span') !== background('.segments.pace input:not(:checked) + span'),
      primary: getComputedStyle(it.querySelector('.primary')).forcedColorAdjust,
      ramp: getComputedStyle(it.querySelector('.ramp')).backgroundImage.startsWith('linear-gradient'),
      paper,
    };
  });
  assert.deepEqual({ ...colors, paper: '' }, { distinct: 4, chosen: true, primary: 'none', ramp: true, paper: '' });
  await close();
});
