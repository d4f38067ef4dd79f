// @ts-check
// How numbers are written where people read them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LONGEST } from '../../www/src/figure/reserved.ts';
import { aDigit, iterations, signed, twoDigits } from '../../www/src/figure/words.ts';

test('a number has two digits, or all before the point, and a minus that is one', () => {
  /** @type {[number, string][]} */
  const cases = [
    [0, '0.0'],
    [5.2983, '5.3'],
    [0.0123, '0.012'],
    [0.0000456, '4.6e−5'],
    [-0.0000456, '−4.6e−5'],
    [-15.3, '−15'],
    [99.4, '99'],
    [99.6, '100'],
    [-99.6, '−100'],
    [123.4, '123'],
    [-2048.7, '−2049'],
    [784000, '784000'],
    [1e6, '1.0e6'],
    [-3.14e9, '−3.1e9'],
    [5e-324, '4.9e−324'],
  ];
  for (const [value, text] of cases) {
    assert.equal(twoDigits(value), text, String(value));
  }
});

test('what room is kept for is as long as it gets, down to what single precision has', () => {
  for (let size = 1e-38; size < 1e38; size *= 3) {
    assert.ok(twoDigits(-size).length <= LONGEST.twoDigits.length, String(size));
  }
});

test('a sign is a minus, and nothing has none', () => {
  assert.deepEqual([-0.07, -0.001, 0, 1].map(signed), ['−0.07', '0.00', '0.00', '1.00']);
});

test('only an 8 begins with a vowel', () => {
  assert.deepEqual([0, 1, 8, 9].map(aDigit), ['a 0', 'a 1', 'an 8', 'a 9']);
});

test('one iteration is one', () => {
  assert.deepEqual([0, 1, 2].map(iterations), ['0 iterations', '1 iteration', '2 iterations']);
});
