// @ts-check
// The page as a person meets it, in real browsers.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { FIREFOX, launch, open, serve } from './browser.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('./browser.js').BrowserName} BrowserName */

/** Milliseconds. A run on a GPU simulated in software, on a busy machine. */
const PATIENCE = 120_000;

/** What Chromium itself says when a page asks for a GPU that is not there. */
const CHROMIUMS_OWN = 'warn: No available adapters.';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve();
});
after(() => server.close());

/** @param {Page} page @param {'playing' | 'paused' | 'done'} state */
async function reached(page, state) {
  await page.waitForSelector(`body[data-state="${state}"]`, { timeout: PATIENCE });
}

/**
 * Does something that begins a new run, and waits for its end.
 *
 * @param {Page} page
 * @param {() => Promise<unknown>} act
 */
async function untilDone(page, act) {
  const before = await page.$eval('body', (body) => body.dataset.run);
  await act();
  await page.waitForFunction(
    (before) => document.body.dataset.run !== before && document.body.dataset.state === 'done',
    { timeout: PATIENCE },
    before,
  );
}

/** @param {Page} page @param {string} id */
function text(page, id) {
  return page.$eval(`#${id}`, (element) => element.textContent ?? '');
}

/** @param {Page} page @param {string} id */
async function number(page, id) {
  return Number.parseFloat(await text(page, id));
}

/**
 * How many colours the images have.
 *
 * @param {Page} page
 */
function colours(page) {
  return page.$$eval('#images canvas', (canvases) =>
    canvases.map((canvas) => {
      const { data } = /** @type {any} */ (canvas).getContext('2d').getImageData(0, 0, 28, 28);
      return new Set(new Uint32Array(data.buffer)).size;
    }),
  );
}

/**
 * Sets a field as a person does, with the events that follow.
 *
 * @param {Page} page
 * @param {string} id
 * @param {string} value
 */
async function fill(page, id, value) {
  await page.$eval(
    `#${id}`,
    (element, value) => {
      const input = /** @type {HTMLInputElement} */ (element);
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    value,
  );
}

/**
 * @type {{ name: string, browser: BrowserName, query: string, backend: string, reason: RegExp }[]}
 */
const WAYS = [
  {
    name: 'Chromium, WebGPU asked for',
    browser: 'chromium',
    query: '?backend=webgpu',
    backend: 'Running on WebGPU',
    reason: /^google swiftshader$/,
  },
  {
    name: 'Chromium, left to itself',
    browser: 'chromium',
    query: '',
    backend: 'Running on the CPU',
    reason: /^The only GPU here is simulated on the CPU/,
  },
  {
    name: 'Chromium, the CPU asked for',
    browser: 'chromium',
    query: '?backend=cpu',
    backend: 'Running on the CPU',
    reason: /^The CPU was asked for\.$/,
  },
  {
    name: 'Chromium without WebGPU',
    browser: 'chromium-without-webgpu',
    query: '',
    backend: 'Running on the CPU',
    reason: /^WebGPU is there, but it offers no GPU|^This browser has no WebGPU\.$/,
  },
  {
    name: 'Firefox',
    browser: 'firefox',
    query: '',
    backend: 'Running on the CPU',
    reason: /^This browser has no WebGPU\.$|^WebGPU is there, but it offers no GPU/,
  },
];

for (const { name, browser: browserName, query, backend, reason } of WAYS) {
  const skip = browserName === 'firefox' && !FIREFOX ? 'there is no Firefox here' : false;
  test(`${name}: a three grows by itself`, { skip }, async () => {
    const browser = await launch(browserName);
    try {
      const { page, messages } = await open(browser, server.url + query);
      await reached(page, 'done');
      assert.equal(await text(page, 'iteration'), '50');
      assert.ok((await number(page, 'probability')) >= 90, await text(page, 'probability'));
      const [variety] = await colours(page);
      assert.ok(variety > 50, `the image has ${variety} colours`);
      assert.equal(await text(page, 'backend-name'), backend);
      assert.match(await text(page, 'backend-reason'), reason);
      assert.match(await text(page, 'model'), /It reads 97\.\d\d% of the 10,000 test images right/);
      assert.deepEqual(messages.filter((message) => message !== CHROMIUMS_OWN), []);
    } finally {
      await browser.close();
    }
  });
}

describe('in Chromium, on the CPU', () => {
  /** @type {import('puppeteer-core').Browser} */
  let browser;
  /** @type {Page} */
  let page;
  /** @type {string[]} */
  let messages;
  before(async () => {
    browser = await launch('chromium');
    ({ page, messages } = await open(browser, `${server.url}?backend=cpu`));
    await reached(page, 'done');
  });
  after(async () => {
    await browser.close();
    assert.deepEqual(messages, []);
  });

  test('reset goes back to the noise, and a step is one iteration', async () => {
    await page.click('#reset');
    await reached(page, 'paused');
    await page.waitForFunction(() => document.getElementById('iteration')?.textContent === '0');
    assert.ok((await number(page, 'probability')) < 50);
    await page.click('#step');
    await page.waitForFunction(() => document.getElementById('iteration')?.textContent === '1');
    assert.equal(await page.$eval('body', (body) => body.dataset.state), 'paused');
  });

  test('pause holds the run, and run goes on with it', async () => {
    await page.click('input[name="pace"][value="slow"]');
    await page.click('#run');
    await page.waitForFunction(() => Number(document.getElementById('iteration')?.textContent) > 3);
    await page.click('#run');
    await reached(page, 'paused');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const held = await number(page, 'iteration');
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(await number(page, 'iteration'), held);
    await page.click('#run');
    await page.waitForFunction(
      (held) => Number(document.getElementById('iteration')?.textContent) > held,
      {},
      held,
    );
    await page.click('input[name="pace"][value="full"]');
    await reached(page, 'done');
  });

  test('the same seed gives the same image, another seed another', async () => {
    const picture = () =>
      page.$eval('#images canvas', (canvas) => {
        const context = /** @type {HTMLCanvasElement} */ (canvas).getContext('2d');
        return String(context?.getImageData(0, 0, 28, 28).data);
      });
    const first = await picture();
    await untilDone(page, () => page.click('#run'));
    assert.ok((await picture()) === first, 'the images differ');
    await untilDone(page, () => fill(page, 'seed', '2'));
    assert.ok((await picture()) !== first, 'the images are the same');
  });

  test('the target can be changed while the run stands', async () => {
    await fill(page, 'target', '30');
    assert.equal(await text(page, 'target-value'), '30%');
    await fill(page, 'iterations', '400');
    await page.waitForFunction(() => document.getElementById('iteration')?.textContent === '400');
    await reached(page, 'done');
    const probability = await number(page, 'probability');
    assert.ok(Math.abs(probability - 30) < 5, `p(3) is ${probability}%`);
    await fill(page, 'target', '90');
  });

  test('ten digits of LeNet-5 run to the end, and the page stays alive', async (context) => {
    await page.evaluate(() => {
      /** @type {any} */ (window).longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) {
          const kept = /** @type {any} */ (window);
          kept.longest = Math.max(kept.longest, duration);
        }
      }).observe({ type: 'longtask' });
    });
    await page.click('input[name="digit"][value="all"]');
    await untilDone(page, () => page.click('input[name="network"][value="lenet5"]'));
    assert.equal(await text(page, 'iteration'), '500');
    const probability = await number(page, 'probability');
    assert.ok(probability > 80, `mean p is ${probability}%`);
    const variety = await colours(page);
    assert.equal(variety.length, 10);
    assert.ok(variety.every((count) => count > 50), `${variety}`);
    const longest = await page.evaluate(() => /** @type {any} */ (window).longest);
    context.diagnostic(`longest task while it ran: ${longest} ms`);
  });

  test('choosing an image shows its ten probabilities', async () => {
    await page.click('#images button:nth-child(8)');
    assert.equal(await text(page, 'bars-caption'), 'What the network says of the image for 7.');
    const wanted = await page.$$eval('.bar.wanted b', (bars) => bars.map((bar) => bar.textContent));
    assert.deepEqual(wanted, ['7']);
  });

  test('a setting that cannot be used is explained, and nothing is lost', async () => {
    await untilDone(page, () => page.click('input[name="network"][value="mlp"]'));
    const images = () => page.$eval('#images', (images) => images.innerHTML);
    for (const [id, value, notice] of [
      ['seed', '-1', 'The seed is -1. It must be a whole number from 0 to 4294967295.'],
      ['seed', '1.5', 'The seed is 1.5. It must be a whole number from 0 to 4294967295.'],
      [
        'deviation',
        '2',
        'The noise has a standard deviation of 2. It must lie between 0 and 1; the lab uses 0.01.',
      ],
      [
        'iterations',
        '0',
        'The number of iterations is 0. It must be a whole number from 1 to 100000.',
      ],
    ]) {
      const before = await images();
      const good = await page.$eval(`#${id}`, (input) => /** @type {any} */ (input).defaultValue);
      await fill(page, id, value);
      await page.waitForFunction(
        (notice) => document.getElementById('notice-text')?.textContent === notice,
        {},
        notice,
      );
      assert.equal(await images(), before);
      if (id === 'iterations') {
        await fill(page, id, good);
      } else {
        await untilDone(page, () => fill(page, id, good));
      }
    }
    await page.click('#notice-close');
    assert.equal(await page.$eval('#notice', (notice) => /** @type {any} */ (notice).hidden), true);
  });
});
