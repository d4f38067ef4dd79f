// @ts-check
// The colors of differences, where there is no browser.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

/** @type {typeof import('../../www/src/figure/diverging.ts').paintDifferences} */
let paintDifferences;
before(async () => {
  globalThis.ImageData ??= /** @type {any} */ (
    class {
      constructor(/** @type {number} */ width, /** @type {number} */ height) {
        this.data = new Uint8ClampedArray(4 * width * height);
      }
    }
  );
  ({ paintDifferences } = await import('../../www/src/figure/diverging.ts'));
});

/** The first pixels of an image of 28 × 28. @param {number[]} values @param {number} most */
const colors = (values, most) => {
  const { data } = paintDifferences(Float32Array.from({ length: 784 }, (_, at) => values[at] ?? 0), most);
  return values.map((_, at) => [...data.subarray(4 * at, 4 * at + 3)]);
};

test('nothing is gray, less is violet and more is yellow, the stronger the further', () => {
  assert.deepEqual(colors([0, -2, 2, -1, 1], 2), [[140, 140, 140], [68, 1, 84], [253, 231, 37], [104, 70, 112], [196, 186, 88]]);
});

test('what lies further than the ends has their colors', () => {
  assert.deepEqual(colors([-9, 1e30], 2), [[68, 1, 84], [253, 231, 37]]);
});

test('where nothing was changed, all is gray', () => {
  assert.deepEqual(colors([0, 0], 0), [[140, 140, 140], [140, 140, 140]]);
});

test('lightness rises from one end to the other', () => {
  const steps = Array.from({ length: 41 }, (_, at) => (at - 20) / 20);
  const light = colors(steps, 1).map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue);
  assert.ok(light.every((it, at) => at === 0 || it > light[at - 1]), String(light));
});
