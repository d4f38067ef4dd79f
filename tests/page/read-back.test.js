// @ts-check
// A browser that protects against fingerprinting gives a page noise in place of what its canvases
// hold: drawings are read all the same, pictures are saved as they are, and of an image file that
// cannot be read, a sentence says why.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inflateSync } from 'node:zlib';

import { FIREFOX, MODULES, launch, open, serve } from './browser.js';
import { PAD, caption, drawOne, says } from './drawn.js';
import { LAB, TIMEOUT } from './figure.js';
import { png } from './image-files.js';
import { makeFiles } from './owning.js';

/** @typedef {import('puppeteer-core').Page} Page */

const NOISE_WORDS =
  'This browser puts noise in place of the pixels of images, to protect against fingerprinting, so the file cannot be ' +
  'read. Draw the digit instead, or let this page read canvas data and choose the file again.';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
const files = makeFiles();
const ONE = files.write('one.png', png(40, 40, (x, y) => (x > 17 && x < 23 && y > 5 && y < 35 ? 255 : 0)));
before(async () => {
  server = await serve(undefined, MODULES);
});
after(async () => {
  files.remove();
  await server.close();
});

/** Every way to read a canvas gives noise. */
function randomized() {
  const noise = (/** @type {ImageData} */ image) => {
    for (let at = 0; at < image.data.length; at += 1) {
      image.data[at] = 256 * Math.random();
    }
    return image;
  };
  for (const context of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const { getImageData } = context.prototype;
    context.prototype.getImageData = function (/** @type {any[]} */ ...values) {
      return noise(/** @type {any} */ (getImageData).apply(this, values));
    };
  }
  const spoil = (/** @type {any} */ canvas) => {
    const context = canvas.getContext('2d');
    context.putImageData(noise(new ImageData(canvas.width, canvas.height)), 0, 0);
  };
  for (const [kind, name] of /** @type {[any, string][]} */ ([
    [HTMLCanvasElement, 'toBlob'],
    [HTMLCanvasElement, 'toDataURL'],
    [OffscreenCanvas, 'convertToBlob'],
  ])) {
    const read = kind.prototype[name];
    kind.prototype[name] = function (/** @type {any[]} */ ...values) {
      spoil(this);
      return read.apply(this, values);
    };
  }
}

/** The least of it: the last bit of a few pixels, as Brave does it. */
function farbled() {
  for (const context of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const { getImageData } = context.prototype;
    context.prototype.getImageData = function (/** @type {any[]} */ ...values) {
      const image = /** @type {any} */ (getImageData).apply(this, values);
      for (let at = 0; at < image.data.length; at += 7) {
        image.data[at] ^= 1;
      }
      return image;
    };
  }
}

/** There are no frames of videos, as where a page came over an insecure connection. */
function withoutFrames() {
  Reflect.deleteProperty(window, 'VideoFrame');
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {(() => void)[]} shims
 * @param {(page: Page) => Promise<void>} act
 */
async function withPage(browser, shims, act) {
  const { page, messages } = await open(browser, 'about:blank');
  for (const shim of shims) {
    await page.evaluateOnNewDocument(shim);
  }
  await page.goto(`${server.url}?backend=cpu#network=mlp&digit=3&steps=5&pace=full`);
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab'))?.state === 'done', { timeout: TIMEOUT });
  await act(page);
  assert.deepEqual(messages, []);
  await page.close();
}

/** @param {Page} page */
async function chooseOne(page) {
  const input = /** @type {any} */ (await page.$(`${PAD} input[type="file"]`));
  await input.uploadFile(ONE);
}

/**
 * What the page saves as a picture, decoded here, and what it should be: each pixel of the figure's image
 * in its color, twenty times as large.
 *
 * @param {Page} page
 */
async function saved(page) {
  const { bytes, painted } = await page.$eval(LAB, async (it) => {
    const from = (/** @type {string} */ path) => import(/** @type {any} */ (path));
    const { picture } = await from('/src/page/export/picture.js');
    const { onShow } = await from('/src/page/export/shown.js');
    const { scale } = await from('/src/figure/colors.js');
    const figure = /** @type {any} */ (it);
    const blob = await picture(onShow(figure));
    const { images } = figure.experiment.networkResults[0].history.at(5);
    const { low, high } = scale(images);
    return { bytes: [...new Uint8Array(await blob.arrayBuffer())], painted: [...figure.paint(images, low, high).data] };
  });
  const { width, height, pixels } = decoded(Buffer.from(bytes));
  let wrong = 0;
  for (let at = 0; at < pixels.length; at += 1) {
    const [x, y] = [Math.floor(at / 4) % width, Math.floor(at / 4 / width)];
    wrong += pixels[at] === painted[4 * (28 * Math.floor(y / 20) + Math.floor(x / 20)) + (at % 4)] ? 0 : 1;
  }
  return { width, height, wrong };
}

/** Opens a PNG of eight bits a channel, with the filters 0 to 4. @param {Buffer} bytes */
function decoded(bytes) {
  assert.equal(bytes.toString('latin1', 0, 8), '\x89PNG\r\n\x1a\n');
  const data = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') {
      data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
    }
  }
  const [width, height, kind] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[25]];
  const size = /** @type {Record<number, number>} */ ({ 2: 3, 6: 4 })[kind];
  const lines = inflateSync(Buffer.concat(data));
  const raw = new Uint8Array(width * height * size);
  const get = (/** @type {number} */ x, /** @type {number} */ y) => (x < 0 || y < 0 ? 0 : raw[y * width * size + x]);
  for (let y = 0; y < height; y += 1) {
    const start = y * (width * size + 1);
    for (let x = 0; x < width * size; x += 1) {
      const [left, up, corner] = [get(x - size, y), get(x, y - 1), x < size ? 0 : get(x - size, y - 1)];
      const [a, b, c] = [left, up, corner].map((it) => Math.abs(left + up - corner - it));
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      raw[y * width * size + x] = lines[start + 1 + x] + [0, left, up, (left + up) >> 1, paeth][lines[start]];
    }
  }
  const pixels = Array.from({ length: 4 * width * height }, (_, at) =>
    at % 4 < size ? raw[size * Math.floor(at / 4) + (at % 4)] : 255,
  );
  return { width, height, pixels };
}

/** A one is drawn, and read as such. @param {Page} page */
async function drawsAndReads(page) {
  await drawOne(page);
  await says(page, 'The LeNet-5 reads a 1, with ');
  assert.match(await caption(page), /with (100\.0|9\d\.\d)%\.$/);
  await page.$eval(`${PAD} .wipe`, (it) => /** @type {HTMLElement} */ (it).click());
}

describe('in Chromium', () => {
  /** @type {import('puppeteer-core').Browser} */
  let browser;
  before(async () => {
    browser = await launch('chromium');
  });
  after(() => browser.close());

  test('with noise: a drawing and an image file are read, and the picture is saved as it is', () =>
    withPage(browser, [randomized], async (page) => {
      await drawsAndReads(page);
      await chooseOne(page);
      await says(page, 'The LeNet-5 reads a 1, with ');
      assert.deepEqual(await saved(page), { width: 560, height: 560, wrong: 0 });
    }));

  test('with noise, and no other way to read an image: a sentence, and the paper stays', () =>
    withPage(browser, [randomized, withoutFrames], async (page) => {
      await chooseOne(page);
      await says(page, NOISE_WORDS);
      assert.equal(await caption(page), NOISE_WORDS);
      await drawsAndReads(page);
    }));

  test('without noise, and where it is too little to be taken for ink, the canvas does', async () => {
    await withPage(browser, [withoutFrames], async (page) => {
      await chooseOne(page);
      await says(page, 'The LeNet-5 reads a 1, with ');
    });
    await withPage(browser, [farbled, withoutFrames], async (page) => {
      await chooseOne(page);
      await says(page, 'The LeNet-5 reads a 1, with ');
    });
  });
});

test('Firefox, which resists fingerprinting', { skip: FIREFOX ? false : 'Firefox is not installed' }, async () => {
  const browser = await launch('firefox', { prefs: { 'privacy.resistFingerprinting': true } });
  try {
    await withPage(browser, [], async (page) => {
      // Otherwise, this is no test of anything.
      const differs = await page.evaluate(() => {
        const context = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
        return context.getImageData(0, 0, 64, 64).data.some((it) => it !== 0);
      });
      assert.ok(differs, 'this Firefox does not resist');
      await drawsAndReads(page);
      assert.deepEqual(await saved(page), { width: 560, height: 560, wrong: 0 });
      await chooseOne(page);
      await page.waitForFunction((pad) => !/^Draw with/.test(document.querySelector(`${pad} .reading .caption`)?.textContent ?? ''), { timeout: TIMEOUT }, PAD);
      assert.match(await caption(page), new RegExp(`^(${NOISE_WORDS}|The LeNet-5 reads a 1, with .*)$`));
    });
  } finally {
    await browser.close();
  }
});
