// @ts-check
// How much an image looks like its digit: against Pearson's formula written out, and on what is known.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Engine } from '../../www/src/engine/engine.ts';
import { ClassMeans, averageOf } from '../../www/src/player/class-means.ts';
import { correlation } from '../../www/src/player/correlation.ts';

const PIXELS = 784;
const engine = await Engine.start({ backend: 'cpu' });
const means = await engine.means();
const compared = new ClassMeans(means);
const image = (/** @type {number} */ digit) => means.subarray(digit * PIXELS, (digit + 1) * PIXELS);
const digits = Array.from({ length: 10 }, (_, digit) => digit);

test('the margin is the correlation with the own mean less the highest with another', async () => {
  const prototypes = await engine.prototypes();
  for (let at = 0; at < 100; at += 7) {
    const prototype = prototypes.subarray(at * PIXELS, (at + 1) * PIXELS);
    for (const digit of digits) {
      const all = digits.map((it) => correlation(prototype, image(it)));
      const found = compared.compare(prototype, digit);
      assert.ok(Math.abs(found.correlation - all[digit]) < 1e-9);
      assert.ok(Math.abs(found.margin - (all[digit] - Math.max(...all.filter((_, it) => it !== digit)))) < 1e-9);
    }
  }
});

test('a class mean has a correlation of 1 with itself, and a margin above 0', () => {
  for (const digit of digits) {
    const { correlation, margin } = compared.compare(image(digit), digit);
    assert.ok(Math.abs(correlation - 1) < 1e-12);
    assert.ok(margin > 0 && margin < 1, `${digit}: ${margin}`);
  }
});

test('brighter, or with more contrast, it is the same image; its negative has the opposite correlation', () => {
  const three = image(3);
  const { correlation, margin } = compared.compare(three.map((it) => 5 * it - 2), 3);
  assert.ok(Math.abs(correlation - 1) < 1e-6);
  assert.ok(Math.abs(margin - compared.compare(three, 3).margin) < 1e-6);
  assert.ok(Math.abs(compared.compare(three.map((it) => -it), 3).correlation + 1) < 1e-6);
});

test('a flat image has neither', () => {
  for (const pixel of [0, 0.1, 0.3, 1 / 7, -7, 1e9, 1e-45]) {
    assert.deepEqual(compared.compare(new Float32Array(PIXELS).fill(pixel), 4), { correlation: 0, margin: 0 });
  }
});

test('a blob has a high correlation with every digit, and no margin', () => {
  assert.ok(compared.blob.correlation > 0.8, `${compared.blob.correlation}`);
  assert.ok(compared.blob.margin < 0, `${compared.blob.margin}`);
});

test('an average is of both', () => {
  const average = averageOf([{ correlation: 0.5, margin: -0.5 }, { correlation: 0.25, margin: 0 }]);
  assert.deepEqual(average, { correlation: 0.375, margin: -0.25 });
});
