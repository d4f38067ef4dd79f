// @ts-check
// What the lesson says of a run of the MLP (exercises 4 and 5, and the slides), each sentence with a test over seeds.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  MEANS, PIXELS,
  correlation, difference, engine, extent, judged, length, made, margin, mean, moves, reached, runs, seeds, shareOfBorder, short,
} from './claims.js';

const SEEDS = seeds(8);
const LAB = { target: 0.9, learningRate: 0.005 };
const neverInked = Array.from({ length: PIXELS }, (_, at) => at).filter((at) => MEANS.every((it) => it[at] === 0));

/** @typedef {Parameters<typeof made>[0]} Settings */

/** Runs of the MLP on the 3. @param {Settings} [settings] */
const threes = (settings) => runs(SEEDS.length, { digits: [3], ...settings });
/** Runs of the MLP on all ten digits. @param {Settings} [settings] */
const tens = (settings) => runs(SEEDS.length, { ...settings });
/** How far pixels move in an iteration, on average and in learning rates. @param {number} iteration */
async function paceAt(iteration) {
  const [before, after] = [await threes({ steps: iteration - 1 }), await threes({ steps: iteration })];
  return mean(after.flatMap((it, at) => Array.from(difference(it.images[0], before[at].images[0]), Math.abs))) / LAB.learningRate;
}

test('The loss is (ln p − ln 0.9)²: about 5 at the start, 0.011 when the network is entirely sure', async () => {
  for (const { p: [p], losses: [losses] } of await threes()) {
    losses.forEach((loss, at) => assert.ok(Math.abs(loss - Math.log(p[at] / 0.9) ** 2) < 1e-4 * (1 + loss), `${loss} at ${p[at]}`));
    assert.ok(losses[0] > 4 && losses[0] < 6);
    assert.equal(losses[50].toFixed(3), '0.011');
  }
});

test('In the first iteration every pixel moves by the learning rate, whatever its gradient is', async () => {
  for (const run of await threes({ steps: 1 })) {
    const [move] = moves(run);
    assert.ok(Math.max(...move.map((it) => Math.abs(Math.abs(it) / LAB.learningRate - 1))) < 0.01);
    const gradient = run.moments[0].map(Math.abs).sort();
    assert.ok(gradient[700] > 10 * gradient[80], 'the gradients themselves differ tenfold');
  }
});

test('Later the steps get shorter: 0.25 learning rates in iteration 10, less than 0.01 in iteration 50', async () => {
  const [ten, fifty] = [await paceAt(10), await paceAt(50)];
  assert.ok(Math.abs(ten - 0.25) < 0.05 && fifty < 0.01, `they are ${ten} and ${fifty}`);
});

test('At 0.005 it passes 90% in about 6 iterations, at 0.05 in 1 or 2, at 0.0005 not within 50', async (context) => {
  const of = async (/** @type {number} */ rate) => (await threes({ rate })).map(({ p }) => reached(p[0], 0.9));
  const [slow, usual, fast] = [await of(0.0005), await of(0.005), await of(0.05)];
  context.diagnostic(`0.0005: ${slow}; 0.005: ${usual}; 0.05: ${fast}`);
  assert.ok(slow.every((it) => it === -1));
  assert.ok(usual.every((it) => it >= 5 && it <= 7));
  assert.ok(fast.every((it) => it === 1 || it === 2));
});

test('A tenth of the rate ends at 80%, and even 500 iterations bring it no further than 90%, from below', async () => {
  const runs = await threes({ rate: 0.0005, steps: 500 });
  assert.ok(runs.every(({ p: [p] }) => Math.abs(p[50] - 0.79) < 0.03));
  assert.ok(runs.every(({ p: [p] }) => p[500] > 0.89 && Math.max(...p) < 0.9005));
});

test('A tenfold rate makes an image of about five times the contrast: pixels within ±0.08 become pixels within ±0.33 to ±0.44', async (context) => {
  const of = async (/** @type {number} */ rate) => (await threes({ rate })).map(({ images }) => extent(images[0]));
  const [usual, fast] = [await of(0.005), await of(0.05)];
  context.diagnostic(`0.005: ${usual.map(short)}; 0.05: ${fast.map(short)}`);
  assert.ok(usual.every((it) => it > 0.06 && it < 0.1) && fast.every((it) => it > 0.3 && it < 0.5));
  assert.ok(fast.every((it, at) => it / usual[at] > 3.5 && it / usual[at] < 6.5));
});

test('A tenfold rate does not make the image coarser: neighbors differ less, set against the contrast', async () => {
  const roughness = (/** @type {Float32Array} */ it) => {
    const steps = Array.from(it, (pixel, at) => (at % 28 < 27 ? Math.abs(it[at + 1] - pixel) : 0));
    return mean(steps) / length(it);
  };
  const [usual, fast] = [await threes(), await threes({ rate: 0.05 })];
  usual.forEach((it, at) => assert.ok(roughness(fast[at].images[0]) < roughness(it.images[0])));
});

test('The loss is lowest where p passes 90%, at iteration 5 to 7, rises again to 0.011, and stays there', async () => {
  for (const { p: [p], losses: [losses] } of await threes({ steps: 500 })) {
    const lowest = losses.indexOf(Math.min(...losses.slice(0, 51)));
    assert.ok(lowest >= 5 && lowest <= 7 && Math.abs(lowest - reached(p, 0.9)) <= 1, `it is at ${lowest}`);
    assert.ok(losses[lowest] < 0.001 && losses[50] > 0.0105 && losses[500] > 0.0105);
  }
});

test('After 50 iterations the MLP is more than 99.9% sure of the 3, and at least 95% of every digit', async () => {
  assert.ok((await threes()).every(({ p }) => p[0][50] > 0.999));
  assert.ok((await tens()).flatMap(({ p }) => p).every((it) => it[50] > 0.95));
});

test('Momentum carries the image past the target: where Adam forgets its running mean at 90%, it stays near 90%', async (context) => {
  const ends = [];
  for (const seed of SEEDS) {
    const begin = { network: /** @type {const} */ ('mlp'), digits: [3], seed, noiseStd: 0.01 };
    const run = await engine.begin(begin);
    const passing = reached((await made({ digits: [3], seed })).p[0], 0.9);
    const { iteration, state } = await run.advance(passing, LAB);
    const forgotten = state.slice().fill(0, PIXELS, 2 * PIXELS);
    const { now } = await engine.replay(begin, { iteration, state: forgotten }, [{ count: 50 - passing, settings: LAB }]);
    ends.push(Math.exp(now[3]));
    run.free();
  }
  context.diagnostic(String(ends.map(short)));
  assert.ok(ends.every((it) => it < 0.92));
});

test('√v̂ remembers the large early gradients: an Adam that begins anew brings the image back to 90%, the old one not in 450 iterations', async (context) => {
  for (const { p: [old] } of await threes({ steps: 500 })) {
    assert.ok(old[500] > 0.998);
  }
  for (const { images } of await threes()) {
    const { p: [p] } = await made({ digits: [3], steps: 150 }, images[0]);
    context.diagnostic(`below 95% at ${p.findIndex((it) => it < 0.95)}, ${short(p[150])} at 150`);
    assert.ok(p[0] > 0.999 && p.findIndex((it) => it < 0.95) <= 5 && Math.abs(p[150] - 0.9) < 0.01);
  }
});

test('No pixel of the 3 moves by more than about 0.06, none of any digit by more than 0.085', async (context) => {
  const three = (await threes()).map((it) => extent(moves(it)[0]));
  const ten = (await tens()).flatMap((it) => moves(it).map(extent));
  context.diagnostic(`the 3: ${three.map(short)}; all digits: up to ${short(Math.max(...ten))}`);
  assert.ok(three.every((it) => it > 0.05 && it < 0.065) && ten.every((it) => it < 0.085));
});

test('The two outer rings hold a tenth of the gradient for the 3, but near a quarter of what Adam changes: their share of the pixels', async (context) => {
  const gradient = (await threes({ steps: 1 })).map(({ moments }) => shareOfBorder(moments[0], 2));
  const change = (await threes()).map((it) => shareOfBorder(moves(it)[0], 2));
  context.diagnostic(`gradient: ${gradient.map(short)}; change: ${change.map(short)}`);
  assert.ok(gradient.every((it) => it > 0.06 && it < 0.12) && change.every((it) => it > 0.2 && it < 0.265));
});

test('Plain gradient descent leaves the border alone: less than a tenth of its change is there', async (context) => {
  for (const optimizer of /** @type {const} */ (['sgd', 'momentum'])) {
    const all = await threes({ optimizer, rate: optimizer === 'sgd' ? 0.003 : 0.001 });
    const [said, share] = [all.map(({ p }) => p[0][50]), all.map((it) => shareOfBorder(moves(it)[0], 2))];
    context.diagnostic(`${optimizer}: p ${said.map(short)}, border ${share.map(short)}`);
    assert.ok(said.every((it) => it > 0.8) && share.every((it) => it < 0.1));
  }
});

test('Where no training image has ink, the gradient is a tenth of the usual, and Adam changes the pixels as much as all others', async (context) => {
  const compare = (/** @type {Float32Array} */ it) => {
    const sizes = it.map(Math.abs);
    return mean(neverInked.map((at) => sizes[at])) / mean(sizes);
  };
  const gradient = mean((await tens({ steps: 1 })).flatMap(({ moments }) => moments.map(compare)));
  const change = mean((await tens()).flatMap((it) => moves(it).map(compare)));
  context.diagnostic(`gradient: ${short(gradient)}, change: ${short(change)}`);
  assert.ok(gradient < 0.15 && change > 0.9);
});

test('The image has a correlation of about 0.2 with the mean 3; the ten have 0.25 on average, the 4 most and nearly always the 1 least', async (context) => {
  assert.ok((await threes()).every(({ images }) => Math.abs(correlation(images[0], MEANS[3]) - 0.23) < 0.05));
  const all = (await tens()).map(({ images }) => images.map((it, digit) => correlation(it, MEANS[digit])));
  context.diagnostic(String(all.map((it) => short(mean(it)))));
  assert.ok(all.every((it) => Math.abs(mean(it) - 0.245) < 0.02));
  assert.ok(all.every((it) => it.indexOf(Math.max(...it)) === 4));
  assert.ok(all.filter((it) => it.indexOf(Math.min(...it)) === 1).length >= 6);
});

test('Each of the ten is most like the mean of its own digit, by a margin of 0.13: more than real digits have', async () => {
  const margins = (await tens()).map(({ images }) => images.map((it, digit) => margin(it, digit)));
  assert.ok(margins.flat().every((it) => it > 0));
  assert.ok(margins.every((it) => Math.abs(mean(it) - 0.127) < 0.015));
});

test('Other networks see nothing in the MLP’s images: less than a half for every one of them', async () => {
  for (const judge of ['lenet5', 'robust']) {
    for (const { all } of await tens()) {
      const { p, convinced } = await judged(judge, all);
      assert.ok(convinced === 0 && p < 0.2, `${judge} gives ${p}`);
    }
  }
});

test('The change is an eighth as strong as a digit; a mean 3 as faint, or a white stroke four times as strong, convinces less', async () => {
  for (const run of (await threes()).slice(0, 3)) {
    const [start, [move]] = [run.starts[0], moves(run)];
    assert.ok(length(move) < 1.15 && length(move) > 0.95);
    const p = async (/** @type {Float32Array} */ added, strength = 1) =>
      (await engine.probabilities('mlp', start.map((it, at) => it + strength * added[at])))[0][3];
    assert.ok((await p(move)) > 0.999);
    const asFaint = await p(MEANS[3], length(move) / length(MEANS[3]));
    assert.ok(asFaint > 0.25 && asFaint < 0.35, `a mean 3 as faint gets ${asFaint}`);
    // Strokes of 8 × 2 white pixels, everywhere in the middle of the image.
    const strokes = [];
    for (let y = 4; y <= 22; y += 2) {
      for (let x = 4; x <= 16; x += 2) {
        const inside = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ many) => at >= from && at < from + many;
        strokes.push(start.map((_, at) => Number(inside(at % 28, x, 8) && inside(Math.floor(at / 28), y, 2))));
      }
    }
    const images = Float32Array.from(strokes.flatMap((it) => Array.from(it, (ink, at) => start[at] + ink)));
    const said = (await engine.probabilities('mlp', images)).map((it) => it[3]);
    assert.ok(Math.abs(length(strokes[0]) - 4) < 1e-6 && mean(said) < 0.3, `the strokes convince with ${mean(said)}`);
    assert.ok(said.filter((it) => it > 0.5).length < 0.2 * strokes.length);
  }
});

test('At 90% no pixel has moved by more than 0.03, and yet the picture, whose colors are stretched, is no longer that of the noise', async () => {
  for (const run of await threes({ steps: 6 })) {
    assert.ok(extent(moves(run)[0]) < 0.03);
    assert.ok(correlation(run.images[0], run.starts[0]) < 0.55);
  }
});
