// @ts-check
// The address of the laboratory: what is on show is restored exactly from it, and whatever is
// written there, the page works.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { readConfig, writeConfig } from '../../www/src/settings/config.ts';
import { browserAndServer, open } from './browser.js';
import { LAB, address, figure, press, reached, set } from './figure.js';
import { few } from './nightly.js';
import { anyConfig } from './any-config.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer();

/** What is on show: the pixels of every image, the words, and the settings. @param {Page} page */
function onShow(page) {
  return figure(page, LAB, (lab) => ({
    images: [...lab.shadowRoot.querySelectorAll('.picture canvas')].map((canvas) =>
      String(canvas.getContext('2d').getImageData(0, 0, 28, 28).data),
    ),
    words: [...lab.shadowRoot.querySelectorAll('.readings, .timeline .iteration, .bar .value')].map(
      (it) => it.textContent,
    ),
    settings: lab.settings,
  }));
}

/** The page stands still: at the iteration in the address, or at its end. @param {Page} page */
function settled(page) {
  return page.waitForFunction(
    () => {
      const lab = /** @type {any} */ (document.getElementById('lab'));
      const { at, steps } = lab.settings;
      const shown = Math.min(at ?? steps, steps);
      return (
        lab.experiment &&
        lab.state !== 'playing' &&
        lab.iteration >= shown &&
        lab.experiment.networkResults.every((/** @type {any} */ it) => it.history.at(shown)?.iteration === shown)
      );
    },
  );
}

describe('the address', () => {
  // Few iterations, so that there is time for many states; the rest of the configuration is free.
  const states = fc.sample(
    anyConfig.map((config) => ({
      ...config,
      steps: 1 + (config.steps % 30),
      at: config.at === undefined ? undefined : config.at % 30,
      pace: /** @type {const} */ ('full'),
    })),
    { numRuns: 10, seed: 20 },
  );
  for (const config of few(states, 2)) {
    const hash = writeConfig(config);
    test(`two visitors of #${hash.slice(0, 90)} see the same`, async () => {
      const seen = [];
      for (let visitor = 0; visitor < 2; visitor += 1) {
        const { page, messages } = await open(browser, `${server.url}?backend=cpu#${hash}`);
        await settled(page);
        seen.push(await onShow(page));
        assert.deepEqual(messages, []);
        await page.close();
      }
      assert.deepEqual(seen[0], seen[1]);
      assert.deepEqual({ row: undefined, at: undefined, ...seen[0].settings }, { ...config });
    });
  }

  test('says what a person has done, and brings another there', async () => {
    const { page } = await open(browser, `${server.url}?backend=cpu#digit=3&pace=full`);
    await reached(page, LAB, 'done');
    await set(page, LAB, 'seed', '77');
    await set(page, LAB, 'rate', '-2');
    await press(page, LAB, 'input[name="digit"][value="8"]');
    await reached(page, LAB, 'done');
    await set(page, LAB, 'timeline', '9');
    const link = await address(page);
    assert.match(link, /#network=mlp&digit=8&target=0\.9&steps=50&seed=77&rate=0\.01&pace=full&at=9$/);
    const other = await open(browser, link);
    await settled(other.page);
    await settled(page);
    assert.deepEqual(await onShow(other.page), await onShow(page));
  });

  test('a run that was stopped on the way is shown where it stopped', async () => {
    const { page } = await open(browser, `${server.url}?backend=cpu#digit=3`);
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).iteration > 3);
    await press(page, LAB, '.run');
    await reached(page, LAB, 'paused');
    const stopped = await figure(page, LAB, (lab) => lab.iteration);
    assert.match(await address(page), new RegExp(`at=${stopped}$`));
  });

  test('says where a run stands that was reset, or makes one step', async () => {
    const { page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3&steps=400&pace=slow`);
    const lab = (/** @type {number} */ iteration) =>
      page.waitForFunction(
        (iteration) => {
          const lab = /** @type {any} */ (document.getElementById('lab'));
          return lab.state === 'paused' && lab.iteration === iteration;
        },
        {},
        iteration,
      );
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).iteration > 3);
    await press(page, LAB, '.run');
    await press(page, LAB, '.reset');
    await lab(0);
    assert.match(await address(page), /at=0$/, 'after a pause');
    await press(page, LAB, '.step');
    await lab(1);
    assert.match(await address(page), /at=1$/);
    await press(page, LAB, '.step');
    await lab(2);
    const link = await address(page);
    assert.match(link, /at=2$/);
    const other = await open(browser, link);
    await settled(other.page);
    const shown = await onShow(other.page);
    await other.page.close(); // In front, it would keep the other from running.
    await page.bringToFront();
    const own = await onShow(page);
    assert.deepEqual(shown, { ...own, settings: { ...own.settings, at: 2 } });

    await press(page, LAB, 'input[name="pace"][value="full"]');
    await press(page, LAB, '.run');
    await reached(page, LAB, 'done');
    assert.doesNotMatch(await address(page), /at=/);
    await press(page, LAB, '.reset');
    await lab(0);
    assert.match(await address(page), /at=0$/, 'after a finished run');
    assert.deepEqual(messages, []);
    await page.close();
  });

  test('is written when a slider rests, not while it moves', async () => {
    const { page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3&pace=full`);
    await reached(page, LAB, 'done');
    await page.evaluate(() => {
      const kept = /** @type {any} */ (window);
      kept.written = [];
      const replace = history.replaceState.bind(history);
      history.replaceState = (state, title, url) => {
        kept.written.push(url);
        replace(state, title, url);
      };
    });
    for (let p = 20; p <= 80; p += 1) {
      await set(page, LAB, 'target', String(p));
    }
    assert.match(await address(page), /target=0\.8&/);
    const written = await page.evaluate(() => /** @type {any} */ (window).written);
    assert.ok(written.length <= 5, `written ${written.length} times for 61 changes`);
    assert.deepEqual(messages, []);
    await page.close();
  });

  test('is written although the browser had enough of it for a while', async () => {
    const { page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3&pace=full`);
    await reached(page, LAB, 'done');
    await page.evaluate(() => {
      const { setTimeout } = window;
      // The next try comes sooner than in ten seconds.
      Object.assign(window, { setTimeout: (/** @type {() => void} */ act, /** @type {number} */ delay) => setTimeout(act, delay === 10_000 ? 1000 : delay) });
      const replace = history.replaceState.bind(history);
      history.replaceState = () => {
        history.replaceState = replace;
        throw new DOMException('Too many calls', 'SecurityError');
      };
    });
    await set(page, LAB, 'seed', '8');
    await page.waitForFunction(() => location.hash.includes('seed=8'));
    assert.deepEqual(messages, []);
    await page.close();
  });

  test('may change while the page is open', async () => {
    const { page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3&pace=full`);
    await reached(page, LAB, 'done');
    await page.evaluate(() => (location.hash = '#network=lenet5&digit=7&steps=20&pace=full'));
    await page.waitForFunction(() => {
      const lab = /** @type {any} */ (document.getElementById('lab'));
      return lab.experiment.networkResults[0].network === 'lenet5' && lab.state === 'done' && lab.iteration === 20;
    });
    assert.deepEqual(messages, []);
  });

  test('corrects what cannot be used, and says so', async () => {
    const { page, messages } = await open(browser, `${server.url}?backend=cpu#digit=33&target=1.7&steps=20&pace=full`);
    await reached(page, LAB, 'done');
    assert.equal(
      await page.$eval('#notice-text', (it) => it.textContent),
      'The target probability is "1.7". It must be a number from 0.001 to 0.999. 0.999 is used instead. ' +
        'There is no digit 33: they are 0 to 9. 0 is used instead.',
    );
    assert.deepEqual(messages, []);
  });

  for (const hostile of few([
    '<img src=x onerror=window.hacked=1>=1',
    'digit=%3Cscript%3Ewindow.hacked=1%3C/script%3E&steps=5',
    'digit=%E0%A4%A&steps=5',
    'steps=NaN&seed=Infinity&target=1e400&rate=-0&noise-std=--1',
    `start=${'Z'.repeat(50_000)}`,
    `start=${'9'.repeat(50_000)}&steps=3`,
    '__proto__[x]=1&constructor=2&toString=3',
    'row=99&at=-5&at=7&network=mlp&network=lenet5&steps=3',
    '=&=&&&=;digit',
  ], 1)) {
    test(`#${hostile.slice(0, 50)} breaks nothing`, async () => {
      const { page, messages } = await open(browser, `${server.url}?backend=cpu#${hostile}`);
      await settled(page);
      assert.equal(await page.evaluate(() => /** @type {any} */ (window).hacked), undefined);
      const { config } = readConfig(new URLSearchParams(hostile));
      const settings = await figure(page, LAB, (lab) => lab.settings);
      assert.equal(writeConfig({ row: undefined, at: undefined, ...settings }), writeConfig(config));
      assert.deepEqual(messages, []);
      await page.close();
    });
  }
});
