// @ts-check
// Properties of what is checked before a module is asked: whatever is given is refused in a sentence, or is
// something that JSON and 32-bit floats can say.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { checkScale, checkWhole, readBegin, readImages, readPixels, readPlace, writeSettings } from '../../www/src/engine/checks.ts';

/** Whatever JavaScript has. */
const anything = fc.oneof(
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
  fc.constantFrom(NaN, -0, Infinity, -Infinity, 2 ** 31, 2 ** 32 + 5, 5e-324, 1.8e308, Symbol('it'), () => 3, new Proxy({}, {})),
);
const anyNumber = fc.double();

/**
 * Either it is refused, in a sentence, or it gives something.
 *
 * @template T
 * @param {() => T} check
 * @returns {T | undefined}
 */
function taken(check) {
  try {
    return check();
  } catch (error) {
    assert.ok(error instanceof RangeError, String(error));
    assert.match(error.message, /^(The|There|What|Pixel|Number|A) .{8,400}\.$/su);
    return undefined;
  }
}

/** @param {unknown} value At any depth. */
function allFinite(value) {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(allFinite);
  } else {
    assert.ok(typeof value === 'number' && Number.isFinite(value), String(value));
  }
}

const STEP = ['target', 'learningRate', 'optimizer', 'regularizers', 'transforms', 'gradientBlur', 'other'];
const anyStep = fc.oneof(
  anything,
  fc.dictionary(
    fc.constantFrom(...STEP),
    fc.oneof(anything, anyNumber, fc.constantFrom('adam', 'sgd'), fc.dictionary(fc.constantFrom('l1', 'jitter', '__proto__', 'tv'), fc.oneof(anything, anyNumber))),
  ),
);

test('settings', () => {
  let some = 0;
  fc.assert(
    fc.property(anyStep, (settings) => {
      const json = taken(() => writeSettings(settings));
      if (json !== undefined) {
        some += 1;
        const { optimizer, ...numbers } = JSON.parse(json);
        assert.ok([undefined, 'adam', 'momentum', 'sgd'].includes(optimizer), String(optimizer));
        allFinite(numbers);
      }
    }),
    { numRuns: 5000 },
  );
  assert.ok(some > 100, `${some} were taken`);
});

const good = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 };
const NAMES = ['network', 'digits', 'seed', 'noiseStd', 'image', 'objective', 'parameterization', 'path', 'other'];
const anyObjective = fc.record({ neuron: fc.record({ layer: fc.oneof(fc.string(), anything) }), 'logit-difference': fc.record({ other: anything }) }, { requiredKeys: [] });
const anyBegin = fc.oneof(
  anything,
  fc
    .dictionary(fc.constantFrom(...NAMES), fc.oneof(anything, anyNumber, anyObjective, fc.array(anyNumber), fc.float32Array({ minLength: 784, maxLength: 785 })), { maxKeys: 2 })
    .map((changes) => ({ ...good, ...changes })),
);

test('what a run begins with', () => {
  let some = 0;
  fc.assert(
    fc.property(anyBegin, (begin) => {
      const it = taken(() => readBegin(begin));
      if (it) {
        some += 1;
        const { seed, noiseStd, objective, parameterization, path } = it;
        const back = JSON.parse(JSON.stringify({ seed, noiseStd, objective, parameterization, path }));
        assert.deepEqual(back, JSON.parse(JSON.stringify(back)));
        assert.ok(Number.isInteger(back.seed) && back.noiseStd >= 0 && back.noiseStd <= 1);
        assert.ok(it.digits.length >= 1 && it.digits.length <= 100 && it.digits.every((digit) => Number.isInteger(digit) && digit >= 0 && digit < 4096));
        assert.ok(it.image === undefined || (it.image instanceof Float32Array && it.image.every(Number.isFinite)));
      }
    }),
    { numRuns: 5000 },
  );
  assert.ok(some > 100, `${some} were taken`);
});

test('counts, pixels, scales and places', () => {
  const pixels = fc.oneof(anything, fc.float32Array({ minLength: 784, maxLength: 784 }), fc.array(anything, { maxLength: 3 }));
  fc.assert(
    fc.property(anything, pixels, fc.oneof(anything, anyNumber), (count, images, end) => {
      taken(() => {
        checkWhole('count', count, 100);
        assert.ok(Number.isInteger(count) && Number(count) >= 0 && Number(count) <= 100);
      });
      taken(() => {
        checkScale(0, end, 'viridis');
        assert.ok(Number.isFinite(Math.fround(Number(end))) && typeof end === 'number');
      });
      assert.ok(taken(() => readPixels(images))?.length !== 0);
      assert.ok(taken(() => readImages(images))?.every(Number.isFinite) !== false);
      const place = taken(() => readPlace({ iteration: count, state: images }, 1));
      assert.ok(!place || (Number.isInteger(place.iteration) && place.state.every(Number.isFinite)));
    }),
    { numRuns: 3000 },
  );
});
