// @ts-check
// What the lesson says of channels and neurons, and of the smallest change (exercises 9 and 10), each sentence with a
// test.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { signed } from '../../www/src/figure/words.ts';
import { patchOf } from '../../www/src/player/patch.ts';
import {
  DIGITS, MEANS, ORDINARY, PIXELS, ROBUST, SIDE,
  correlation, difference, each, engine, extent, image, inBorder, length, made, margin, mean, moves, runs, shareOfBorder, short, total,
} from './claims.js';

/** What the figure of exercise 9 has; its objective and its numbers can be chosen. */
const NINE = { steps: 150, rate: 0.02, l2: 0.2 };
const SIX = [0, 1, 2, 3, 4, 5];
const FILTER = 25;

/** The six filters of the first layer. @param {string} network */
async function filtersOf(network) {
  const { weight, shape } = await engine.parameters(/** @type {any} */ (network), 'conv1');
  assert.deepEqual(shape, [6, 1, 5, 5]);
  return SIX.map((it) => weight.subarray(it * FILTER, (it + 1) * FILTER));
}

for (const network of [...ORDINARY, ROBUST]) {
  test(`At one position, each of the six channels of the first layer of ${network} wants its own filter: r is 1.00, and the rest fades`, async () => {
    const filters = await filtersOf(network);
    for (const [objective, position, [row, column]] of /** @type {const} */ ([
      ['channel-conv1-center', 'center', [12, 12]],
      ['channel-conv1-at-3-19', [3, 19], [3, 19]],
    ])) {
      for (const { images } of await runs(2, { network, objective, digits: SIX, ...NINE })) {
        images.forEach((it, channel) => {
          const patch = patchOf(it, position, [24, 24], [5, 5]);
          assert.equal(signed(correlation(patch, filters[channel])), '1.00');
          // The gradient is 0 where the pixels are the weights, over twice the weight of L2.
          const best = filters[channel].map((weight) => weight / (2 * NINE.l2));
          assert.ok(extent(difference(patch, best)) < 0.01 * extent(best));
          const rest = it.filter((_, at) => {
            const [y, x] = [Math.floor(at / SIDE) - row, (at % SIDE) - column];
            return y < 0 || y > 4 || x < 0 || x > 4;
          });
          assert.equal(rest.length, PIXELS - FILTER);
          assert.ok(extent(rest) < 0.005 * extent(patch));
        });
      }
    }
  });

  test(`There the channel of ${network} is a weighted sum of 25 pixels: no image with as much ink gives more than its filter`, async () => {
    const filters = await filtersOf(network);
    const { bias } = await engine.parameters(/** @type {any} */ (network), 'conv1');
    const settings = { network, objective: 'channel-conv1-center', digits: SIX, steps: 0 };
    /** The values of the six channels, each for an image of its own. @param {Float32Array[]} images */
    const values = async (images) => {
      const { losses } = await made(settings, Float32Array.from(images.flatMap((it) => [...it])));
      return losses.map(([loss]) => -loss);
    };
    const best = filters.map((filter) => {
      const it = new Float32Array(PIXELS);
      filter.forEach((weight, at) => (it[(12 + Math.floor(at / 5)) * SIDE + 12 + (at % 5)] = weight));
      return it;
    });
    const most = await values(best);
    most.forEach((value, channel) => assert.ok(Math.abs(value - bias[channel] - length(filters[channel]) ** 2) < 1e-5));
    for (const digit of DIGITS) {
      for (const isThere of [false, true]) {
        // Another image with as much ink; or with all of it where the channel looks.
        const others = best.map((it) => {
          const other = MEANS[digit].map((pixel, at) => (isThere && it[at] === 0 ? 0 : pixel));
          const scale = length(it) / Math.max(length(other), 1e-9);
          return other.map((pixel) => scale * pixel);
        });
        (await values(others)).forEach((value, channel) => assert.ok(value < most[channel]));
      }
    }
  });

  test(`On average, the image for a channel of the first layer of ${network} is one even gray inside, whatever the noise: only its border has a pattern`, async () => {
    const filters = await filtersOf(network);
    for (const { images } of await runs(2, { network, objective: 'channel-conv1', digits: SIX, ...NINE })) {
      images.forEach((it, channel) => {
        const inside = it.filter((_, at) => !inBorder(at, 4));
        assert.ok(Math.max(...inside) - Math.min(...inside) < 0.01 * (Math.max(...it) - Math.min(...it)));
        // Each inner pixel meets every weight of the filter once: only their sum is left of its pattern.
        assert.ok(Math.abs(mean(inside) - total(filters[channel]) / 24 ** 2 / (2 * NINE.l2)) < 1e-5);
      });
    }
  });

  test(`At one position a channel of the second layer of ${network} sees 14 × 14 pixels`, async () => {
    const channels = DIGITS; // Ten of the sixteen.
    for (const { images } of await runs(1, { network, objective: 'channel-conv2-center', digits: channels, ...NINE })) {
      const sees = (/** @type {number} */ at) => images.some((it) => Math.abs(it[at]) > 0.005);
      const seen = Array.from({ length: PIXELS }, (_, at) => at).filter(sees);
      const [rows, columns] = [seen.map((at) => Math.floor(at / SIDE)), seen.map((at) => at % SIDE)];
      assert.deepEqual([rows, columns].map((it) => [Math.min(...it), Math.max(...it)]), [[8, 21], [8, 21]]);
    }
  });
}

test('Most neurons of a dense layer want strokes in several places: their images are spread wider than those for one position', async (context) => {
  /** The radius of the circle around the middle of an image's energy that has half of it. @param {Float32Array} it */
  const radius = (it) => {
    const energy = Array.from(it, (pixel) => pixel * pixel);
    const all = total(energy);
    const center = [total(energy.map((part, at) => part * (at % SIDE))) / all, total(energy.map((part, at) => part * Math.floor(at / SIDE))) / all];
    const sorted = energy.map((part, at) => ({ part, far: Math.hypot((at % SIDE) - center[0], Math.floor(at / SIDE) - center[1]) })).sort((a, b) => a.far - b.far);
    let sum = 0;
    return sorted.find(({ part }) => (sum += part) > all / 2)?.far ?? 0;
  };
  const radii = async (/** @type {Partial<import('./claims.js').Config>} */ settings) =>
    each(await runs(2, { ...settings, ...NINE }), ({ images }, row) => radius(images[row]));
  const first = await radii({ network: 'lenet5', objective: 'channel-conv1-center', digits: SIX });
  const second = await radii({ network: 'lenet5', objective: 'channel-conv2-center' });
  const lenet = await radii({ network: 'lenet5', objective: 'neuron-fc1' });
  const mlp = await radii({ network: 'mlp', objective: 'neuron-fc1' });
  context.diagnostic([first, second, lenet, mlp].map((it) => it.map((one) => one.toFixed(1)).join(' ')).join('; '));
  // Of an image that is everywhere equally strong, half is within 11.3 pixels of the middle.
  assert.ok(mean(first) < 2.5 && mean(second) < 4 && mean(lenet) > 5 && mean(mlp) > 9);
  assert.ok(lenet.filter((it) => it > Math.max(...second)).length > 0.6 * lenet.length);
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
