// @ts-check
// How much an image looks like its digit: against Pearson's formula written out, and on what is known.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Engine } from '../../www/src/engine/engine.ts';
import { correlation } from '../../www/src/player/correlation.ts';
import { TypicalDigits, averageOf } from '../../www/src/player/typical-digits.ts';

const PIXELS = 784;
const engine = await Engine.start({ backend: 'cpu' });
const prototypes = await engine.prototypes();
const means = await engine.means();
const typical = new TypicalDigits(prototypes);
const prototype = (/** @type {number} */ at) => prototypes.subarray(at * PIXELS, (at + 1) * PIXELS);
const mean = (/** @type {number} */ digit) => means.subarray(digit * PIXELS, (digit + 1) * PIXELS);
const digits = Array.from({ length: 10 }, (_, digit) => digit);

test('it is the correlation of the ink with the nearest typical image, less that with the nearest of another digit', () => {
  for (const digit of digits) {
    const image = mean((digit + 3) % 10).map((it, at) => it - 0.3 * Math.sin(at));
    const ink = image.map((it) => (it < 0 ? 0 : it));
    const all = Array.from({ length: 100 }, (_, at) => correlation(ink, prototype(at)));
    const own = Math.max(...all.slice(10 * digit, 10 * digit + 10));
    const other = Math.max(...all.filter((_, at) => Math.floor(at / 10) !== digit));
    const found = typical.compare(image, digit);
    assert.ok(Math.abs(found.correlation - own) < 1e-9);
    assert.ok(Math.abs(found.margin - (own - other)) < 1e-9);
  }
});

test('a typical image has a correlation of 1 with itself, and nearly all have a margin above 0', () => {
  const margins = Array.from({ length: 100 }, (_, at) => {
    const { correlation, margin } = typical.compare(prototype(at), Math.floor(at / 10));
    assert.ok(Math.abs(correlation - 1) < 1e-12);
    return margin;
  });
  assert.ok(margins.every((it) => it > 0));
});

test('with more contrast it is the same image, and what is below black is black', () => {
  const three = prototype(31);
  const expected = typical.compare(three, 3);
  for (const image of [three.map((it) => 5 * it), three.map((it) => (it === 0 ? -2 : it))]) {
    const { correlation, margin } = typical.compare(image, 3);
    assert.ok(Math.abs(correlation - expected.correlation) < 1e-6);
    assert.ok(Math.abs(margin - expected.margin) < 1e-6);
  }
});

test('where all pixels are equal, or there is no ink, there is no correlation', () => {
  for (const pixel of [0, 0.1, 0.3, 1 / 7, -7, 1e9, 1e-45]) {
    assert.deepEqual(typical.compare(new Float32Array(PIXELS).fill(pixel), 4), { correlation: 0, margin: 0 });
  }
  assert.deepEqual(typical.compare(mean(4).map((it) => -it), 4), { correlation: 0, margin: 0 });
});

test('a blob, the mean of all digits, has a high correlation with every digit, and no margin', () => {
  const blob = mean(0).map((_, at) => digits.reduce((sum, digit) => sum + mean(digit)[at] / 10, 0));
  const { correlation, margin } = averageOf(digits.map((digit) => typical.compare(blob, digit)));
  assert.equal(correlation.toFixed(2), '0.80'); // As comparison.ts says.
  assert.equal(margin.toFixed(2), '-0.07');
});

test('an average is of both', () => {
  const average = averageOf([{ correlation: 0.5, margin: -0.5 }, { correlation: 0.25, margin: 0 }]);
  assert.deepEqual(average, { correlation: 0.375, margin: -0.25 });
});
