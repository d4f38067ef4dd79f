// @ts-check
// What is read, and what has to be told apart, has contrast: WCAG's 4.5 for text and for curves, 3 for bars, in light
// and in dark colors.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { contrast, luminance } from '../../www/src/figure/backdrop.ts';
import { strokesOf } from '../../www/src/figure/strokes.ts';
import { reached } from './figure.js';
import { pageOf, traveling } from './travel.js';

const FIGURE = 'activation-maximization';
const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The tokens of base.css. @type {Map<string, [string, string]>} */
const tokens = new Map(
  [...read('www/src/figure/base.css').matchAll(/^ {2}--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/gm)].map(
    ([, name, light, dark]) => [name, [light, dark]],
  ),
);
const VIRIDIS = [...read('src/colormap.rs').matchAll(/0x([0-9a-f]{6})/g)].map(([, color]) => `#${color}`);

/** @param {string} color #rrggbb */
const light = (color) => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  return luminance([red, green, blue, 1]);
};

/** @param {string} name @param {number} scheme */
const token = (name, scheme) => tokens.get(name)?.[scheme] ?? assert.fail(`There is no token ${name}`);

for (const [scheme, name] of ['light', 'dark'].entries()) {
  /** As a browser would say it, which has one notation for black. @param {string} it */
  const colorOf = (it) => (it === '--scheme' ? (scheme === 1 ? 'rgb(0, 0, 0)' : 'rgb(255, 255, 255)') : token(it.slice(2), scheme));
  const surface = light(token('surface', scheme));

  test(`curves of all digits, and of neurons, are seen on a ${name} card`, () => {
    for (const digits of [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 17, 84, 119]]) {
      const colors = strokesOf(digits.map((digit) => ({ kind: 'MLP', digit, network: 0 })), colorOf).map(({ color }) => color);
      assert.equal(new Set(colors).size, digits.length);
      for (const color of colors) {
        assert.ok(VIRIDIS.includes(color), `${color} is none of viridis's`);
        const found = contrast(light(color), surface);
        assert.ok(found >= 4.5, `${color}: ${found.toFixed(2)}`);
      }
      const lightness = colors.map(light);
      assert.ok(lightness.every((it, at) => at === 0 || it > lightness[at - 1] + 0.002), String(lightness));
    }
  });

  test(`curves of networks are seen on a ${name} card`, () => {
    const series = Array.from({ length: 5 }, (_, network) => ({ kind: `network ${network}`, digit: 3, network }));
    for (const { color } of strokesOf(series, colorOf)) {
      const found = contrast(light(color), surface);
      assert.ok(found >= 4.5, `${color}: ${found.toFixed(2)}`);
    }
  });

  test(`text is read on all that it stands on, in ${name} colors`, () => {
    for (const [text, ...behind] of [
      ['ink', 'paper', 'surface', 'field'],
      ['quiet', 'paper', 'surface', 'field'],
      ['after-text', 'surface'],
      ['on-accent', 'accent'],
      ['on-warn', 'warn'],
    ]) {
      for (const it of behind) {
        const found = contrast(light(token(text, scheme)), light(token(it, scheme)));
        assert.ok(found >= 4.5, `${text} on ${it}: ${found.toFixed(2)}`);
      }
    }
  });

  test(`bars for a room of people are seen in ${name} colors`, () => {
    for (const bar of ['edge', 'after', 'mark']) {
      const found = contrast(light(token(bar, scheme)), light(token('field', scheme)));
      assert.ok(found >= 3, `${bar}: ${found.toFixed(2)}`);
    }
  });
}

describe('in a browser', () => {
  /** @type {Awaited<ReturnType<typeof traveling>>} */
  let world;
  before(async () => {
    const html = (/** @type {string} */ scheme) =>
      pageOf(
        '<activation-maximization digit="all" steps="40" pace="full" show="probability,bars" present autoplay></activation-maximization>',
        `<meta name="color-scheme" content="${scheme}"><script type="module" src="activation-maximization.js"></script>`,
      );
    world = await traveling({ '/light.html': html('light'), '/dark.html': html('dark') });
  });
  after(() => world.close());

  for (const scheme of ['light', 'dark']) {
    test(`each of ten curves is drawn, and labels of axes are read, in ${scheme} colors`, async () => {
      const { page, close } = await world.visit(`${scheme}.html`);
      await reached(page, FIGURE, 'done');
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
      const { keys, behind, counts, labels, before } = await page.$eval(FIGURE, (it) => {
        const root = /** @type {ShadowRoot} */ (it.shadowRoot);
        const keys = [...root.querySelectorAll('.keys path')].map((one) => one.getAttribute('stroke') ?? '');
        const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector('.uplot canvas'));
        const { width, height } = canvas;
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext('2d'));
        context.drawImage(canvas, 0, 0);
        const { data } = context.getImageData(0, 0, width, height);
        const over = /** @type {HTMLElement} */ (root.querySelector('.u-over'));
        /** @type {Record<string, number>} */
        const counts = {};
        /** @type {number[][]} Of the pixels of the labels that are painted entirely. */
        const labels = [];
        for (let at = 0; at < data.length; at += 4) {
          const [red, green, blue, alpha] = data.subarray(at, at + 4);
          const color = `#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
          counts[color] = (counts[color] ?? 0) + (alpha === 255 ? 1 : 0);
          const isLabel = Math.floor(at / 4 / width) > over.offsetTop + over.offsetHeight + 4;
          if (isLabel && alpha > 250) {
            labels.push([red, green, blue]);
          }
        }
        const numbers = (/** @type {Element | null} */ one, /** @type {'backgroundColor'} */ what) =>
          getComputedStyle(/** @type {Element} */ (one))[what].match(/\d+/g)?.map(Number) ?? [];
        return {
          keys,
          counts,
          labels,
          behind: numbers(root.querySelector('.card'), 'backgroundColor'),
          before: [numbers(root.querySelector('.bar .before'), 'backgroundColor'), numbers(root.querySelector('.track'), 'backgroundColor')],
        };
      });
      const of = (/** @type {number[]} */ [red, green, blue]) => luminance([red / 255, green / 255, blue / 255, 1]);
      assert.equal(keys.length, 10);
      for (const key of keys) {
        assert.ok(counts[key] > 8, `${counts[key]} pixels of ${key}`);
        assert.ok(contrast(light(key), of(behind)) >= 4.5, key);
      }
      assert.ok(labels.length > 10, `${labels.length} pixels of labels`);
      assert.ok(labels.every((it) => contrast(of(it), of(behind)) >= 4.5));
      assert.ok(contrast(of(before[0]), of(before[1])) >= 3, String(before));
      await close();
    });
  }
});
