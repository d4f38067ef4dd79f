// @ts-check
// Any configuration there can be, for tests of properties.

import fc from 'fast-check';

import { quantised, writeStart } from '../../www/start-image.js';

const pixels = fc
  .array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 784, maxLength: 784 })
  .map((values) => quantised(Float32Array.from(values)));

/** Drawings are mostly black. */
export const drawing = fc
  .tuple(pixels, fc.array(fc.boolean(), { minLength: 784, maxLength: 784 }))
  .map(([image, ink]) => image.map((value, at) => (ink[at] ? value : 0)));

const finite = (/** @type {number} */ min, /** @type {number} */ max) =>
  fc.double({ min, max, noNaN: true }).map((value) => value + 0); // No negative zero: it has no text.

/** Most are left out. */
const weight = fc.oneof(fc.constant(0), finite(0, 1000));

export const anyConfig = fc
  .record({
    network: fc.constantFrom('mlp', 'lenet5', 'robust', 'mlp,lenet5', 'lenet5,robust', 'mlp,lenet5,robust'),
    goal: fc.constantFrom('distance', 'log-probability', 'logit', 'not-8', 'unit-fc1', 'unit-fc2'),
    digits: fc.oneof(
      fc.constant(/** @type {number[]} */ ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 10 }),
    ),
    target: finite(0.001, 0.999),
    steps: fc.integer({ min: 1, max: 100_000 }),
    rate: finite(1e-5, 1),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    deviation: finite(0, 1),
    start: fc.oneof(fc.constant(''), fc.integer({ min: 0, max: 9 }).map((it) => `mean${it}`), drawing.map(writeStart)),
    form: fc.constantFrom(
      /** @type {const} */ ('pixels'),
      /** @type {const} */ ('sigmoid'),
      /** @type {const} */ ('fourier'),
      /** @type {const} */ ('prior'),
    ),
    path: fc.constantFrom(/** @type {const} */ ('fused'), /** @type {const} */ ('plain')),
    l1: weight,
    l2: weight,
    tv: weight,
    near: weight,
    density: weight,
    diversity: weight,
    shift: finite(0, 8),
    turn: finite(0, 45),
    zoom: finite(0, 0.5),
    soften: finite(0, 5),
    pace: fc.constantFrom(/** @type {const} */ ('slow'), /** @type {const} */ ('normal'), /** @type {const} */ ('full')),
    log: fc.boolean(),
    at: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
    row: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  })
  .map((config) => ({
    ...config,
    row: config.row !== undefined && config.row < config.digits.length ? config.row : undefined,
  }));
