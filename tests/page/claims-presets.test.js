// @ts-check
// What the lesson says of presets and of the second opinion (exercise 8), each sentence with a test.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DEFAULTS } from '../../www/src/settings/config.ts';
import { PRESETS, withPreset } from '../../www/src/settings/presets.ts';
import { DIGITS, NETWORKS, ORDINARY, ROBUST, each, judged, likeness, made, mean, runs, short, total } from './claims.js';

/** Two runs with a preset. @param {string} network @param {string} preset @param {Parameters<typeof made>[0]} [changes] */
const with2 = (network, preset, changes) => {
  const { seed, ...settings } = withPreset({ ...DEFAULTS, network, digits: DIGITS }, preset);
  return runs(2, { ...settings, ...changes });
};
/** What another network makes of two runs' twenty images. @param {string} judge @param {import('./claims.js').Made[]} all */
async function opinion(judge, all) {
  const found = [];
  for (const run of all) {
    found.push(await judged(judge, run.all));
  }
  return { p: mean(found.map((it) => it.p)), convinced: total(found.map((it) => it.convinced)) };
}

test('With every preset, each network is more than 85% sure of what is made for it', async (context) => {
  for (const preset of Object.keys(PRESETS)) {
    for (const network of NETWORKS) {
      const all = await with2(network, preset);
      const { correlation, margin } = likeness(all).typical;
      const opinions = [];
      for (const judge of NETWORKS.filter((it) => it !== network)) {
        const { p, convinced } = await opinion(judge, all);
        opinions.push(`${judge} ${p.toFixed(2)}, ${convinced} of 20`);
      }
      context.diagnostic(`${preset}, ${network}: r ${correlation.toFixed(2)}, margin ${margin.toFixed(2)}; ${opinions.join('; ')}`);
      const own = mean(each(all, ({ said }, digit) => said[digit][digit]));
      assert.ok(own > 0.85, `${preset}, ${network}: it gives ${own} itself`);
    }
  }
});

test('Adversarial patterns transfer: “Sharp” on the MLP looks like nothing (r 0.27), and convinces the other networks 18 times of 20', async () => {
  const all = await with2('mlp', 'sharp');
  assert.ok(likeness(all).r < 0.35, 'its images are less like digits than those of any other network with this preset');
  for (const judge of [...ORDINARY, ROBUST]) {
    const { p, convinced } = await opinion(judge, all);
    assert.ok(p > 0.85 && convinced >= 18, `${judge}: ${p}, ${convinced}`);
    assert.ok(judge !== 'lenet5' || Math.abs(p - 0.94) < 0.02, `LeNet-5: ${p}`);
  }
});

test('Agreement can fail where an image is like a digit: “Prior” on LeNet-5 (r 0.93) does not convince the MLP', async () => {
  for (const network of ORDINARY) {
    const all = await with2(network, 'prior');
    const { p, convinced } = await opinion('mlp', all);
    assert.ok(likeness(all).r > 0.9 && p < 0.5 && convinced <= 10, `${p}, ${convinced}`);
  }
});

test('“Legible” convinces every other network 18 times of 20 or more', async () => {
  for (const network of NETWORKS) {
    const all = await with2(network, 'legible');
    for (const judge of NETWORKS.filter((it) => it !== network)) {
      assert.ok((await opinion(judge, all)).convinced >= 18);
    }
  }
});

test('What “Legible” gains comes from the density: without it the components are worth nothing to the MLP and LeNet-5', async (context) => {
  for (const network of ['mlp', ...ORDINARY]) {
    const all = likeness(await with2(network, 'legible'));
    const withoutDensity = likeness(await with2(network, 'legible', { density: 0 }));
    const inWaves = likeness(await with2(network, 'legible', { density: 0, parameterization: 'fourier' }));
    context.diagnostic(`${network}: ${short(all.r)}; without density ${short(withoutDensity.r)}; and in waves ${short(inWaves.r)}`);
    assert.ok(all.r > withoutDensity.r + 0.25);
    assert.ok(withoutDensity.r < inWaves.r + 0.1);
  }
});

test('“Sharp” knows nothing of MNIST, and with the robust network it makes readable digits: correlation 0.65, margin 0.15', async () => {
  const { objective, parameterization, density = 0, start = '' } = PRESETS.sharp.settings;
  assert.deepEqual([objective, parameterization, density, start], ['logit', 'fourier', 0, '']);
  const robust = likeness(await with2(ROBUST, 'sharp'));
  assert.ok(robust.r > 0.55 && robust.margin > 0.1, JSON.stringify(robust));
  for (const network of ['mlp', ...ORDINARY]) {
    assert.ok(likeness(await with2(network, 'sharp')).r < robust.r);
  }
});

test('“Sparse” has less ink than “Sharp”, and on the MLP still six times that of “Notebook”', async () => {
  const ink = async (/** @type {string} */ network, /** @type {string} */ preset) =>
    mean(each(await with2(network, preset), ({ images }, digit) => total(images[digit].map(Math.abs))));
  for (const network of NETWORKS) {
    assert.ok((await ink(network, 'sparse')) < (await ink(network, 'sharp')));
  }
  assert.ok((await ink('mlp', 'sparse')) > 5 * (await ink('mlp', 'notebook')));
});

test('“Prior” counts the prior a tenth of what a Gaussian’s does: with its full weight, a likelier image is found', async () => {
  for (const network of NETWORKS) {
    // Minus ln of the network's p and of the density, whose weight is then a half: Σ(parameter²) is −2 ln of it.
    const surprise = async (/** @type {number} */ density) => {
      const settings = { steps: 300 };
      const full = await with2(network, 'prior', { ...settings, density });
      return mean(each(full, ({ said, losses }, digit) => {
        const minusLog = -Math.log(said[digit][digit]);
        return minusLog + (0.5 / density) * (/** @type {number} */ (losses[digit].at(-1)) - minusLog);
      }));
    };
    assert.ok((await surprise(0.5)) < (await surprise(0.05)) - 0.1, network);
  }
});
