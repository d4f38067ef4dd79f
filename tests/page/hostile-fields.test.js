// @ts-check
// What people type into the fields of a figure: each number is taken, or refused beside its field in
// words, and the figure keeps what it had.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { fieldOf } from '../../www/src/settings/config.ts';
import { FIREFOX, launch, open, serve } from './browser.js';
import { LAB, figure, openTab, reached } from './figure.js';
import { pairs } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve();
});
after(() => server.close());

const STEPS = 'It must be a whole number from 1 to 100000.';
const SEED = 'It must be a whole number from 0 to 4294967295.';
const NOISE_STD = 'It must be a number from 0 to 1.';
const WEIGHT = 'It must be a number from 0 to 1000.';

/**
 * The field, what is typed, and the end of what is said. Browsers let no letters into a field for
 * numbers, some of them: then less has been typed, and it may be a number.
 *
 * @type {[string, string, string][]}
 */
const TYPED = [
  ['steps', '', STEPS],
  ['steps', 'NaN', STEPS],
  ['steps', '1e400', STEPS],
  ['steps', '-1', STEPS],
  ['steps', '0', STEPS],
  ['steps', '1.5', STEPS],
  ['steps', '1000000000', STEPS],
  ['steps', '--5', STEPS],
  ['steps', '9'.repeat(400), STEPS],
  ['seed', '4294967296', SEED],
  ['seed', '1e', SEED],
  ['seed', '-0.5', SEED],
  ['noise-std', '1.0001', NOISE_STD],
  ['noise-std', '-1e-9', NOISE_STD],
  ['tv', '1e9', WEIGHT],
  ['tv', '-1', WEIGHT],
  ['jitter', '9', 'It must be a number from 0 to 8.'],
];

/** @type {import('./browser.js').BrowserName[]} */
const BROWSERS = ['chromium', 'firefox'];
/** @type {[string, number, number][]} */
const DEVICES = [['phone', 390, 844], ['desktop', 1280, 800]];
for (const [name, [device, width, height]] of pairs(BROWSERS, DEVICES)) {
  const skip = name === 'firefox' && !FIREFOX ? 'Firefox is not installed' : false;
  describe(`typed in ${name}, on a ${device}`, { skip }, () => {
    /** @type {import('puppeteer-core').Browser} */
    let browser;
    /** @type {Page} */
    let page;
    /** @type {string[]} */
    let messages;
    before(async () => {
      browser = await launch(name);
      ({ page, messages } = await open(browser, 'about:blank'));
      await page.setViewport({ width, height });
      await page.goto(`${server.url}?backend=cpu#digit=3&steps=20&pace=full`);
      await reached(page, LAB, 'done');
      await page.keyboard.press('Shift'); // Who goes on is not brought back to where the address led.
    });
    after(async () => {
      await browser.close();
      assert.deepEqual(messages.filter((it) => it !== 'warn: No available adapters.'), []);
    });

    /** Types as a person does. @param {string} field @param {string} text */
    async function type(field, text) {
      await openTab(page, LAB, `input[name="${field}"]`);
      const within = `${LAB} >>> input[name="${field}"]`;
      await page.$eval(within, (it) => {
        const input = /** @type {HTMLInputElement} */ (it);
        input.scrollIntoView({ block: 'center', behavior: 'instant' });
        input.focus();
        input.select();
      });
      await page.keyboard.press('Backspace');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      return page.$eval(
        LAB,
        (it, field, setting) => {
          const root = /** @type {ShadowRoot} */ (it.shadowRoot);
          const refusal = /** @type {HTMLElement} */ (root.querySelector('.refusal'));
          const input = /** @type {HTMLInputElement} */ (root.querySelector(`input[name="${field}"]`));
          const { top, bottom, left, right } = refusal.getBoundingClientRect();
          return {
            shown: input.value,
            config: String(/** @type {any} */ (it).settings[setting]),
            words: refusal.checkVisibility() ? refusal.textContent : '',
            inView: top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth,
            away: Math.abs(top - input.getBoundingClientRect().bottom),
          };
        },
        field,
        fieldOf(/** @type {any} */ (field)),
      );
    }

    for (const [field, text, end] of TYPED) {
      test(`${field}: "${text.slice(0, 20)}" is refused beside the field`, async () => {
        const before = await figure(page, LAB, (lab) => ({ settings: lab.settings, run: lab.experiment.iteration }));
        const { shown, config, words, inView, away } = await type(field, text);
        assert.match(words ?? '', /^The .* is (".*"|no number)\. It must be/);
        assert.ok(words?.endsWith(end), `${words}`);
        assert.ok(inView && away < 100, `${away} pixels away, ${inView ? '' : 'not '}in view`);
        assert.equal(shown, config);
        assert.deepEqual(
          await figure(page, LAB, (lab) => ({ settings: lab.settings, run: lab.experiment.iteration })),
          before,
        );
      });
    }

    for (const text of ['0x10', '１２', ' 7 ', '+7', '007', '1e1']) {
      test(`"${text}" is what is shown afterward, or refused`, async () => {
        const { shown, config, words } = await type('seed', text);
        assert.equal(shown, config);
        assert.match(shown, /^\d+$/);
        if (words) {
          assert.ok(words.endsWith(SEED));
        }
      });
    }

    test('what can be taken is taken, and the refusal goes', async () => {
      await type('steps', '-1');
      const { shown, config, words } = await type('steps', '30');
      assert.deepEqual({ shown, config, words }, { shown: '30', config: '30', words: '' });
    });
  });
}
