// @ts-check
// What is asked of a figure that nobody sees waits until somebody does; and frames that come seldom.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { MODULES } from './browser.js';
import { counted, look, one, past, workDuring } from './asleep.js';
import { TIMEOUT, figure, reached } from './figure.js';
import { pageOf, traveling, wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  world = await traveling({ '/cpu.html': one('cpu') }, MODULES);
});
after(() => world.close());

const away = (/** @type {Page} */ page) => page.evaluate(() => scrollTo(0, 3 * innerHeight));
const back = (/** @type {Page} */ page) => page.evaluate(() => scrollTo(0, 0));

describe('what is asked of a figure that nobody sees', () => {
  /** The page, the figure's run under way and then scrolled away. */
  async function unseen() {
    const tab = await counted(world, 'cpu.html');
    await past(tab.page);
    await away(tab.page);
    await tab.page.waitForFunction(() => /** @type {any} */ (document.getElementById('one')).state === 'paused', { polling: 50 });
    await look(tab.page);
    return tab;
  }

  /** @param {Page} page @param {number} iteration */
  async function waits(page, iteration) {
    await wait(700);
    const work = await workDuring(page, () => wait(700));
    assert.deepEqual(work, { frames: 0, submissions: 0, timers: 0, steps: 0 });
    const { state, ...now } = await look(page);
    assert.equal(state, 'paused');
    assert.equal(now.iteration, iteration);
  }

  test('to play: it does when it is seen', async () => {
    const { page, close } = await unseen();
    await figure(page, '#one', (it) => {
      it.pause();
      it.play();
    });
    const { iteration } = await look(page);
    await waits(page, iteration);
    await back(page);
    await past(page, iteration);
    await close();
  });

  test('another setting: the new run waits at its start', async () => {
    const { page, close } = await unseen();
    await figure(page, '#one', (it) => it.setAttribute('digit', '8'));
    await page.waitForFunction(
      () => /** @type {any} */ (document.getElementById('one')).experiment.digits[0] === 8,
      { polling: 50 },
    );
    await waits(page, 0);
    await back(page);
    await past(page, 0);
    await close();
  });

  test('to hold: it holds when it is seen', async () => {
    const { page, close } = await unseen();
    await figure(page, '#one', (it) => it.pause());
    const { iteration } = await look(page);
    await back(page);
    await waits(page, iteration);
    await close();
  });

  test('an iteration: it goes there, and no further, when it is seen', async () => {
    const { page, close } = await unseen();
    const { iteration } = await look(page);
    await figure(page, '#one', (it) => it.seek(it.iteration + 300));
    await waits(page, iteration);
    await back(page);
    await page.waitForFunction((wanted) => /** @type {any} */ (document.getElementById('one')).iteration === wanted, { polling: 50 }, iteration + 300);
    await waits(page, iteration + 300);
    await close();
  });

  test('all figures that were scrolled past while they loaded wait', async () => {
    world.pages['/past.html'] = pageOf(
      `${Array.from(
        { length: 6 },
        (_, digit) => `<div style="height: 120vh"><activation-maximization digit="${digit}" steps="300" pace="full" autoplay>
          </activation-maximization></div>`,
      ).join('')}`,
      '<script type="module" src="activation-maximization.js"></script>',
    );
    const slowly = () => {
      const load = fetch;
      window.fetch = async (...given) => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return load(...given);
      };
    };
    const { page, close } = await world.visit('past.html', (tab) => tab.evaluateOnNewDocument(slowly));
    await page.evaluate(async () => {
      for (let at = 0; at < 6; at += 1) {
        scrollTo(0, 1.2 * at * innerHeight);
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));
      }
    });
    await page.waitForFunction(
      () => /** @type {any} */ ([...document.querySelectorAll('activation-maximization')].at(-1)).state === 'done',
      { timeout: TIMEOUT },
    );
    const states = await page.$$eval('activation-maximization', (them) =>
      them.map((it) => /** @type {any} */ (it).state),
    );
    assert.deepEqual(states, [...Array(5).fill('paused'), 'done']);
    await close();
  });
});

test('a browser that saves its battery with fewer frames gets more iterations in each', async () => {
  const seldom = () => {
    const next = requestAnimationFrame;
    window.requestAnimationFrame = (callback) =>
      /** @type {any} */ (setTimeout(() => next.call(window, callback), 200));
    const kept = /** @type {any} */ (window);
    kept.drawn = 0;
    addEventListener('step', () => (kept.drawn += 1), { capture: true });
  };
  world.pages['/saving.html'] = pageOf(
    '<activation-maximization id="one" digit="3" steps="200" pace="normal" autoplay></activation-maximization>',
    '<script type="module" src="activation-maximization.js"></script>',
  );
  const { page, close } = await world.visit('saving.html', (tab) => tab.evaluateOnNewDocument(seldom));
  await reached(page, '#one', 'done');
  // The run takes three seconds: at sixty frames a second it would be drawn 180 times.
  const drawn = await page.evaluate(() => /** @type {any} */ (window).drawn);
  assert.ok(drawn < 60, `200 iterations in ${drawn} frames`);
  await close();
});
