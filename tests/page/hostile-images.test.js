// @ts-check
// Image files of any kind: what cannot be used is refused from its first bytes, with a sentence, and
// in the page the paper stays as it was.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import fc from 'fast-check';

import { refusalOf, refusalOfBytes } from '../../www/src/page/image-file.ts';
import { FIREFOX, launch, open, serve } from './browser.js';
import { TIMEOUT } from './figure.js';
import { gif, jpegHead, png, webpHead } from './image-files.js';

const HUGE = png(20_000, 20_000);
const GOOD = png(40, 40, (x, y) => (x > 17 && x < 23 && y > 5 && y < 35 ? 255 : 0));
const HUGE_WORDS = 'This image has 20000 × 20000 pixels. It may have up to 8000 on a side.';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>window.hacked = 1</script><rect width="9" height="9"/></svg>';
const SVG_WORDS = 'This is an SVG, which is not read: it can hold more than a picture. Save it as PNG.';
const NONE_WORDS = 'This file is no image that can be read. Use PNG, JPEG, WebP or GIF.';
const HEIC_WORDS = 'This is a HEIC image, which browsers do not read. Save it as JPEG or PNG.';

const text = (/** @type {string} */ it) => Buffer.from(it);

describe('from the first bytes', () => {
  /** @type {[string, Uint8Array, string | undefined][]} */
  const cases = [
    ['an empty file', text(''), 'This file is empty.'],
    ['a small PNG', GOOD, undefined],
    ['a PNG of 20,000 × 20,000 pixels', HUGE, HUGE_WORDS],
    ['a PNG as large as there can be', Buffer.concat([HUGE.subarray(0, 16), Buffer.alloc(8, 0xff)]), 'This image has 4294967295 × 4294967295 pixels. It may have up to 8000 on a side.'],
    ['a PNG without a size', GOOD.subarray(0, 20), 'This PNG file is damaged: it does not say how large its image is.'],
    ['a PNG of no pixels', Buffer.concat([GOOD.subarray(0, 16), Buffer.alloc(8)]), 'This PNG file is damaged: it does not say how large its image is.'],
    ['a JPEG', jpegHead(640, 480), undefined],
    ['a JPEG that is too wide', jpegHead(9000, 10), 'This image has 9000 × 10 pixels. It may have up to 8000 on a side.'],
    ['a JPEG without a frame', jpegHead(640, 480).subarray(0, 60_000), 'This JPEG file is damaged: it does not say how large its image is.'],
    ['a JPEG of zeros', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(100_000)]), 'This JPEG file is damaged: it does not say how large its image is.'],
    ['a WebP', webpHead('VP8 ', 100, 100), undefined],
    ['a WebP that is too high', webpHead('VP8 ', 100, 16_383), 'This image has 100 × 16383 pixels. It may have up to 8000 on a side.'],
    ['a lossless WebP that is too large', webpHead('VP8L', 16_384, 9000), 'This image has 16384 × 9000 pixels. It may have up to 8000 on a side.'],
    ['an extended WebP that is too large', webpHead('VP8X', 2 ** 24, 2), 'This image has 16777216 × 2 pixels. It may have up to 8000 on a side.'],
    ['a WebP of another form', webpHead('VP8 ', 9, 9).fill('?', 12, 16), 'This WebP file is damaged: it does not say how large its image is.'],
    ['a GIF', gif(2), undefined],
    ['a GIF whose picture is larger than it says', gif(1, { screen: 1, frame: 8 }).fill(0xff, 51, 55), 'This image has 65535 × 65535 pixels. It may have up to 8000 on a side.'],
    ['a GIF without a picture', gif(0), 'This GIF file is damaged: it does not say how large its image is.'],
    ['an SVG with a script', text(SVG), SVG_WORDS],
    ['an SVG with a declaration', text(`\ufeff<?xml version="1.0"?>\n${SVG}`), SVG_WORDS],
    ['a HEIC photo', text('\0\0\0\x18ftypheic\0\0\0\0'), HEIC_WORDS],
    ['a text named .png', text('Dear Sir or Madam'), NONE_WORDS],
    ['a page', text('<!doctype html><script>window.hacked = 1</script>'), NONE_WORDS],
    ['a BMP', text('BM\0\0\0\0'), NONE_WORDS],
  ];
  for (const [what, bytes, words] of cases) {
    test(`${what}: ${words ?? 'may be decoded'}`, () => assert.equal(refusalOfBytes(bytes), words));
  }

  test('a file that is too large is not even read', async () => {
    const file = /** @type {any} */ ({ size: 3e9, arrayBuffer: () => assert.fail() });
    assert.equal(await refusalOf(file), 'This file has 3000 MB. An image may have up to 20 MB.');
  });

  test('a file that cannot be read', async () => {
    const file = /** @type {any} */ ({ size: 4096, arrayBuffer: () => Promise.reject(new Error('NotFoundError')) });
    assert.equal(await refusalOf(file), 'This file could not be read. Is it a folder, or has it been moved?');
  });

  test('whatever the bytes are, there is an answer', () => {
    const seeds = [GOOD, jpegHead(640, 480), webpHead('VP8X', 9, 9), webpHead('VP8L', 9, 9), gif(3), text(SVG)];
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.nat(),
        (seed, changes, length) => {
          const bytes = Uint8Array.from(seed);
          for (const [at, value] of changes) {
            bytes[at % Math.min(bytes.length, 200)] = value;
          }
          const words = refusalOfBytes(bytes.subarray(0, length % (bytes.length + 1)));
          assert.ok(words === undefined || /^This .*\.$/.test(words), words);
        },
      ),
      { numRuns: 20_000 },
    );
  });
});

const folder = mkdtempSync(join(tmpdir(), 'actmax-images-'));
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve();
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

for (const name of /** @type {const} */ (['chromium', 'firefox'])) {
  const skip = name === 'firefox' && !FIREFOX ? 'Firefox is not installed' : false;
  describe(`on the paper, in ${name}`, { skip }, () => {
    /** @type {import('puppeteer-core').Browser} */
    let browser;
    /** @type {import('puppeteer-core').Page} */
    let page;
    /** @type {string[]} */
    let messages;
    before(async () => {
      browser = await launch(name);
      ({ page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3&steps=5&pace=full`));
      await page.waitForSelector('#start .paper', { timeout: TIMEOUT });
      // What is decoded is counted.
      await page.evaluate(() => {
        const own = window.createImageBitmap;
        Object.assign(window, { decoded: 0 });
        window.createImageBitmap = (/** @type {any[]} */ ...values) => {
          /** @type {any} */ (window).decoded += 1;
          return /** @type {any} */ (own)(...values);
        };
      });
    });
    after(() => browser.close());

    /** Chooses a file and waits for what is said of it. @param {string} file @param {Uint8Array} bytes */
    async function choose(file, bytes) {
      const path = join(folder, file);
      writeFileSync(path, bytes);
      await page.evaluate(() => {
        Object.assign(window, { decoded: 0 });
        const words = document.querySelector('#start .reading .caption');
        if (words) {
          words.textContent = '…';
        }
      });
      const input = await page.$('#start input[type="file"]');
      await /** @type {any} */ (input).uploadFile(path);
      await page.waitForFunction(() => document.querySelector('#start .reading .caption')?.textContent !== '…', {
        timeout: TIMEOUT,
      });
      return page.evaluate(() => ({
        words: document.querySelector('#start .reading .caption')?.textContent,
        decoded: /** @type {any} */ (window).decoded,
        refused: document.querySelector('#start .reading .refused') !== null,
        usable: !(/** @type {any} */ (document.querySelector('#start .primary')).disabled),
        ink: (() => {
          const paper = /** @type {HTMLCanvasElement} */ (document.querySelector('#start .paper'));
          const { data } = /** @type {CanvasRenderingContext2D} */ (paper.getContext('2d')).getImageData(0, 0, 280, 280);
          return Array.from({ length: 280 }, (_, x) => data[4 * (140 * 280 + x)]).findIndex((it) => it > 127);
        })(),
      }));
    }

    test('a picture is read', async () => {
      const { words, decoded, refused, usable, ink } = await choose('good.png', GOOD);
      assert.match(words ?? '', /^The LeNet-5 reads an? \d, with /);
      assert.deepEqual({ decoded, refused, usable }, { decoded: 1, refused: false, usable: true });
      assert.ok(Math.abs(ink - 126) < 4, `ink begins at ${ink}`);
    });

    for (const [file, bytes, expected] of /** @type {[string, Uint8Array, string][]} */ ([
      ['huge.png', HUGE, HUGE_WORDS],
      ['script.svg', text(SVG), SVG_WORDS],
      ['svg-named.png', text(SVG), SVG_WORDS],
      ['text.png', text('Dear Sir or Madam'), NONE_WORDS],
      ['empty.png', text(''), 'This file is empty.'],
      ['photo.heic', text('\0\0\0\x18ftypheic\0\0\0\0'), HEIC_WORDS],
      ['large.png', Buffer.concat([GOOD, Buffer.alloc(20_000_000)]), 'This file has 21 MB. An image may have up to 20 MB.'],
    ])) {
      test(`${file} is refused before it is decoded, and the paper stays`, async () => {
        const { words, decoded, refused, usable, ink } = await choose(file, bytes);
        assert.deepEqual({ words, decoded, refused, usable }, { words: expected, decoded: 0, refused: true, usable: true });
        assert.ok(Math.abs(ink - 126) < 4, `ink begins at ${ink}`);
      });
    }

    test('a PNG that ends too early is refused, or as much of it is read as there is', async () => {
      const { words } = await choose('truncated.png', GOOD.subarray(0, GOOD.length - 30));
      assert.match(words ?? '', /^(This image is damaged: the browser cannot read it\.|The LeNet-5 reads|There is no ink)/);
      const broken = await choose('broken.jpg', jpegHead(640, 480));
      assert.equal(broken.words, 'This image is damaged: the browser cannot read it.');
    });

    test('of a GIF that moves, the first picture is read', async () => {
      const { words, ink } = await choose('moves.gif', gif(2));
      assert.match(words ?? '', /^The LeNet-5 reads/);
      assert.ok(Math.abs(ink - 35) < 12, `ink begins at ${ink}`);
    });

    for (const gray of [0, 90, 128, 200, 255]) {
      test(`one color, ${gray} of 255, is no ink`, async () => {
        const { words, usable } = await choose(`gray-${gray}.png`, png(50, 40, () => gray));
        assert.deepEqual({ words, usable }, { words: 'There is no ink in this picture.', usable: false });
      });
    }

    test('of two files that are chosen at once, the last one counts', async () => {
      const black = [...png(40, 40, () => 0)];
      await page.evaluate(
        (good, black) => {
          const drop = (/** @type {number[]} */ bytes) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([Uint8Array.from(bytes)], 'a.png', { type: 'image/png' }));
            document.querySelector('#start .pad')?.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
          };
          drop(black);
          drop(good);
        },
        [...GOOD],
        black,
      );
      await page.waitForFunction(() => /reads a/.test(document.querySelector('#start .reading .caption')?.textContent ?? ''), {
        timeout: TIMEOUT,
      });
    });

    test('what is dropped and is no file is said to be none', async () => {
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.setData('text/uri-list', 'https://example.org/a.png');
        document.querySelector('#start .pad')?.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
      });
      assert.equal(
        await page.$eval('#start .reading .caption', (it) => it.textContent),
        'This is no file. Save the image first, then drop or choose it.',
      );
    });

    test('and nothing of that was run, or complained about', async () => {
      assert.equal(await page.evaluate(() => /** @type {any} */ (window).hacked), undefined);
      assert.deepEqual(messages.filter((it) => it !== 'warn: No available adapters.'), []);
    });
  });
}
