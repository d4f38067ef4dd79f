// @ts-check
// Pictures in MNIST's form: fitted, centered; and MNIST's own images, taken through it, stay what
// they are.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import fc from 'fast-check';

import { correlation } from '../../www/src/player/correlation.ts';
import { inkOf, mnistForm } from '../../www/src/page/mnist-form.ts';

const SIDE = 280;

/** Where the ink of a 28×28 image is: its center of mass, and its extent. @param {Float32Array} image */
function placeOf(image) {
  let [mass, x, y] = [0, 0, 0];
  const columns = new Set();
  const rows = new Set();
  for (const [at, ink] of image.entries()) {
    mass += ink;
    x += ink * ((at % 28) + 0.5);
    y += ink * (Math.floor(at / 28) + 0.5);
    if (ink > 0.02) {
      columns.add(at % 28);
      rows.add(Math.floor(at / 28));
    }
  }
  return { x: x / mass, y: y / mass, width: columns.size, height: rows.size };
}

test('whatever is drawn, wherever and however large: 20 pixels, centered by its mass', () => {
  const coordinate = fc.integer({ min: 0, max: SIDE - 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(coordinate, coordinate, fc.integer({ min: 4, max: 60 })), { minLength: 1, maxLength: 5 }), (blots) => {
      const ink = new Float32Array(SIDE * SIDE);
      for (const [left, top, size] of blots) {
        for (let y = top; y < Math.min(SIDE, top + size); y += 1) {
          ink.fill(1, y * SIDE + left, y * SIDE + Math.min(SIDE, left + size));
        }
      }
      const image = mnistForm(ink, SIDE);
      assert.ok(image);
      const { x, y, width, height } = placeOf(image);
      // What lies far from the mass may be cut off at the border, which moves the center.
      const cut = Math.max(width, height) < 20;
      assert.ok(cut || Math.hypot(x - 14.5, y - 14.5) < 0.75, `centered at ${x}, ${y}`);
      assert.ok(Math.max(width, height) <= 20, `${width} × ${height}`);
    }),
    { numRuns: 100 },
  );
});

test('no ink, no image', () => {
  assert.equal(mnistForm(new Float32Array(SIDE * SIDE), SIDE), undefined);
});

test('dark on light and light on dark are the same ink', () => {
  const paper = new Uint8ClampedArray(4 * 100).fill(255);
  paper.set([0, 0, 0, 255], 4 * 55);
  const board = Uint8ClampedArray.from(paper, (value, at) => (at % 4 === 3 ? 255 : 255 - value));
  assert.deepEqual(inkOf(paper, 10), inkOf(board, 10));
  assert.equal(inkOf(paper, 10)[55], 1);
});

const file = join(process.env.MNIST_DIR ?? '', 't10k-images-idx3-ubyte.gz');
const skip = existsSync(file) ? false : 'MNIST_DIR does not name a folder with MNIST’s files';
test('MNIST’s own images, enlarged and moved, come back', { skip }, (context) => {
  const bytes = gunzipSync(readFileSync(file)).subarray(16);
  const correlations = [];
  for (let index = 0; index < 200; index += 1) {
    const image = Float32Array.from(bytes.subarray(index * 784, (index + 1) * 784), (it) => it / 255);
    const large = new Float32Array(SIDE * SIDE);
    for (let at = 0; at < SIDE * SIDE; at += 1) {
      // Eight times as large, in the lower right corner.
      const x = Math.floor(((at % SIDE) - 50) / 8);
      const y = Math.floor((Math.floor(at / SIDE) - 50) / 8);
      large[at] = x >= 0 && y >= 0 && x < 28 && y < 28 ? image[y * 28 + x] : 0;
    }
    const formed = mnistForm(large, SIDE);
    assert.ok(formed);
    correlations.push(correlation(formed, image));
  }
  const mean = correlations.reduce((a, b) => a + b, 0) / correlations.length;
  context.diagnostic(`mean correlation with the original: ${mean.toFixed(3)}`);
  assert.ok(mean > 0.95, `mean correlation ${mean}`);
});
