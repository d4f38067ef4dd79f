// @ts-check
// Any address at all: what cannot be used is corrected with a note that can be seen, the figure
// runs, and nothing is complained about on the console.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import fc from 'fast-check';

import { KEYS, readConfig, writeConfig } from '../../www/src/settings/config.ts';
import { launch, open, serve } from './browser.js';
import { LAB, TIMEOUT, figure, reached } from './figure.js';
import { few } from './nightly.js';

const FIGURE = 'activation-maximization';
const MEANT = ['digit', 'network', 'start', 'objective', 'seed', 'steps', 'show', 'hide'];

/** All of them end soon. */
const HASHES = [
  '%',
  '%&steps=5',
  'digit=%&steps=%E0%A4%A',
  `digit=${'7,'.repeat(50_000)}&steps=5`,
  `steps=5&${'a'.repeat(100_000)}=1`,
  `steps=5&${Array.from({ length: 5000 }, (_, at) => `digit=${at % 10}`).join('&')}`,
  'digit=7&digit=8&digit=<b>&steps=5&steps=6',
  '__proto__=1&__proto__[digit]=7&steps=5',
  'constructor=1&prototype=2&hasOwnProperty=3&toString=4&steps=5',
  'network=constructor&objective=__proto__&pace=toString&parameterization=hasOwnProperty&steps=5',
  'objective=neuron-constructor&digit=7&steps=5',
  'digit=<img src=x onerror=window.hacked=1>&steps=5',
  'digit=%3Cscript%3Ewindow.hacked%3D1%3C%2Fscript%3E&steps=5',
  'seed=javascript:window.hacked=1&steps=5',
  'digit=%00%01%02%F0%9F%92%A9%E2%80%AE&steps=5',
  'steps=1e400&at=3&pace=full',
  'steps=1000000000&at=3&pace=full',
  'steps=-1&seed=-1&target=-1&rate=-1&noise-std=-1&tv=-1&jitter=-1&at=-1&row=-1',
  'steps=NaN&seed=NaN&target=NaN&rate=NaN&noise-std=NaN&tv=NaN&at=NaN&row=NaN',
  'steps=&seed=&target=&rate=&noise-std=&tv=&at=&row=&digit=&network=&objective=&parameterization=&pace=',
  'seed=0x10&steps=５',
  'colors=__proto__&color-scale=constructor&steps=5',
  `start=${'A'.repeat(785)}&steps=5`,
  `start=${'999'.repeat(10_000)}&steps=5`,
  'steps=5;digit=7;seed=8',
  '&&&===&=&steps=5',
];

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  server = await serve();
  browser = await launch('chromium-without-webgpu');
});
after(async () => {
  await browser.close();
  await server.close();
});

/** The figure has come to where its address takes it. @param {import('puppeteer-core').Page} page @param {string} selector */
function arrived(page, selector) {
  return page.waitForFunction(
    (selector) => {
      const it = /** @type {any} */ (document.querySelector(selector));
      return it?.experiment && it.state !== 'playing' && it.iteration >= Math.min(it.settings.at ?? it.settings.steps, it.settings.steps);
    },
    { timeout: TIMEOUT },
    selector,
  );
}

/** What an address means, and what is wrong with it. @param {string} hash */
function meaning(hash) {
  // As the browser keeps it.
  const { config, notes } = readConfig(new URLSearchParams(new URL(`#${hash}`, 'http://localhost/').hash.slice(1)));
  return { text: writeConfig(config), notes: notes.join(' ') };
}

/** @param {import('puppeteer-core').Page} page @param {string} selector */
async function settings(page, selector) {
  return writeConfig({ row: undefined, at: undefined, ...(await figure(page, selector, (it) => it.settings)) });
}

describe('the laboratory', () => {
  // What has no setting in it may be the place of a heading, and is left alone.
  for (const hash of few(HASHES.filter((it) => it.includes('=')), 4)) {
    test(`#${hash.slice(0, 70)}`, async () => {
      const { page, messages } = await open(browser, `${server.url}?backend=cpu#${hash}`);
      await arrived(page, LAB);
      const { text, notes } = meaning(hash);
      assert.equal(await settings(page, LAB), text);
      const seen = await page.$eval('#notice', (it) => (it.checkVisibility() ? it.querySelector('p')?.textContent : ''));
      assert.equal(seen, notes);
      if (notes) {
        const { top, bottom } = await page.$eval('#notice', (it) => it.getBoundingClientRect().toJSON());
        const high = await page.evaluate(() => innerHeight);
        assert.ok(top >= 0 && bottom <= high, `the note is at ${top} to ${bottom} of ${high}`);
      }
      assert.equal(await page.evaluate(() => /** @type {any} */ (window).hacked), undefined);
      assert.deepEqual(messages, []);
      await page.close();
    });
  }
});

describe('a figure in a frame', () => {
  // It reads them as the laboratory does: a third of them shows it.
  for (const hash of HASHES.filter((_, at) => at % 3 === 0)) {
    test(`#${hash.slice(0, 70)}`, async () => {
      const { page, messages } = await open(browser, `${server.url}embed.html?backend=cpu#${hash}`);
      await arrived(page, FIGURE);
      const { text, notes } = meaning(hash);
      assert.equal(await settings(page, FIGURE), text);
      const seen = await page.$eval(`${FIGURE} >>> .message`, (it) => (it.checkVisibility() ? it.textContent : ''));
      assert.equal(seen, notes);
      assert.equal(await page.evaluate(() => /** @type {any} */ (window).hacked), undefined);
      assert.deepEqual(messages, []);
      await page.close();
    });
  }

  test('any text at all, one after the other', async () => {
    const { page, messages } = await open(browser, `${server.url}embed.html?backend=cpu#steps=5`);
    await reached(page, FIGURE, 'done');
    const key = fc.oneof(fc.constantFrom(...KEYS, ...MEANT), fc.string());
    const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.double().map(String), fc.constantFrom('all', 'both', '3,8'));
    const pairs = fc.array(fc.tuple(key, value), { maxLength: 8 });
    const hashes = fc.sample(fc.oneof(pairs.map((it) => String(new URLSearchParams(it))), fc.string({ maxLength: 300 })), {
      numRuns: 150,
      seed: 5,
    });
    // Without those that ask for a page of another kind, which loads it again.
    for (const hash of few(hashes.filter((it) => !/theme|backend|fit|transparent/.test(it)), 50)) {
      await page.evaluate((hash) => (location.hash = hash), hash);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const kept = await page.evaluate(() => location.hash.slice(1));
      const expected = writeConfig(readConfig(new URLSearchParams(kept)).config);
      assert.equal(await settings(page, FIGURE), expected, kept);
    }
    await page.evaluate(() => (location.hash = 'digit=7&steps=5&pace=full'));
    await page.waitForFunction(
      () => {
        const it = /** @type {any} */ (document.querySelector('activation-maximization'));
        return it.state === 'done' && it.iteration === 5 && it.experiment.digits[0] === 7;
      },
      { timeout: TIMEOUT },
    );
    assert.deepEqual(messages, []);
    await page.close();
  });
});
