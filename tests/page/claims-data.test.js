// @ts-check
// What the lesson says of MNIST, of the class means and of the networks, each sentence with a test that computes it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import {
  DIGITS, MEANS, NETWORKS, ORDINARY, PIXELS, ROBUST,
  correlation, engine, extent, inBorder, largest, length, made, mean, seeds, short, tensor, total, typical,
} from './claims.js';
import { averageOf } from '../../www/src/player/typical-digits.ts';

const folder = process.env.MNIST_DIR;
const needsMnist = { skip: folder ? false : "MNIST_DIR does not name a folder with MNIST's four files" };
const pixelsAt = Array.from({ length: PIXELS }, (_, at) => at);
/** A mean is 0 only if every training image of its class is: pixels that the networks never saw with ink. */
const neverInked = pixelsAt.filter((at) => MEANS.every((it) => it[at] === 0));
const pairs = DIGITS.flatMap((a) => DIGITS.slice(a + 1).map((b) => ({ a, b, r: correlation(MEANS[a], MEANS[b]) }))).sort(
  (one, other) => other.r - one.r,
);
const meanOfAll = MEANS[0].map((_, at) => mean(MEANS.map((it) => it[at])));

/** @param {'train' | 't10k'} part @param {number} [first] Of its images; by default all. */
function mnist(part, first) {
  const bytes = (/** @type {string} */ kind) => gunzipSync(readFileSync(join(folder ?? '', `${part}-${kind}-ubyte.gz`)));
  const [pixels, labels] = [bytes('images-idx3').subarray(16), bytes('labels-idx1').subarray(8)];
  return Array.from({ length: first ?? labels.length }, (_, at) => ({
    label: labels[at],
    pixels: pixels.subarray(at * PIXELS, (at + 1) * PIXELS),
  }));
}

test('Only 69 of the 784 pixels are black in every training image, all of them in the two outer rings', () => {
  assert.equal(neverInked.length, 69);
  assert.ok(neverInked.every((at) => inBorder(at, 2)));
  const outermost = pixelsAt.filter((at) => inBorder(at, 1));
  assert.ok(outermost.some((at) => !neverInked.includes(at)), 'not even the outermost ring is black in every image');
});

test('Little of the ink is near the border: 1 part in 400 in the two outer rings, which are a quarter of the pixels', () => {
  const share = total(pixelsAt.filter((at) => inBorder(at, 2)).map((at) => meanOfAll[at])) / total(meanOfAll);
  assert.ok(Math.abs(share - 1 / 400) < 1 / 3000, `it is ${share}`);
  const ofPixels = pixelsAt.filter((at) => inBorder(at, 2)).length / PIXELS;
  assert.ok(Math.abs(ofPixels - 0.265) < 0.001, `they are ${ofPixels} of the pixels`);
});

test('One training image in eight has ink in the two outer rings, and three of four outside the middle 20 × 20', needsMnist, () => {
  const images = mnist('train', 45_000).map(({ pixels }) => pixels);
  const inked = (/** @type {number} */ rings) => {
    const border = pixelsAt.filter((at) => inBorder(at, rings));
    return images.filter((it) => border.some((at) => it[at] > 0)).length;
  };
  assert.deepEqual([inked(1), inked(2), inked(4)], [585, 5336, 34_103]);
  const black = pixelsAt.filter((at) => images.every((it) => it[at] === 0));
  assert.deepEqual(black, neverInked, 'the means tell which pixels are never inked');
});

test('The most alike of the class means are 4 and 9 (0.90), the least 0 and 1 (0.30); on average it is 0.65', () => {
  const [most, least] = [pairs[0], pairs[44]];
  assert.deepEqual([most.a, most.b, most.r.toFixed(2)], [4, 9, '0.90']);
  assert.deepEqual([least.a, least.b, least.r.toFixed(2)], [0, 1, '0.30']);
  assert.equal(mean(pairs.map(({ r }) => r)).toFixed(2), '0.65');
});

test('The mean of all digits looks like no digit, and yet correlates 0.83 with the class means: more than real digits', needsMnist, () => {
  const blob = mean(MEANS.map((it) => correlation(meanOfAll, it)));
  const real = mean(mnist('t10k', 1000).map(({ pixels, label }) => correlation(pixels, MEANS[label])));
  assert.equal(blob.toFixed(2), '0.83');
  assert.equal(real.toFixed(2), '0.65');
});

test('The mean of all digits is like a typical image of each (0.80), and more like one of another digit (−0.07)', () => {
  const { correlation, margin } = averageOf(DIGITS.map((digit) => typical.compare(meanOfAll, digit)));
  assert.deepEqual([correlation.toFixed(2), margin.toFixed(2)], ['0.80', '-0.07']);
});

test('Real digits have 0.79 with the nearest typical image, and a margin of 0.14, on average; it is above 0 for 93 of 100', needsMnist, () => {
  const all = mnist('t10k').map(({ pixels, label }) => typical.compare(Float32Array.from(pixels), label));
  const { correlation, margin } = averageOf(all);
  assert.equal(Math.round((100 * all.filter((it) => it.margin > 0).length) / all.length), 93, 'in 100 are most like their own digit');
  assert.deepEqual([correlation.toFixed(2), margin.toFixed(2)], ['0.79', '0.14']);
});

test('The mean of each digit convinces every network; of the 3 with 99% and more', async (context) => {
  for (const network of NETWORKS) {
    const p = (await engine.meanProbabilities(/** @type {any} */ (network))).map((it, digit) => it[digit]);
    context.diagnostic(`${network}: ${p.map(short)}`);
    assert.ok(Math.min(...p) > 0.8 && p[3] >= 0.99, `${network}: ${p}`);
  }
});

test('The mean of all digits convinces no network of any digit', async () => {
  for (const network of NETWORKS) {
    const [said] = await engine.probabilities(/** @type {any} */ (network), meanOfAll);
    assert.ok(Math.max(...said) < 0.5, `${network}: ${said}`);
  }
});

test('To a pixel that was never inked, the MLP has the weights that it began with; to all others, larger ones', () => {
  const { values, shape: [neurons, inputs] } = tensor('mlp', 'fc1.weight');
  const from = (/** @type {number} */ pixel) => Array.from({ length: neurons }, (_, neuron) => values[neuron * inputs + pixel]);
  // Training begins with weights drawn evenly between −1/√784 and 1/√784.
  const most = 1 / Math.sqrt(inputs);
  assert.ok(neverInked.every((at) => extent(from(at)) <= most));
  const spread = mean(neverInked.map((at) => length(from(at)) / Math.sqrt(neurons)));
  assert.ok(Math.abs(spread / (most / Math.sqrt(3)) - 1) < 0.02, `the weights' deviation is ${spread}`);
  const others = pixelsAt.filter((at) => !neverInked.includes(at));
  const learned = others.filter((at) => extent(from(at)) > most);
  assert.ok(learned.length > 0.95 * others.length, `${learned.length} of ${others.length} have larger ones`);
});

test('The MLP is 784-256-128-64-10 with 242,762 parameters; LeNet-5 has 6 and 16 filters of 5 × 5, then 120, 84 and 10', () => {
  const shapes = (/** @type {string} */ network, /** @type {string[]} */ layers) => layers.map((it) => tensor(network, `${it}.weight`).shape);
  const dense = shapes('mlp', ['fc1', 'fc2', 'fc3', 'fc4']);
  assert.deepEqual(dense, [[256, 784], [128, 256], [64, 128], [10, 64]]);
  assert.equal(total(dense.map(([outputs, inputs]) => outputs * (inputs + 1))), 242_762);
  for (const network of [...ORDINARY, ROBUST]) {
    assert.deepEqual(shapes(network, ['conv1', 'conv2', 'fc1', 'fc2', 'fc3']), [[6, 1, 5, 5], [16, 6, 5, 5], [120, 256], [84, 120], [10, 84]]);
  }
});

test('Three epochs for the MLP and LeNet-5, with dropout of a tenth in the MLP; eight, and more besides, for the robust network', async () => {
  const card = async (/** @type {any} */ network) => /** @type {import('../../www/src/engine/engine.ts').Card} */ (await engine.card(network));
  const [mlp, lenet5, robust] = [await card('mlp'), await card('lenet5'), await card('robust')];
  assert.deepEqual([mlp, lenet5, robust].map((it) => it.epochs.length), [3, 3, 8]);
  assert.match(mlp.description, /dropout 0\.1$/);
  assert.match(lenet5.training, /batch 64,/);
  assert.match(robust.training, /batch 128,.*biases of the hidden layers held at 0\.01/);
  assert.deepEqual([mlp, lenet5].map((it) => (100 * it.accuracy.test).toFixed(1)), ['97.8', '98.8']);
  assert.ok(lenet5.accuracy.test > mlp.accuracy.test);
  assert.ok(mlp.accuracy.train - mlp.accuracy.test > 0.01);
});

test('The colors go from dark violet to yellow', () => {
  class ImageData {
    /** @param {Uint8ClampedArray} data */
    constructor(data) {
      this.data = data;
    }
  }
  Object.assign(globalThis, { ImageData });
  const [red, green, blue] = engine.paint(new Float32Array(PIXELS), 0, 1).data;
  assert.ok(green < 20 && red > 0.7 * blue && red < blue, `the lowest is rgb(${red}, ${green}, ${blue})`);
  const [r, g, b] = engine.paint(new Float32Array(PIXELS).fill(1), 0, 1).data;
  assert.ok(r > 200 && g > 200 && b < 100, `the highest is rgb(${r}, ${g}, ${b})`);
});

test('In faint noise the MLP sees a 5 or a 4 with about 17%, LeNet-5 nearly always a 5 with about 12%', async (context) => {
  const said = async (/** @type {string} */ network) => {
    const first = [];
    for (const seed of seeds(12)) {
      const [p] = (await made({ network, digits: [3], steps: 0, seed })).said;
      first.push({ digit: largest(p), p: Math.max(...p) });
    }
    context.diagnostic(`${network}: ${first.map(({ digit, p }) => `${digit} ${(100 * p).toFixed(1)}%`).join(', ')}`);
    return first;
  };
  const mlp = await said('mlp');
  const count = (/** @type {number} */ choice) => mlp.filter(({ digit }) => digit === choice).length;
  assert.deepEqual([count(5), count(4), count(6)], [8, 3, 1]);
  assert.ok(Math.abs(mean(mlp.map(({ p }) => p)) - 0.17) < 0.02 && Math.max(...mlp.map(({ p }) => p)) < 0.25);
  for (const network of ORDINARY) {
    const lenet = await said(network);
    assert.ok(lenet.filter(({ digit }) => digit === 5).length >= 10);
    assert.ok(Math.max(...lenet.map(({ p }) => p)) < 0.14);
  }
});

test('A black image gets the answers of the biases: no digit much above 10%, for the MLP most for the 5 and then the 4', async () => {
  const black = new Float32Array(PIXELS);
  const [mlp] = await engine.probabilities('mlp', black);
  assert.deepEqual(DIGITS.toSorted((a, b) => mlp[b] - mlp[a]).slice(0, 2), [5, 4]);
  assert.deepEqual([mlp[5].toFixed(2), mlp[4].toFixed(2)], ['0.16', '0.14']);
  for (const network of NETWORKS) {
    const [said] = await engine.probabilities(/** @type {any} */ (network), black);
    assert.ok(Math.max(...said) < 0.17, `${network}: ${said}`);
  }
});

test('Noise of deviation 1 is three times as strong as a digit; the MLP is 88% sure of it on average, and of other digits for other noise', async (context) => {
  const strength = length((await made({ digits: [3], steps: 0, noiseStd: 1 })).starts[0]);
  assert.ok(strength > 3 * length(MEANS[0]) && extent(MEANS[0]) <= 1, `its norm is ${strength}`);
  const p = Object.fromEntries(NETWORKS.map((it) => [it, /** @type {number[]} */ ([])]));
  for (const network of NETWORKS) {
    const digits = new Set();
    for (const seed of seeds(12)) {
      const [said] = (await made({ network, digits: [3], steps: 0, seed, noiseStd: 1 })).said;
      digits.add(largest(said));
      p[network].push(Math.max(...said));
    }
    context.diagnostic(`${network}: ${digits.size} digits, ${short(mean(p[network]))} on average, up to ${short(Math.max(...p[network]))}`);
    assert.ok(digits.size >= 5, `${network} sees ${[...digits]}`);
  }
  assert.ok(Math.max(...p.mlp) > 0.999 && mean(p.mlp) > 0.8);
  assert.ok(ORDINARY.every((it) => mean(p[it]) > 0.6));
  assert.ok(mean(p[ROBUST]) < 0.6, 'the robust network is less sure');
});
