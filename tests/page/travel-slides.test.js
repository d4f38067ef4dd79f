// @ts-check
// The deck, as a lecturer drives it: with keys, there and back; and on paper.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { MODULES } from './browser.js';
import { TIMEOUT, reached } from './figure.js';
import { pairs, rare } from './nightly.js';
import { frameOf, pageOf, traveling, wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

const FIGURE = 'section.present activation-maximization';

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  world = await traveling({}, MODULES);
});
after(() => world.close());

/** @param {string} path */
async function visit(path) {
  const tab = await world.visit(path);
  await tab.page.waitForSelector('.reveal.ready', { timeout: TIMEOUT });
  return tab;
}

/** The number of the slide on show. @param {Page} page */
function slideOf(page) {
  return page.$$eval('.slides > section', (them) => them.findIndex((it) => it.matches('.present')));
}

/** @param {Page} page @param {import('puppeteer-core').KeyInput} key @param {number} slide Where that leads. */
async function turn(page, key, slide) {
  await page.keyboard.press(key);
  await page.waitForSelector(`.slides > section:nth-child(${slide + 1}).present`);
}

/** The states of all figures that play by themselves. @param {Page} page @returns {Promise<{ state: string, iteration: number }[]>} */
function states(page) {
  return page.$$eval('activation-maximization[autoplay]', (figures) =>
    figures.map((it) => {
      const { state, iteration } = /** @type {any} */ (it);
      return { state, iteration };
    }),
  );
}

describe('the deck', () => {
  test('every figure begins with its slide, waits when it leaves and goes on when it is back', async () => {
    const { page, close } = await visit('slides/');
    const live = await page.$$eval('.slides > section', (slides) =>
      slides.flatMap((slide, at) => (slide.querySelector('activation-maximization[autoplay]') ? [at] : [])),
    );
    assert.ok(live.length >= 5, `${live}`);
    // Slowly, so that every run is left on its way.
    await page.$$eval('activation-maximization', (them) => them.forEach((it) => it.setAttribute('pace', 'slow')));
    const last = (await page.$$eval('.slides > section', (slides) => slides.length)) - 1;
    /** @type {Map<number, number>} */
    const left = new Map();
    for (let slide = 0; slide < last; slide += 1) {
      const index = live.indexOf(slide);
      if (index >= 0) {
        await page.waitForFunction(
          (selector) => {
            const figure = /** @type {any} */ (document.querySelector(selector));
            figure.first ??= figure.experiment;
            return figure.state === 'playing' && figure.iteration > 1;
          },
          { timeout: TIMEOUT },
          FIGURE,
        );
        const others = (await states(page)).filter((_, at) => at !== index);
        assert.ok(others.every(({ state }) => state !== 'playing'), JSON.stringify(others));
      }
      await turn(page, slide % 2 === 0 ? 'ArrowRight' : 'Space', slide + 1);
      if (index >= 0) {
        await wait(700); // Until the transition has ended, and a frame more.
        const { state, iteration } = (await states(page))[index];
        assert.equal(state, 'paused', `slide ${slide}`);
        left.set(slide, iteration);
      }
    }
    await wait(500);
    const waiting = await states(page);
    assert.deepEqual(waiting.map(({ iteration }) => iteration), [...left.values()]);
    for (let slide = last; slide > 0; slide -= 1) {
      await turn(page, 'ArrowLeft', slide - 1);
      const before = left.get(slide - 1);
      if (before !== undefined) {
        await page.waitForFunction(
          (selector, before) => {
            const { state, iteration, experiment, first } = /** @type {any} */ (document.querySelector(selector));
            return state === 'playing' && iteration > before && experiment === first;
          },
          { timeout: TIMEOUT },
          FIGURE,
          before,
        );
      }
    }
    await close();
  });

  test('a slider keeps its keys, everything else turns slides', async () => {
    const { page, close } = await visit('slides/#/5');
    await reached(/** @type {any} */ (page), FIGURE, 'done');
    await page.$eval(`${FIGURE} >>> .timeline-slider`, (it) => /** @type {HTMLElement} */ (it).focus());
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (selector) => /** @type {any} */ (document.querySelector(selector)).settings.at === 49,
      {},
      FIGURE,
    );
    assert.equal(await slideOf(page), 5);
    await page.$eval(`${FIGURE} >>> .step`, (it) => /** @type {HTMLElement} */ (it).focus());
    await turn(page, 'ArrowRight', 6);
    await close();
  });

  test('keys pressed in a frame turn the slides around it, and the frame waits meanwhile', async () => {
    const { page, close } = await visit('slides/#/13');
    const frame = await frameOf(page, 'embed.html');
    await frame.waitForFunction(
      () => /** @type {any} */ (document.querySelector('activation-maximization'))?.iteration > 1,
      { timeout: TIMEOUT },
    );
    const at = () =>
      frame.$eval('activation-maximization', (/** @type {any} */ it) => `${it.state} ${it.iteration}`);
    await frame.$eval('activation-maximization', (/** @type {any} */ it) => it.setAttribute('pace', 'slow'));
    await frame.$eval('activation-maximization >>> .step', (/** @type {HTMLElement} */ it) => it.focus());
    await turn(page, 'ArrowRight', 14);
    await wait(300);
    const left = await at();
    assert.match(left, /^paused /);
    await wait(500);
    assert.equal(await at(), left);
    await turn(page, 'PageUp', 13);
    await frame.waitForFunction(
      () => /** @type {any} */ (document.querySelector('activation-maximization')).state === 'playing',
    );
    await frame.$eval('activation-maximization >>> .timeline-slider', (/** @type {HTMLElement} */ it) => it.focus());
    await page.keyboard.press('ArrowRight');
    await wait(300);
    assert.equal(await slideOf(page), 13);
    await close();
  });

  test('says what the files of the networks say', async () => {
    const { page, close } = await visit('slides/');
    await page.waitForFunction(() => document.querySelectorAll('#means canvas').length === 10);
    const numbers = await page.evaluate(async () => {
      const path = '../src/engine/shared-engine.js';
      const engine = await (await import(new URL(path, location.href).href)).sharedEngine();
      return Promise.all(
        ['mlp', 'lenet5'].map(async (it) => `${(100 * (await engine.card(it)).accuracy.test).toFixed(1)}%`),
      );
    });
    const said = await page.$$eval('[data-card]', (them) => them.map((it) => it.textContent));
    assert.deepEqual(said, numbers);
    await close();
  });
});

const TRANSITIONS = ['slide', 'fade', 'none'];
for (const transition of TRANSITIONS) {
  const inside = pairs(TRANSITIONS, ['an element', 'a frame']).filter(([it]) => it === transition).map(([, it]) => it);
  describe(`in any deck of reveal.js, with the transition “${transition}”`, () => {
    const deck = (/** @type {string} */ figure) =>
      pageOf(
        `<div class="reveal"><div class="slides"><section>One</section><section>${figure}</section>
         <section>Three</section></div></div>
         <script type="module">
           import Reveal from './vendor/reveal/reveal.mjs';
           await new Reveal({ transition: '${transition}' }).initialize();
         </script>`,
        `<link rel="stylesheet" href="vendor/reveal/reveal.css">
         <script type="module" src="activation-maximization.js"></script>`,
      );

    test('an element begins with its slide and waits when it leaves', { skip: !inside.includes('an element') && rare }, async () => {
      world.pages['/deck.html'] = deck(
        '<activation-maximization pace="slow" autoplay style="--actmax-image: 15rem"></activation-maximization>',
      );
      const { page, close } = await visit('deck.html');
      await wait(1000);
      assert.deepEqual(await states(page), [{ state: 'paused', iteration: 0 }]);
      await turn(page, 'ArrowRight', 1);
      await reached(page, FIGURE, 'playing');
      await page.waitForFunction((it) => /** @type {any} */ (document.querySelector(it)).iteration > 1, {}, FIGURE);
      await turn(page, 'ArrowRight', 2);
      await wait(1200);
      const [left] = await states(page);
      assert.equal(left.state, 'paused');
      await turn(page, 'ArrowLeft', 1);
      await reached(page, FIGURE, 'playing');
      await close();
    });

    test('a frame waits when its slide leaves, and its keys turn slides', { skip: !inside.includes('a frame') && rare }, async () => {
      world.pages['/frame.html'] = deck('<iframe data-preload data-src="embed.html#pace=slow" width="640" height="600"></iframe>');
      const { page, close } = await visit('frame.html');
      const frame = await frameOf(page, 'embed.html');
      await turn(page, 'ArrowRight', 1);
      await frame.waitForFunction(
        () => /** @type {any} */ (document.querySelector('activation-maximization'))?.state === 'playing',
        { timeout: TIMEOUT },
      );
      await frame.$eval('activation-maximization >>> .run', (/** @type {HTMLElement} */ it) => it.focus());
      await turn(page, 'ArrowRight', 2);
      await frame.waitForFunction(
        () => /** @type {any} */ (document.querySelector('activation-maximization')).state === 'paused',
      );
      await turn(page, 'ArrowLeft', 1);
      await frame.waitForFunction(
        () => /** @type {any} */ (document.querySelector('activation-maximization')).state === 'playing',
      );
      await close();
    });
  });
}

test('on paper, every figure has come to its end', async () => {
  const { page, close } = await world.visit('slides/?print-pdf');
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await page.reload();
  const slides = await page.$$eval('.slides section', (them) => them.length);
  await page.waitForFunction(
    (slides) =>
      document.querySelectorAll('.pdf-page').length === slides &&
      [...document.querySelectorAll('activation-maximization[autoplay]')].every(
        (it) => /** @type {any} */ (it).state === 'done',
      ),
    { timeout: TIMEOUT },
    slides,
  );
  await reached(await frameOf(page, 'embed.html'), 'activation-maximization', 'done');
  for (const { iteration } of await states(page)) {
    assert.ok([50, 200, 500].includes(iteration), `${iteration}`);
  }
  const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
  assert.equal(pdf.match(/\/Type \/Page\b(?!s)/g)?.length, slides);
  await close();
});
