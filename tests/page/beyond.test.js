// @ts-check
// Beyond the notebook: what the presets must give, the second opinion, neurons and channels, the smallest change.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PRESETS } from '../../www/src/settings/presets.ts';
import { MODULES, browserAndServer, open } from './browser.js';
import { LAB, address, figure, press, reached, set, shadow, untilDone } from './figure.js';
import { few } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer(MODULES);

/**
 * Every network's ten images with a preset: their mean correlation with the class means and its margin, and what the
 * other networks make of them.
 *
 * @param {Page} page
 * @param {string} preset
 * @returns {Promise<{ maker: string, correlation: number, margin: number, judges: { judge: string, right: number, p: number }[] }[]>}
 */
function judged(page, preset) {
  return page.evaluate(async (preset) => {
    const from = (/** @type {string} */ path) => import(/** @type {any} */ (path));
    const { Engine } = await from('/engine.js');
    const { averageOf } = await from('/src/player/typical-digits.js');
    const { Experiment } = await from('/src/player/experiment.js');
    const { readConfig, stepSettingsOf } = await from('/src/settings/config.js');
    const { withPreset } = await from('/src/settings/presets.js');
    const engine = await Engine.start({ backend: 'cpu' });
    const { config } = readConfig(new URLSearchParams('network=all&digit=all'));
    const all = withPreset(config, preset);
    const experiment = await Experiment.begin(engine, all);
    await experiment.advance(all.steps, stepSettingsOf(all));
    await experiment.loadTypical();
    const found = [];
    for (const column of experiment.networkResults) {
      const opinions = await experiment.opinions(column, all.steps);
      found.push({
        maker: column.network,
        ...averageOf(experiment.comparisons(column)),
        judges: opinions.map((/** @type {any} */ { name, probabilities }) => ({
          judge: name,
          right: probabilities.filter((/** @type {number[]} */ it, /** @type {number} */ row) => it[row] > 0.5).length,
          p: probabilities.reduce((/** @type {number} */ sum, /** @type {number[]} */ it, /** @type {number} */ row) => sum + it[row] / 10, 0),
        })),
      });
    }
    return found;
  }, preset);
}

test('images made with Legible look like their digits, and networks that had no part in them read them', async (context) => {
  const { page } = await open(browser, `${server.url}examples/`);
  for (const { maker, correlation, margin, judges } of await judged(page, 'legible')) {
    const words = judges.map((it) => `${it.judge} ${it.right}/10, mean p ${it.p.toFixed(3)}`).join('; ');
    context.diagnostic(`${maker}: r ${correlation.toFixed(2)}, margin ${margin.toFixed(2)}; ${words}`);
    for (const { judge, right, p } of judges) {
      assert.ok(right >= 8, `${maker}, judged by ${judge}: ${right} of 10`);
      assert.ok(maker !== 'robust' || p >= 0.9, `${maker}, judged by ${judge}: mean p ${p}`);
    }
    assert.ok(correlation > 0.75 && margin > 0.05, `${maker}: correlation ${correlation}, margin ${margin}`);
  }
});

test('images made with Notebook look like their digits for the robust network alone', async (context) => {
  const { page } = await open(browser, `${server.url}examples/`);
  const found = await judged(page, 'notebook');
  const robust = found.find((it) => it.maker === 'robust')?.correlation ?? NaN;
  for (const { maker, correlation, margin, judges } of found) {
    const words = judges.map((it) => `${it.judge} ${it.right}/10, mean p ${it.p.toFixed(3)}`).join('; ');
    context.diagnostic(`${maker}: r ${correlation.toFixed(2)}, margin ${margin.toFixed(2)}; ${words}`);
    assert.ok(maker === 'robust' ? correlation > 0.35 : correlation < robust - 0.1, `${maker}: correlation ${correlation}`);
  }
});

test('every preset runs in the laboratory, is in the address, and comes back from there', async () => {
  const { page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3&pace=full`);
  await reached(page, LAB, 'done');
  for (const preset of few(['legible', 'sharp', 'sparse', 'prior', 'notebook'], (it) => ['sharp', 'notebook'].includes(it))) {
    await untilDone(page, LAB, () => page.select(`${LAB} >>> select[name="preset"]`, preset));
    assert.equal(
      await shadow(page, LAB, '.settings .hint', (it) => it.textContent),
      PRESETS[preset].words,
    );
    const end = await figure(page, LAB, (lab) => lab.experiment.networkResults[0].history.probabilities[0].at(-1));
    assert.ok(end > 0.5, `${preset}: p(3) is ${end}`);
    const other = await open(browser, await address(page));
    await reached(other.page, LAB, 'done');
    assert.equal(await shadow(other.page, LAB, 'select[name="preset"]', (it) => it.value), preset);
    assert.deepEqual(
      await figure(other.page, LAB, (lab) => Array.from(lab.experiment.networkResults[0].history.at().images)),
      await figure(page, LAB, (lab) => Array.from(lab.experiment.networkResults[0].history.at().images)),
    );
    await other.page.close();
  }
  await set(page, LAB, 'tv', '0.5');
  assert.equal(await shadow(page, LAB, 'select[name="preset"]', (it) => it.value), 'own');
  assert.match(await address(page), /tv=0\.5/);
  assert.deepEqual(messages, []);
});

test('the second opinion is what the other networks say', async () => {
  const { page, messages } = await open(browser, `${server.url}?backend=cpu#network=lenet5&digit=all&steps=30&pace=full`);
  await reached(page, LAB, 'done');
  const expected = await figure(page, LAB, async (lab) => {
    const [column] = lab.experiment.networkResults;
    const opinions = await lab.experiment.opinions(column, 30);
    return opinions.map((/** @type {any} */ it) => ({
      name: it.name,
      choices: it.probabilities.map((/** @type {number[]} */ each) => each.indexOf(Math.max(...each))),
    }));
  });
  assert.deepEqual(expected.map((/** @type {any} */ it) => it.name), ['MLP', 'Control LeNet-5', 'Robust LeNet-5']);
  await page.waitForFunction(
    (expected) => {
      const rows = [...(document.getElementById('lab')?.shadowRoot?.querySelectorAll('.opinions tbody tr') ?? [])];
      const shown = expected.map((/** @type {unknown} */ _, /** @type {number} */ judge) =>
        rows.map((row) => Number.parseInt(row.children[judge + 2].textContent ?? '', 10)),
      );
      return rows.length === 10 && JSON.stringify(shown) === JSON.stringify(expected);
    },
    {},
    expected.map((/** @type {any} */ it) => it.choices),
  );
  assert.deepEqual(messages, []);
});

test('a channel can be asked for, and the digits are then its numbers', async () => {
  const { page, messages } = await open(browser, `${server.url}?backend=cpu#network=lenet5&digit=3&pace=full&steps=40`);
  await reached(page, LAB, 'done');
  await untilDone(page, LAB, () => page.select(`${LAB} >>> select[name="objective"]`, 'channel-conv1'));
  await untilDone(page, LAB, () => press(page, LAB, 'input[name="digit"][value="all"]'));
  assert.deepEqual(await figure(page, LAB, (lab) => lab.experiment.digits), [0, 1, 2, 3, 4, 5]);
  const losses = await figure(page, LAB, (lab) => lab.experiment.networkResults[0].history.losses.map((/** @type {number[]} */ it) => [it[0], it.at(-1)]));
  for (const [channel, [first, last]] of losses.entries()) {
    assert.ok(last < first, `channel ${channel}: the loss went from ${first} to ${last}`);
  }
  // Any of the 256 neurons of a dense layer, though there are but ten digits.
  await page.evaluate(() => (location.hash = '#network=mlp&objective=neuron-fc1&digit=7,200&steps=20&pace=full'));
  await page.waitForFunction(() => {
    const lab = /** @type {any} */ (document.getElementById('lab'));
    return String(lab.experiment.digits) === '7,200' && lab.state === 'done';
  });
  const shown = await figure(page, LAB, (lab) => ({
    labels: [...lab.shadowRoot.querySelectorAll('.image canvas + span')].slice(0, 2).map((it) => it.textContent),
    scale: [...lab.shadowRoot.querySelectorAll('.scale > span:not(.ramp, [hidden])')].map((it) => it.textContent),
    scores: lab.experiment.networkResults[0].history.losses.map((/** @type {number[]} */ it) => (-it[20]).toPrecision(2)),
  }));
  assert.deepEqual(shown.labels, [`neuron 7 ${shown.scores[0]}`, `neuron 200 ${shown.scores[1]}`]);
  assert.deepEqual(shown.scale, ['high', 'low']);
  assert.equal(await shadow(page, LAB, '.message', (it) => it.textContent), '');
  assert.deepEqual(messages, []);
});

test('a channel can be asked for at one position: its image becomes its filter, which stands beside it', async () => {
  const { page, messages } = await open(
    browser,
    `${server.url}?backend=cpu#network=lenet5&objective=channel-conv1-center&digit=all&steps=150&rate=0.02&l2=0.2&pace=full`,
  );
  await reached(page, LAB, 'done');
  /** What the card shows: the labels, and how far the colors of a filter and of its image are apart, at most. */
  const shown = () =>
    figure(page, LAB, (lab) => ({
      words: lab.shadowRoot.querySelector('.filters')?.previousElementSibling.textContent,
      filters: [...lab.shadowRoot.querySelectorAll('.filter')].map((it) => {
        const [kernel, patch] = [...it.querySelectorAll('canvas')].map((canvas) => canvas.getContext('2d').getImageData(0, 0, 5, 5).data);
        return {
          size: `${it.querySelector('canvas').width} × ${it.querySelector('canvas').height}`,
          labels: [...it.querySelectorAll('span')].filter((one) => one.checkVisibility()).map((one) => one.textContent),
          kernel: [...kernel],
          off: Math.max(...[...kernel].map((one, at) => Math.abs(one - patch[at]))),
        };
      }),
    }));
  const { words, filters } = await shown();
  assert.equal(
    words,
    'The 5 × 5 weights of each filter: yellow above 0, violet below, gray at 0. Each has its own scale. Beside it, in the ' +
      'same colors, the part of its image that it is multiplied with at the center; r is their correlation.',
  );
  assert.deepEqual(filters.map((/** @type {any} */ it) => [it.size, it.labels]), [0, 1, 2, 3, 4, 5].map((it) => ['5 × 5', [`filter ${it}`, 'r 1.00']]));
  for (const [filter, { off }] of filters.entries()) {
    assert.ok(off <= 4, `filter ${filter}: a color of its image is ${off} off`);
  }
  // The colors are those of the weights: the largest of either sign is an end of the scale, or next to it.
  const weights = await page.evaluate(async () => {
    const { sharedEngine } = await import(/** @type {any} */ ('/src/engine/shared-engine.js'));
    const { weight } = await (await sharedEngine()).parameters('lenet5', 'conv1');
    return [...weight];
  });
  for (const [filter, { kernel }] of filters.entries()) {
    const own = weights.slice(25 * filter, 25 * filter + 25);
    const largest = own.reduce((/** @type {number} */ most, /** @type {number} */ it, /** @type {number} */ at) => (Math.abs(it) > Math.abs(own[most]) ? at : most), 0);
    assert.deepEqual(kernel.slice(4 * largest, 4 * largest + 4), own[largest] > 0 ? [253, 231, 37, 255] : [68, 1, 84, 255]);
  }
  // Only channels that there are can be chosen.
  const choices = () => figure(page, LAB, (lab) => [...lab.shadowRoot.querySelectorAll('fieldset.digit label')].map((it) => it.textContent));
  assert.deepEqual(await choices(), ['0', '1', '2', '3', '4', '5', '0 to 5']);

  // Another position, by row and column.
  await press(page, LAB, '#tab-objective');
  const place = () => figure(page, LAB, (lab) => ['map-row', 'map-column'].map((name) => lab.shadowRoot.querySelector(`[name="${name}"]`)).map((it) => (it.checkVisibility() ? it.value : 'hidden')).join());
  const select = (/** @type {string} */ value) => untilDone(page, LAB, () => page.select(`${LAB} >>> select[name="objective"]`, value));
  assert.equal(await place(), '12,12');
  await untilDone(page, LAB, () => set(page, LAB, 'map-row', '3'));
  assert.match(await address(page), /objective=channel-conv1-at-3-12(&|$)/);
  const moved = await shown();
  assert.match(moved.words, /multiplied with at row 3, column 12; r is/);
  assert.ok(moved.filters.every((/** @type {any} */ it) => it.labels[1] === 'r 1.00'));
  for (const [text, problem] of [['24', 'is "24"'], ['1.5', 'is "1.5"'], ['', 'is no number']]) {
    await set(page, LAB, 'map-row', text);
    assert.equal(await shadow(page, LAB, '.refusal', (it) => it.textContent), `The row of the map ${problem}. It must be a whole number from 0 to 23.`);
    assert.equal(await place(), '3,12');
  }
  await untilDone(page, LAB, () => set(page, LAB, 'map-row', '12'));
  assert.match(await address(page), /objective=channel-conv1-center(&|$)/);

  // On average there are filters alone; for other layers, none.
  await select('channel-conv1');
  assert.deepEqual((await shown()).filters.map((/** @type {any} */ it) => it.labels), [0, 1, 2, 3, 4, 5].map((it) => [`filter ${it}`]));
  assert.equal(await place(), 'hidden,hidden');
  await select('channel-conv2-center');
  assert.equal(await place(), '4,4');
  assert.deepEqual((await shown()).filters, []);
  assert.deepEqual((await choices()).at(-1), '0 to 9');
  await select('neuron-fc1');
  assert.equal(await place(), 'hidden,hidden');
  assert.deepEqual(messages, []);
});

test('a penalty on the distance to the start makes a smaller change', async () => {
  const distances = [];
  for (const weight of ['0', '0.05']) {
    const { page } = await open(
      browser,
      `${server.url}?backend=cpu#network=lenet5&digit=9&start=mean4&steps=150&rate=0.02&distance=${weight}&pace=full`,
    );
    await reached(page, LAB, 'done');
    const { probability, distance, words } = await figure(page, LAB, (lab) => {
      const { history } = lab.experiment.networkResults[0];
      const [from, to] = [history.at(0).images, history.at().images];
      return {
        probability: history.probabilities[0].at(-1),
        distance: Math.hypot(...to.map((/** @type {number} */ it, /** @type {number} */ at) => it - from[at])),
        words: lab.shadowRoot.textContent,
      };
    });
    assert.ok(probability > 0.6, `p(9) is ${probability}`);
    assert.match(words, new RegExp(`in all a distance of ${distance.toPrecision(2).replace('.', '\\.')}`));
    distances.push(distance);
    await page.close();
  }
  assert.ok(distances[1] < distances[0], `the distances are ${distances}`);
});

test('every option gives the same picture on WebGPU and on the CPU', async (context) => {
  const { page } = await open(browser, `${server.url}examples/`);
  const all = {
    ...Object.fromEntries(Object.keys(PRESETS).map((name) => [`preset ${name}`, { preset: name }])),
    'difference, L2, scale': { objective: 'logit-minus-8', l2: 0.05, scale: 0.1, jitter: 1 },
    'rotation, sigmoid': { parameterization: 'sigmoid', objective: 'logit', rotation: 10 },
    'distance to the start': { start: 'mean4', distance: 0.1 },
    'diversity, neuron': { objective: 'neuron-fc1', diversity: 1, digits: [3, 3], l2: 0.01 },
  };
  // What Burn computes operation by operation takes long to compile; paths.test.js has some of it every day.
  const options = Object.fromEntries(few(Object.entries(all), ([name]) => ['preset notebook', 'distance to the start'].includes(name)));
  const found = await page.evaluate(async (options) => {
    const from = (/** @type {string} */ path) => import(/** @type {any} */ (path));
    const { Engine } = await from('/engine.js');
    const { Experiment } = await from('/src/player/experiment.js');
    const { DEFAULTS, stepSettingsOf } = await from('/src/settings/config.js');
    const { withPreset } = await from('/src/settings/presets.js');
    const engines = [await Engine.start({ backend: 'cpu' }), await Engine.start({ backend: 'webgpu' })];
    const found = [];
    for (const [name, { preset, ...changes }] of Object.entries(/** @type {any} */ (options))) {
      for (const network of ['mlp', 'lenet5']) {
        // From seed 1, the sign of one difference between neighbors is decided by its last bit.
        const config = { ...withPreset({ ...DEFAULTS, network, seed: 2 }, preset ?? 'notebook'), ...changes };
        const images = [];
        for (const engine of engines) {
          const experiment = await Experiment.begin(engine, config);
          await experiment.advance(6, stepSettingsOf(config));
          images.push(experiment.networkResults[0].history.at().images);
          experiment.free();
        }
        const [a, b] = images;
        const off = a.reduce((/** @type {number} */ most, /** @type {number} */ it, /** @type {number} */ at) => Math.max(most, Math.abs(it - b[at])), 0);
        found.push({ name: `${name}, ${network}`, off, backends: engines.map((it) => it.status.backend) });
      }
    }
    return found;
  }, options);
  for (const { name, off, backends } of found) {
    assert.deepEqual(backends, ['cpu', 'webgpu']);
    context.diagnostic(`${name}: ${off.toExponential(1)}`);
    assert.ok(off < 1e-3, `${name}: a pixel is ${off} off`);
  }
});
