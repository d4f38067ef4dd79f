// @ts-check
// Every file that a figure saves: one image, and ten from each of both networks.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { figure } from './figure.js';
import { imagesOf, lookInto, noNumpy, numpy, readNpy } from './saved.js';
import { savingBrowser } from './saving.js';

/** @type {Awaited<ReturnType<typeof savingBrowser>>} */
let saving;
before(async () => {
  saving = await savingBrowser();
});
after(() => saving.close());

for (const { query, name, networks, digits, steps, factor, size } of [
  {
    query: 'network=mlp&digit=3',
    name: 'actmax-mlp-digit-3-seed-1',
    networks: ['mlp'],
    digits: [3],
    steps: 50,
    factor: 20,
    size: [560, 560],
  },
  {
    query: 'network=both&digit=all&steps=40&seed=7&pace=slow',
    name: 'actmax-mlp-lenet5-digits-all-seed-7',
    networks: ['mlp', 'lenet5'],
    digits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    steps: 40,
    factor: 8,
    size: [2328, 456],
  },
]) {
  describe(query, () => {
    /** @type {Awaited<ReturnType<typeof saving.visit>>} */
    let tab;
    before(async () => {
      tab = await saving.visit(query);
    });
    after(async () => {
      await tab.page.close();
      assert.deepEqual(tab.messages, []);
    });

    test('the picture has every pixel of the page', async () => {
      const [file] = await tab.save('Picture (PNG)');
      assert.equal(file.name, `${name}.png`);
      assert.equal(await tab.status(), `Saved ${name}.png.`);
      const seen = await lookInto(tab.page, { address: file.address, type: 'image/png', factor });
      assert.deepEqual([seen.size, seen.expectedSize], [size, size]);
      assert.equal(seen.wrong, 0);
      assert.ok(seen.colors > 50, `${seen.colors} colors`);
      const images = networks.length * digits.length * (28 * factor) ** 2;
      assert.equal(seen.clear, size[0] * size[1] - images);
    });

    test('the animation ends with the picture, loops, and lets the page live', async (context) => {
      await tab.page.evaluate(() => {
        const heard = /** @type {any} */ (window);
        heard.said = new Set();
        const hear = () => heard.said.add(document.querySelector('.save-status')?.textContent);
        heard.hearing = setInterval(hear, 1); // Hears only what is said when the page has its turn.
      });
      const [file] = await tab.save('Animation (GIF)');
      assert.equal(file.name, `${name}.gif`);
      assert.equal(await tab.status(), `Saved ${name}.gif.`);
      const said = await tab.page.evaluate(() => {
        clearInterval(/** @type {any} */ (window).hearing);
        return [.../** @type {any} */ (window).said];
      });
      const progress = said.filter((words) => /^Making the animation … \d{1,3}%$/.test(words));
      assert.ok(progress.length > 0, String(said));
      const half = { address: file.address, type: 'image/gif', factor: factor / 2 };
      const seen = await lookInto(tab.page, half);
      assert.deepEqual(seen.size, size.map((it) => it / 2));
      assert.equal(seen.wrong, 0);
      assert.equal(seen.repetitionCount, 'Infinity');
      // However few of them the page drew.
      assert.ok(seen.frameCount > Math.min(40, steps) && seen.frameCount <= steps + 1, `${seen.frameCount} frames`);
      assert.equal(seen.durations.at(-1), 2000);
      const before = seen.durations.slice(0, -1).reduce((sum, it) => sum + it, 0);
      assert.equal(before, 50 * steps);
      context.diagnostic(`${file.bytes.length} bytes, ${seen.frameCount} frames`);
    });

    test('the CSV has every number', async () => {
      const [file] = await tab.save('Numbers (CSV)');
      assert.equal(file.name, `${name}.csv`);
      const [head, ...lines] = file.bytes.toString().trimEnd().split('\n');
      assert.equal(head, 'network,digit,iteration,loss,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9');
      const expected = await tab.page.evaluate(() => {
        const { experiment } = /** @type {any} */ (document.querySelector('activation-maximization'));
        return experiment.networkResults.flatMap((/** @type {any} */ { network, history }) =>
          history.digits.flatMap((/** @type {number} */ digit, /** @type {number} */ row) =>
            history.losses[row].map((/** @type {number} */ loss, /** @type {number} */ iteration) => [
              [network, digit, iteration].join(),
              loss,
              ...history.said(row, iteration).probabilities,
            ]),
          ),
        );
      });
      assert.equal(expected.length, networks.length * digits.length * (steps + 1));
      const read = lines.map((line) => {
        const [, key, rest] = /** @type {RegExpExecArray} */ (/^(\w+,\d,\d+),(.*)$/.exec(line));
        return [key, ...rest.split(',').map((it) => Math.fround(Number(it)))];
      });
      const single = expected.map((/** @type {[string, ...number[]]} */ [key, ...numbers]) => [
        key,
        ...numbers.map(Math.fround),
      ]);
      assert.deepEqual(read, single);
    });

    test('the JSON is enough to repeat the run', async () => {
      const [file] = await tab.save('Numbers (JSON)');
      assert.equal(file.name, `${name}.json`);
      const saved = JSON.parse(file.bytes.toString());
      assert.deepEqual([saved.iterations, saved.iteration], [steps, steps]);
      assert.deepEqual(saved.networks.map((/** @type {any} */ it) => it.network), networks);
      const again = await tab.page.evaluate(async ({ settings, link }) => {
        const path = (/** @type {string} */ file) => new URL(file, location.href).href;
        const { sharedEngine } = await import(path('src/engine/shared-engine.js'));
        const { Experiment } = await import(path('src/player/experiment.js'));
        const { readConfig } = await import(path('src/settings/config.js'));
        const experiment = await Experiment.begin(await sharedEngine(), settings);
        await experiment.loadTypical();
        await experiment.advance(0, { target: settings.target, learningRate: settings.rate });
        await experiment.loadTypical();
        await experiment.advance(settings.steps, { target: settings.target, learningRate: settings.rate });
        const [page, asked] = link.split('#');
        return {
          here: page === location.href,
          asked: readConfig(new URLSearchParams(asked)).config,
          networks: experiment.networkResults.map((/** @type {any} */ column) =>
            settings.digits.map((/** @type {number} */ digit, /** @type {number} */ row) => ({
              digit,
              losses: column.history.losses[row],
              said: column.history.losses[row].map((/** @type {any} */ _, /** @type {number} */ at) => [
                ...column.history.numbers(row, at).slice(0, 10),
              ]),
              image: [...column.history.at().images.slice(784 * row, 784 * row + 784)],
              ...experiment.comparisons(column)[row],
            })),
          ),
        };
      }, saved);
      assert.ok(again.here, saved.link);
      assert.deepEqual(saved.settings, again.asked);
      const single = (/** @type {number[]} */ numbers) => numbers.map(Math.fround);
      const read = saved.networks.map((/** @type {any} */ { image_iteration, digits }) => {
        assert.equal(image_iteration, steps);
        return digits.map((/** @type {any} */ { digit, losses, log_probabilities, image, correlation, margin }) => ({
          digit,
          losses: single(losses),
          said: log_probabilities.map(single),
          image: single(image),
          correlation,
          margin,
        }));
      });
      assert.deepEqual(read, again.networks);
    });

    for (const [button, part] of /** @type {const} */ ([
      ['Start image (.npy)', 'start'],
      ['Image (.npy)', 'image'],
    ])) {
      const load = async () => {
        const files = await tab.save(button, networks.length);
        const names = networks.map((it) => `${name.replace('mlp-lenet5', it)}-${part}.npy`);
        assert.deepEqual(files.map((it) => it.name), [...names].sort());
        assert.equal(await tab.status(), `Saved ${names.join(' and ')}.`);
        const images = await imagesOf(tab.page);
        return names.map((it, index) => ({
          bytes: files.find((file) => file.name === it)?.bytes ?? Buffer.of(),
          expected: images[index][part],
        }));
      };
      test(`${button}: as the format is described`, async () => {
        for (const { bytes, expected } of await load()) {
          assert.deepEqual(readNpy(bytes), expected);
        }
      });
      test(`${button}: as NumPy reads it`, { skip: noNumpy }, async () => {
        for (const { bytes, expected } of await load()) {
          assert.deepEqual(numpy(bytes), ['<f4', [digits.length, 28, 28], expected]);
        }
      });
    }
  });
}

test('a run whose settings were changed on the way is not made again: its animation shows what was kept', async () => {
  const tab = await saving.visit('network=mlp&digit=3&steps=500&pace=full');
  const kept = await figure(tab.page, 'activation-maximization', async (it) => {
    await it.reset();
    await it.step();
    it.rate = 0.05;
    await it.step();
    it.rate = 0.001;
    it.play();
    while (it.state !== 'done') {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { history } = it.experiment.networkResults[0];
    return new Set(Array.from({ length: 501 }, (_, at) => history.at(at).iteration)).size;
  });
  const [animation] = await tab.save('Animation (GIF)');
  const seen = await lookInto(tab.page, { address: animation.address, type: 'image/gif', factor: 10 });
  assert.equal(seen.wrong, 0);
  assert.ok(seen.frameCount > 1 && seen.frameCount <= kept, `${seen.frameCount} frames of ${kept} kept`);
  assert.deepEqual(tab.messages, []);
  await tab.page.close();
});

test('images for neurons and channels are saved in the colors that each of them has on the page', async () => {
  for (const query of [
    'network=lenet5&objective=channel-conv1-center&digit=0,1,3&steps=40&l2=0.2&rate=0.02',
    'network=mlp&objective=neuron-fc1&digit=4,7&steps=40&rate=0.02',
  ]) {
    const tab = await saving.visit(query);
    const [picture] = await tab.save('Picture (PNG)');
    const seen = await lookInto(tab.page, { address: picture.address, type: 'image/png', factor: 8 });
    assert.deepEqual([seen.size, seen.wrong], [seen.expectedSize, 0], query);
    const [animation] = await tab.save('Animation (GIF)');
    const last = await lookInto(tab.page, { address: animation.address, type: 'image/gif', factor: 4 });
    assert.deepEqual([last.size, last.wrong], [last.expectedSize, 0], query);
    // The whole range of each image, at one position of a channel: both ends of the colors are in it.
    if (query.includes('center')) {
      const ends = await figure(tab.page, 'activation-maximization', (it) =>
        [...it.shadowRoot.querySelectorAll('.images canvas')].map((canvas) => {
          const words = [...new Uint32Array(canvas.getContext('2d').getImageData(0, 0, 28, 28).data.buffer)];
          return [0xff540144, 0xff25e7fd].map((end) => words.filter((it) => it === end).length);
        }),
      );
      assert.deepEqual(ends, [[1, 1], [1, 1], [1, 1]]);
    }
    assert.deepEqual(tab.messages, []);
    await tab.page.close();
  }
});
