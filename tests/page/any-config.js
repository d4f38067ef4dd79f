// @ts-check
// Any configuration there can be, for tests of properties.

import fc from 'fast-check';

import { quantized, writeStart } from '../../www/src/settings/start-image.ts';

const pixels = fc
  .array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 784, maxLength: 784 })
  .map((values) => quantized(Float32Array.from(values)));

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
    network: fc.constantFrom('mlp', 'lenet5', 'control', 'robust', 'mlp,lenet5', 'control,robust', 'mlp,lenet5,robust', 'mlp,lenet5,control,robust'),
    objective: fc.constantFrom('target-probability', 'log-probability', 'logit', 'logit-minus-8', 'neuron-fc1', 'neuron-fc2'),
    digits: fc.oneof(
      fc.constant(/** @type {number[]} */ ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 10 }),
    ),
    target: finite(0.001, 0.999),
    steps: fc.integer({ min: 1, max: 100_000 }),
    rate: finite(1e-5, 1),
    optimizer: fc.constantFrom(/** @type {const} */ ('adam'), /** @type {const} */ ('momentum'), /** @type {const} */ ('sgd')),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    noiseStd: finite(0, 1),
    start: fc.oneof(fc.constant(''), fc.integer({ min: 0, max: 9 }).map((it) => `mean${it}`), drawing.map(writeStart)),
    parameterization: fc.constantFrom(
      /** @type {const} */ ('pixels'),
      /** @type {const} */ ('sigmoid'),
      /** @type {const} */ ('fourier'),
      /** @type {const} */ ('pca'),
    ),
    path: fc.constantFrom(/** @type {const} */ ('fused'), /** @type {const} */ ('reference')),
    l1: weight,
    l2: weight,
    tv: weight,
    distance: weight,
    density: weight,
    diversity: weight,
    jitter: finite(0, 8),
    rotation: finite(0, 45),
    scale: finite(0, 0.5),
    gradientBlur: finite(0, 5),
    pace: fc.constantFrom(/** @type {const} */ ('slow'), /** @type {const} */ ('normal'), /** @type {const} */ ('full')),
    colors: fc.constantFrom(/** @type {const} */ ('viridis'), /** @type {const} */ ('diverging')),
    colorScale: fc.constantFrom(/** @type {const} */ ('fitted'), /** @type {const} */ ('fixed')),
    log: fc.boolean(),
    at: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
    row: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  })
  .map((config) => ({
    ...config,
    row: config.row !== undefined && config.row < config.digits.length ? config.row : undefined,
  }));
