// @ts-check
// The page as a person meets it, in real browsers: the laboratory, its controls and its address.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { BROWSER, launch, open, serve } from './browser.js';
import { LAB, address, figure, press, reached, readings, set, shadow, untilDone } from './figure.js';
import { rare } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('./browser.js').BrowserName} BrowserName */

/** What Chromium itself says when a page asks for a GPU that is not there. */
const CHROMIUMS_OWN = 'warn: No available adapters.';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve();
});
after(() => server.close());

/** @param {Page} page @param {string} id */
function text(page, id) {
  return page.$eval(`#${id}`, (element) => element.textContent ?? '');
}

/**
 * How many colors the images of the laboratory have.
 *
 * @param {Page} page
 */
function colors(page) {
  return figure(page, LAB, (lab) =>
    [...lab.shadowRoot.querySelectorAll('.picture canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
      return new Set(new Uint32Array(data.buffer)).size;
    }),
  );
}

/** @type {{ name: string, browser: BrowserName, query: string, backend: RegExp, reason: RegExp }[]} */
const ALL_WAYS = [
  {
    name: 'Chromium, WebGPU asked for',
    browser: 'chromium',
    query: '?backend=webgpu',
    backend: /^Running on WebGPU$/,
    reason: /^Burn computes on the GPU: google swiftshader\.$/,
  },
  {
    name: 'Chromium, left to itself',
    browser: 'chromium',
    query: '',
    backend: /^CPU: the GPU is a software adapter$/,
    reason: /^The only GPU here \(google swiftshader\) is a software adapter: /,
  },
  {
    name: 'Chromium, the CPU asked for',
    browser: 'chromium',
    query: '?backend=cpu',
    backend: /^CPU: as asked for$/,
    reason: /^The CPU was asked for\.$/,
  },
  {
    name: 'Chromium without WebGPU',
    browser: 'chromium-without-webgpu',
    query: '',
    backend: /^CPU: (there is no GPU for WebGPU|this browser has no WebGPU)$/,
    reason: /^WebGPU is there, but it offers no GPU|^This browser has no WebGPU\.$/,
  },
  {
    name: 'Firefox',
    browser: 'firefox',
    query: '',
    backend: /^CPU: (there is no GPU for WebGPU|this browser has no WebGPU)$/,
    reason: /^This browser has no WebGPU\.$|^WebGPU is there, but it offers no GPU/,
  },
];
const WAYS = ALL_WAYS.filter(({ browser }) => browser === BROWSER);

for (const { name, query, backend, reason } of WAYS) {
  test(`${name}: a three grows by itself`, async () => {
    const browser = await launch();
    try {
      const { page, messages } = await open(browser, `${server.url}${query}#digit=3`);
      await reached(page, LAB, 'done');
      assert.equal(await figure(page, LAB, (lab) => lab.iteration), 50);
      const { probability } = await readings(page, LAB);
      assert.ok(probability >= 90, `${probability}%`);
      const [variety] = await colors(page);
      assert.ok(variety > 50, `the image has ${variety} colors`);
      await page.waitForFunction(
        (source) => new RegExp(source).test(document.getElementById('backend-reason')?.textContent ?? ''),
        {},
        reason.source,
      );
      assert.match(await text(page, 'backend-name'), backend);
      assert.match(await text(page, 'models'), /It reads 97\.\d\d% of the 10,000 test images right/);
      assert.deepEqual(
        await page.$$eval('#models h4', (all) => all.map((it) => it.textContent)),
        ['MLP', 'LeNet-5', 'Control LeNet-5', 'Robust LeNet-5'],
      );
      assert.deepEqual(messages.filter((message) => message !== CHROMIUMS_OWN), []);
    } finally {
      await browser.close();
    }
  });
}

// On the CPU, Chromium without WebGPU is Chromium.
describe(`the laboratory in ${BROWSER}, on the CPU`, { skip: BROWSER === 'chromium-without-webgpu' && rare }, () => {
  /** @type {import('puppeteer-core').Browser} */
  let browser;
  /** @type {Page} */
  let page;
  /** @type {string[]} */
  let messages;
  before(async () => {
    browser = await launch();
    ({ page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3`));
    await reached(page, LAB, 'done');
  });
  after(async () => {
    await browser.close();
    assert.deepEqual(messages, []);
  });

  /** @param {number} iteration */
  const at = (iteration) =>
    page.waitForFunction(
      (iteration) => /** @type {any} */ (document.getElementById('lab')).iteration === iteration,
      {},
      iteration,
    );
  const hash = async () => new URL(await address(page)).hash;
  const message = () => shadow(page, LAB, '.refusal', (it) => (it.checkVisibility() ? it.textContent : ''));

  test('reset goes back to the noise, and a step is one iteration', async () => {
    await press(page, LAB, '.reset');
    await reached(page, LAB, 'paused');
    await at(0);
    assert.ok((await readings(page, LAB)).probability < 50);
    await press(page, LAB, '.step');
    await at(1);
    assert.equal(await figure(page, LAB, (lab) => lab.state), 'paused');
  });

  test('pause holds the run, and run goes on with it', async () => {
    await press(page, LAB, 'input[name="pace"][value="slow"]');
    await press(page, LAB, '.run');
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).iteration > 3);
    await press(page, LAB, '.run');
    await reached(page, LAB, 'paused');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const held = await figure(page, LAB, (lab) => lab.iteration);
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(await figure(page, LAB, (lab) => lab.iteration), held);
    await press(page, LAB, '.run');
    await page.waitForFunction(
      (held) => /** @type {any} */ (document.getElementById('lab')).iteration > held,
      {},
      held,
    );
    await press(page, LAB, 'input[name="pace"][value="full"]');
    await reached(page, LAB, 'done');
  });

  test('the same seed gives the same image, another seed another', async () => {
    const picture = () =>
      shadow(page, LAB, '.picture canvas', (canvas) =>
        String(canvas.getContext('2d').getImageData(0, 0, 28, 28).data),
      );
    const first = await picture();
    await untilDone(page, LAB, () => press(page, LAB, '.run'));
    assert.ok((await picture()) === first, 'the images differ');
    await untilDone(page, LAB, () => set(page, LAB, 'seed', '2'));
    assert.ok((await picture()) !== first, 'the images are the same');
    assert.match(await hash(), /seed=2&/);
    const second = await picture();
    await untilDone(page, LAB, () => press(page, LAB, '.with-button button'));
    assert.ok((await picture()) !== second, 'another seed gives the same image');
    await untilDone(page, LAB, () => set(page, LAB, 'noise-std', '0.5'));
    assert.match(await hash(), /noise-std=0\.5/);
    await untilDone(page, LAB, () => set(page, LAB, 'noise-std', '0.01'));
  });

  test('the learning rate can be changed while the run stands', async () => {
    await set(page, LAB, 'rate', '-1');
    assert.equal(await figure(page, LAB, (lab) => lab.rate), 0.1);
    assert.equal(
      await shadow(page, LAB, 'input[name="rate"]', (input) => input.getAttribute('aria-valuetext')),
      '0.1',
    );
    await set(page, LAB, 'rate', '-2.3');
    assert.equal(await figure(page, LAB, (lab) => lab.rate), 0.005);
  });

  test('the target can be changed while the run stands', async () => {
    await set(page, LAB, 'target', '30');
    assert.equal(await figure(page, LAB, (lab) => lab.target), 0.3);
    await set(page, LAB, 'steps', '400');
    await at(400);
    await reached(page, LAB, 'done');
    const { probability } = await readings(page, LAB);
    assert.ok(Math.abs(probability - 30) < 5, `p(3) is ${probability}%`);
    await set(page, LAB, 'target', '90');
  });

  test('ten digits of LeNet-5 run to the end, and the page stays alive', async (context) => {
    await page.evaluate(() => {
      const kept = /** @type {any} */ (window);
      kept.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) {
          kept.longest = Math.max(kept.longest, duration);
        }
      }).observe({ type: 'longtask' });
    });
    await untilDone(page, LAB, () => press(page, LAB, 'input[name="digit"][value="all"]'));
    await untilDone(page, LAB, () => press(page, LAB, 'input[name="network"][value="lenet5"]'));
    assert.equal(await figure(page, LAB, (lab) => lab.iteration), 500);
    const { probability } = await readings(page, LAB);
    assert.ok(probability > 80, `mean p is ${probability}%`);
    const variety = await colors(page);
    assert.equal(variety.length, 10);
    assert.ok(variety.every((/** @type {number} */ count) => count > 50), `${variety}`);
    const longest = await page.evaluate(() => /** @type {any} */ (window).longest);
    context.diagnostic(`longest task while it ran: ${longest} ms`);
  });

  test('choosing an image shows its ten probabilities', async () => {
    await press(page, LAB, '.images button:nth-child(8)');
    assert.equal(
      await shadow(page, LAB, '.bars', (bars) => bars.previousElementSibling.textContent),
      'What the LeNet-5 says of the image for 7, after 500 iterations.',
    );
    assert.equal(await shadow(page, LAB, '.bar.wanted b', (bar) => bar.textContent), '7');
    assert.match(await hash(), /row=7/);
  });

  test('the timeline goes back to any iteration, and forth', async () => {
    await set(page, LAB, 'timeline', '20');
    const { said, shown } = await figure(page, LAB, (lab) => ({
      said: lab.experiment.networkResults[0].history.said(7, 20).probabilities,
      shown: [...lab.shadowRoot.querySelectorAll('.bar .value')].map((it) => it.textContent),
    }));
    assert.deepEqual(shown, said.map((/** @type {number} */ it) => `${(100 * it).toFixed(1)}%`));
    assert.match(await hash(), /at=20/);
    // The image, too, is that of the iteration, whether a frame of it was drawn or not.
    const exact = await figure(page, LAB, async (lab) => {
      const { experiment, settings } = lab;
      const { Engine } = await import(/** @type {any} */ ('/engine.js'));
      const engine = await Engine.start({ backend: 'cpu' });
      const { digits, seed, noiseStd } = settings;
      const run = await engine.begin({ network: 'lenet5', digits, seed, noiseStd });
      const { images } = await run.advance(20, { target: settings.target, learningRate: settings.rate });
      while (experiment.networkResults[0].history.at(20).iteration !== 20) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return String(images) === String(experiment.networkResults[0].history.at(20).images);
    });
    assert.ok(exact, 'the image is of another iteration');
    assert.match(
      await shadow(page, LAB, '.images canvas', (canvas) => canvas.getAttribute('aria-label')),
      /after 20 iterations/,
    );
    await set(page, LAB, 'timeline', '500');
    assert.match(
      await shadow(page, LAB, '.images canvas', (canvas) => canvas.getAttribute('aria-label')),
      /after 500 iterations/,
    );
  });

  test('both networks run side by side, from the same noise', async () => {
    await untilDone(page, LAB, () => press(page, LAB, 'input[name="digit"][value="3"]'));
    await untilDone(page, LAB, () => press(page, LAB, 'input[name="network"][value="mlp,lenet5"]'));
    const { names, starts } = await figure(page, LAB, (lab) => ({
      names: [...lab.shadowRoot.querySelectorAll('.network-name')].map((it) => it.textContent),
      starts: lab.experiment.networkResults.map((/** @type {any} */ it) => String(it.history.at(0).images)),
    }));
    assert.deepEqual(names, ['MLP', 'LeNet-5']);
    assert.equal(starts[0], starts[1]);
  });

  test('the loss can be drawn on a logarithmic scale', async () => {
    const picture = () =>
      shadow(page, LAB, '.chart canvas', (canvas) => canvas.toDataURL());
    const linear = await picture();
    await press(page, LAB, 'input[name="log"]');
    assert.ok((await picture()) !== linear, 'the chart has not changed');
    assert.match(await hash(), /log=1/);
    await press(page, LAB, 'input[name="log"]');
    assert.doesNotMatch(await hash(), /log/);
  });

  test('a setting that cannot be used is explained, and nothing is lost', async () => {
    await untilDone(page, LAB, () => press(page, LAB, 'input[name="network"][value="mlp"]'));
    const images = () => shadow(page, LAB, '.images', (images) => images.innerHTML);
    for (const [name, value, notice] of [
      ['seed', '-1', 'The seed is "-1". It must be a whole number from 0 to 4294967295.'],
      ['seed', '1.5', 'The seed is "1.5". It must be a whole number from 0 to 4294967295.'],
      ['seed', '', 'The seed is no number. It must be a whole number from 0 to 4294967295.'],
      [
        'noise-std',
        '2',
        'The noise\'s standard deviation is "2". It must be a number from 0 to 1.',
      ],
      [
        'steps',
        '1000000000',
        'The number of iterations is "1000000000". It must be a whole number from 1 to 100000.',
      ],
    ]) {
      const before = await images();
      const good = await shadow(page, LAB, `input[name="${name}"]`, (input) => input.value);
      await set(page, LAB, name, value);
      assert.equal(await message(), notice);
      assert.equal(await images(), before);
      assert.equal(await shadow(page, LAB, `input[name="${name}"]`, (input) => input.value), good);
    }
    await untilDone(page, LAB, () => press(page, LAB, '.run'));
    assert.equal(await message(), '');
  });
});
