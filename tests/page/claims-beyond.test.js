// @ts-check
// What the lesson says of channels and neurons, and of the smallest change (exercises 9 and 10), each sentence with a
// test.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  DIGITS, MEANS, ORDINARY, PIXELS, ROBUST, SIDE,
  correlation, difference, each, engine, extent, image, inBorder, length, made, margin, mean, moves, runs, shareOfBorder, short, tensor, total,
} from './claims.js';

/**
 * How much the edges of an image run in one direction, 0 to 1: the coherence of its structure tensor, without the
 * border.
 *
 * @param {Float32Array} it
 */
function oneDirection(it) {
  let [xx, yy, xy] = [0, 0, 0];
  for (let at = 0; at < PIXELS; at += 1) {
    if (!inBorder(at, 3)) {
      const [x, y] = [it[at + 1] - it[at - 1], it[at + SIDE] - it[at - SIDE]];
      [xx, yy, xy] = [xx + x * x, yy + y * y, xy + x * y];
    }
  }
  return Math.hypot(xx - yy, 2 * xy) / (xx + yy);
}

/** How much more contrast the strongest of nine parts of an image has than all on average. @param {Float32Array} it */
function unevenness(it) {
  const parts = Array.from({ length: 9 }, (_, part) => {
    const pixels = Array.from({ length: 64 }, (_, at) => it[(2 + 8 * Math.floor(part / 3) + Math.floor(at / 8)) * SIDE + 2 + 8 * (part % 3) + (at % 8)]);
    return mean(pixels.map((pixel) => (pixel - mean(pixels)) ** 2));
  });
  return Math.max(...parts) / mean(parts);
}

test('Of the ten channels on show two are stripes of one direction everywhere, 0 and 9; four run in one direction', async (context) => {
  const settings = { network: 'lenet5', objective: 'channel-conv2', steps: 100, rate: 0.02, l2: 0.02 };
  for (const { images } of await runs(3, settings)) {
    const striped = DIGITS.filter((it) => oneDirection(images[it]) > 0.6);
    context.diagnostic(images.map((it, at) => `${at}: ${oneDirection(it).toFixed(2)}, ${unevenness(it).toFixed(1)}`).join('; '));
    assert.deepEqual(striped, [0, 3, 7, 9]);
    assert.deepEqual(striped.filter((it) => unevenness(images[it]) < 2.3), [0, 9]);
  }
});

test('The image for a channel of the first layer is one even gray inside, whatever the noise: only its border has a pattern', async () => {
  for (const network of [...ORDINARY, ROBUST]) {
    const settings = { network, objective: 'channel-conv1', digits: [0, 1, 2, 3, 4, 5], steps: 100, rate: 0.02, l2: 0.02 };
    const filters = tensor(network, 'conv1.weight').values;
    for (const { images } of await runs(2, settings)) {
      images.forEach((it, channel) => {
        const inside = Array.from(it).filter((_, at) => !inBorder(at, 4));
        assert.ok(Math.max(...inside) - Math.min(...inside) < 0.005);
        // Each inner pixel meets every weight of the filter once: only their sum is left of its stripes.
        const sum = total(filters.subarray(25 * channel, 25 * channel + 25));
        assert.equal(Math.sign(mean(inside)), Math.sign(sum));
        assert.ok(Math.max(...it) - Math.min(...it) > 0.03);
      });
    }
  }
});

test('A neuron of a dense layer does not respond to one place: half of its image’s energy is spread over a quarter of LeNet-5’s image and half of the MLP’s', async (context) => {
  // Of an image that is everywhere equally strong, half is within 11.3 pixels of the middle.
  const radius = (/** @type {Float32Array} */ it) => {
    const energy = Array.from(it, (pixel) => pixel * pixel);
    const all = total(energy);
    const center = [total(energy.map((part, at) => part * (at % SIDE))) / all, total(energy.map((part, at) => part * Math.floor(at / SIDE))) / all];
    const sorted = energy.map((part, at) => ({ part, far: Math.hypot((at % SIDE) - center[0], Math.floor(at / SIDE) - center[1]) })).sort((a, b) => a.far - b.far);
    let sum = 0;
    return sorted.find(({ part }) => (sum += part) > all / 2)?.far ?? 0;
  };
  for (const [network, least, most] of /** @type {const} */ ([['lenet5', 6.5, 9], ['mlp', 9.5, 11.3]])) {
    const settings = { network, objective: 'neuron-fc1', digits: DIGITS, steps: 100, rate: 0.02, l2: 0.02 };
    const all = each(await runs(2, settings), ({ images }, row) => radius(images[row]));
    context.diagnostic(`${network}: ${short(Math.min(...all))} to ${short(Math.max(...all))}, on average ${short(mean(all))}`);
    assert.ok(mean(all) > least && mean(all) < most && Math.min(...all) > 5);
  }
});

const changed = (/** @type {string} */ network, start = MEANS[4]) => made({ network, digits: [9], steps: 200, rate: 0.02, distance: 0.01 }, start);
const nineLessFour = difference(MEANS[9], MEANS[4]);
/** The opening at the top of a 4. @param {number} at */
const isGap = (at) => at % SIDE >= 12 && at % SIDE <= 19 && Math.floor(at / SIDE) >= 5 && Math.floor(at / SIDE) <= 10;

for (const network of ORDINARY) {
  test(`From the mean 4 to a 9: ${network} changes more in all (2.2) than the robust network (1.7); only its largest pixel is smaller (0.18, 0.22)`, async (context) => {
    const [[ordinary], [robust]] = [moves(await changed(network)), moves(await changed(ROBUST))];
    context.diagnostic(`${network}: ${short(length(ordinary))}, ${short(extent(ordinary))}; robust: ${short(length(robust))}, ${short(extent(robust))}`);
    assert.ok(length(ordinary) > 1.2 * length(robust));
    assert.ok(extent(ordinary) < extent(robust));
  });

  test(`From ten typical 4s, too: ${network} nearly always changes more, with a smaller largest pixel, and always less of what makes a 9 of a 4`, async (context) => {
    const prototypes = await engine.prototypes();
    const compared = [];
    for (let at = 40; at < 50; at += 1) {
      const [[ordinary], [robust]] = [moves(await changed(network, image(prototypes, at))), moves(await changed(ROBUST, image(prototypes, at)))];
      compared.push({
        more: length(ordinary) > length(robust),
        flatter: extent(ordinary) < extent(robust),
        elsewhere: correlation(ordinary, nineLessFour) < correlation(robust, nineLessFour),
      });
    }
    context.diagnostic(JSON.stringify(compared.map(({ more, flatter }) => [more, flatter])));
    assert.ok(compared.filter(({ more }) => more).length >= 8);
    assert.ok(compared.filter(({ flatter }) => flatter).length >= 8);
    assert.ok(compared.every(({ elsewhere }) => elsewhere));
  });

  test(`The robust network puts a third of what it adds where the loop closes, ${network} a fifth`, async () => {
    const share = async (/** @type {string} */ it) => {
      const added = moves(await changed(it))[0].map((pixel) => Math.max(0, pixel));
      return total(added.filter((_, at) => isGap(at))) / total(added);
    };
    const [ordinary, robust] = [await share(network), await share(ROBUST)];
    assert.ok(Math.abs(robust - 0.35) < 0.05 && Math.abs(ordinary - 0.2) < 0.05, `they are ${robust} and ${ordinary}`);
  });

  test(`To close the loop by hand convinces ${network} and the robust network, not the MLP`, async () => {
    const closed = MEANS[4].map((pixel, at) => (isGap(at) ? MEANS[9][at] : pixel));
    const p = async (/** @type {any} */ it) => (await engine.probabilities(it, closed))[0][9];
    assert.ok((await p(network)) > 0.9 && (await p(ROBUST)) > 0.75 && (await p('mlp')) < 0.5);
  });

  test(`The change turns the network, not the picture: ${network}’s image is still most like the mean 4 (0.92, and 0.90 with the mean 9)`, async () => {
    for (const it of [network, ROBUST]) {
      const { starts: [start], images: [end], p: [p] } = await changed(it);
      assert.ok(p[0] < 0.05 && p[200] > 0.85, `${it} ends at ${p[200]}`);
      const r = (/** @type {Float32Array} */ pixels, /** @type {number} */ digit) => correlation(pixels, MEANS[digit]);
      assert.ok(r(end, 4) > r(end, 9) && r(end, 4) < r(start, 4) && r(start, 9) > 0.89);
      assert.ok(margin(start, 9) < -0.09 && margin(end, 9) > -0.03 && margin(end, 9) < 0);
    }
  });

  test(`The robust network leaves the border alone: it has 0.1% of the change, with ${network} more`, async () => {
    const [ordinary, robust] = [moves(await changed(network))[0], moves(await changed(ROBUST))[0]].map((it) => shareOfBorder(it, 2));
    assert.ok(robust < 0.003 && ordinary > 2 * robust, `${robust}, ${ordinary}`);
  });
}
