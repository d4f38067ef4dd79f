// @ts-check
// Pictures and animations for a slide: where everything stands, and that it is there.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { HEIGHT, WIDTH, layoutOf } from '../../www/src/page/export/slide-layout.ts';
import { savingBrowser } from './saving.js';

test('everything has its place, and none is another’s', () => {
  for (const networks of [1, 2, 3, 4, 6]) {
    for (const images of [1, 2, 3, 5, 7, 10]) {
      const { factor, counter, networks: all } = layoutOf(networks, images);
      const size = 28 * factor;
      /** @param {import('../../www/src/page/export/slide-layout.ts').Place} place @param {number} letters */
      const box = ({ x, y, size }, letters) => ({ x: x - 0.23 * size * letters, y: y - size / 2, width: 0.46 * size * letters, height: size });
      const boxes = [
        box(counter, 20),
        ...all.flatMap(({ title, images }) => [
          box(title, 12),
          ...images.flatMap(({ x, y, caption }) => [{ x, y, width: size, height: size }, box(caption, 9)]),
        ]),
      ];
      for (const [index, a] of boxes.entries()) {
        const where = `${networks} networks, ${images} images: ${JSON.stringify(a)}`;
        assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= WIDTH && a.y + a.height <= HEIGHT, where);
        for (const b of boxes.slice(index + 1)) {
          const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          assert.ok(apart, `${where} and ${JSON.stringify(b)}`);
        }
      }
    }
  }
  assert.deepEqual([layoutOf(1, 1).factor, layoutOf(1, 10).factor], [28, 12]);
});

/** @type {Awaited<ReturnType<typeof savingBrowser>>} */
let saving;
before(async () => {
  saving = await savingBrowser();
});
after(() => saving.close());

/**
 * Decodes every frame: its size, which pixels of the images are other than on the page in the last, and how much ink
 * is in the places of the words.
 *
 * @param {import('puppeteer-core').Page} page
 * @param {{ address: string, type: string, layout: import('../../www/src/page/export/slide-layout.ts').Layout, tolerance: number }} what
 */
function look(page, what) {
  return page.evaluate(async ({ address, type, layout, tolerance }) => {
    const data = await (await fetch(address)).arrayBuffer();
    const decoder = new ImageDecoder({ data, type });
    await Promise.all([decoder.completed, decoder.tracks.ready]);
    const { frameCount } = /** @type {ImageTrack} */ (decoder.tracks.selectedTrack);
    /** @param {number} frameIndex */
    const frame = async (frameIndex) => {
      const { image } = await decoder.decode({ frameIndex });
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
        new OffscreenCanvas(image.displayWidth, image.displayHeight).getContext('2d', { willReadFrequently: true })
      );
      context.drawImage(image, 0, 0);
      return context;
    };
    const last = await frame(frameCount - 1);
    const ink = (/** @type {OffscreenCanvasRenderingContext2D} */ context, /** @type {{ x: number, y: number, size: number }} */ { x, y, size }) => {
      const { data } = context.getImageData(x - 2 * size, y - size / 2, 4 * size, size);
      let sum = 0;
      for (let at = 0; at < data.length; at += 4) {
        sum += 255 - data[at];
      }
      return Math.round(sum / 255);
    };
    const figure = document.querySelector('activation-maximization');
    let wrong = 0;
    for (const [network, column] of [...(figure?.shadowRoot?.querySelectorAll('.column') ?? [])].entries()) {
      const canvases = /** @type {HTMLCanvasElement[]} */ ([...column.querySelectorAll('.images canvas')]);
      for (const [index, canvas] of canvases.entries()) {
        const { x, y } = layout.networks[network].images[index];
        const { factor } = layout;
        const shown = last.getImageData(x, y, 28 * factor, 28 * factor).data;
        const wanted = /** @type {ImageData} */ (canvas.getContext('2d')?.getImageData(0, 0, 28, 28)).data;
        for (let at = 0; at < shown.length / 4; at += 1) {
          const source = 28 * Math.floor(at / (28 * factor) / factor) + Math.floor((at % (28 * factor)) / factor);
          const far = [0, 1, 2].some((it) => Math.abs(shown[4 * at + it] - wanted[4 * source + it]) > tolerance);
          wrong += far ? 1 : 0;
        }
      }
    }
    const places = [layout.counter, ...layout.networks.flatMap(({ title, images }) => [title, ...images.map((it) => it.caption)])];
    const first = await frame(0);
    return {
      size: [last.canvas.width, last.canvas.height],
      frameCount,
      wrong,
      words: places.map((it) => ink(last, it)),
      before: places.map((it) => ink(first, it)),
      corner: [...last.getImageData(0, 0, 1, 1).data],
    };
  }, what);
}

for (const { query, name, networks, digits } of [
  { query: 'network=mlp&digit=3', name: 'actmax-mlp-digit-3-seed-1-slide', networks: 1, digits: 1 },
  { query: 'network=mlp&digit=all', name: 'actmax-mlp-digits-all-seed-1-slide', networks: 1, digits: 10 },
  { query: 'network=lenet5,robust&digit=all&steps=30', name: 'actmax-lenet5-robust-digits-all-seed-1-slide', networks: 2, digits: 10 },
]) {
  describe(query, () => {
    const layout = layoutOf(networks, digits);
    for (const { words, ending, type, tolerance } of [
      { words: 'Picture for a slide (PNG)', ending: 'png', type: 'image/png', tolerance: 0 },
      { words: 'Animation for a slide (GIF)', ending: 'gif', type: 'image/gif', tolerance: 4 }, // It has fewer colors.
    ]) {
      test(words, async (context) => {
        const { page, messages, save } = await saving.visit(query);
        const start = performance.now();
        const [file] = await save(words);
        context.diagnostic(`${file.bytes.length} bytes in ${Math.round(performance.now() - start)} ms`);
        if (process.env.KEEP) {
          writeFileSync(`${process.env.KEEP}/${file.name}`, file.bytes);
        }
        assert.equal(file.name, `${name}.${ending}`);
        const seen = await look(page, { address: file.address, type, layout, tolerance });
        assert.deepEqual([seen.size, seen.wrong, seen.corner], [[1920, 1080], 0, [255, 255, 255, 255]]);
        assert.ok(seen.words.every((ink) => ink > 100), String(seen.words));
        if (ending === 'gif') {
          assert.ok(seen.frameCount > 5 && seen.frameCount <= 80, `${seen.frameCount} frames`);
          assert.notDeepEqual(seen.before, seen.words); // The words change.
        }
        assert.ok(file.bytes.length < 12e6, `${file.bytes.length} bytes`);
        assert.deepEqual(messages, []);
        await page.close();
      });
    }
  });
}
