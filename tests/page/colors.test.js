// @ts-check
// The colors of a figure as a setting: what is drawn, what the scale says of it, and that nothing else changes.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { scale } from '../../www/src/figure/colors.ts';
import { browserAndServer, lacking, open } from './browser.js';
import { LAB, address, figure, press, reached, shadow } from './figure.js';
import { lookInto } from './saved.js';
import { savingBrowser } from './saving.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer();
const FIGURE = 'activation-maximization';

const [VIOLET, GRAY, YELLOW] = [[68, 1, 84], [140, 140, 140], [253, 231, 37]];

/** A figure alone on its page, at the end of its run. @param {string} hash */
async function visit(hash) {
  const { page, messages } = await open(browser, `${server.url}embed.html?backend=cpu#pace=full&${hash}`);
  await reached(page, FIGURE, 'done');
  return { page, messages };
}

/** The colors of the pixels of a canvas in a figure. @param {Page} page @param {string} canvas @returns {Promise<number[][]>} */
const painted = (page, canvas, selector = FIGURE) =>
  shadow(page, selector, canvas, (it) => {
    const { data } = it.getContext('2d').getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, at) => [...data.subarray(4 * at, 4 * at + 3)]);
  });

/** The pixels of an image of the first network. @param {Page} page @returns {Promise<number[]>} */
const pixels = (page, row = 0, selector = FIGURE) =>
  page.$eval(
    selector,
    (it, row) => [.../** @type {any} */ (it).experiment.networkResults[0].history.at().images.subarray(784 * row, 784 * (row + 1))],
    row,
  );

/**
 * What the scale says, from its lower end to its upper; and what its colors are.
 *
 * @param {Page} page
 * @returns {Promise<{ marks: string[], name: string, ramp: number[][] }>}
 */
const saidOf = (page, selector = FIGURE) =>
  shadow(page, selector, '.scale', (it) => ({
    marks: [...it.children]
      .filter((mark) => mark.checkVisibility() && mark.textContent !== '')
      .sort((one, other) => other.getBoundingClientRect().top - one.getBoundingClientRect().top)
      .map((mark) => mark.textContent),
    name: it.getAttribute('aria-label'),
    ramp: getComputedStyle(it.querySelector('.ramp')).backgroundImage.match(/rgb\([^)]*\)/g)?.map((/** @type {string} */ it) => it.match(/\d+/g)?.map(Number)),
  }));

/** The diverging color of a pixel, computed without steps. @param {number} pixel @param {number} most */
function diverging(pixel, most) {
  const end = pixel < 0 ? VIOLET : YELLOW;
  const strength = Math.min(1, Math.abs(pixel) / most);
  return GRAY.map((gray, channel) => gray + strength * (end[channel] - gray));
}

/** @param {number[][]} found @param {number[]} image @param {number} most */
function assertDiverging(found, image, most) {
  for (const [at, color] of found.entries()) {
    const wanted = diverging(image[at], most);
    const off = Math.max(...color.map((it, channel) => Math.abs(it - wanted[channel])));
    assert.ok(off <= 1.5, `pixel ${at} is ${image[at]}: ${color} instead of ${wanted}`); // 127 steps to either side.
  }
}

describe('what is drawn', () => {
  test('in viridis, as ever', async () => {
    const { page, messages } = await visit('digit=3&steps=5');
    const { low, high } = scale(Float32Array.from(await pixels(page)));
    const image = await pixels(page);
    const found = await painted(page, '.images canvas');
    assert.deepEqual(found[image.findIndex((it) => it <= low)], VIOLET);
    assert.deepEqual(found[image.findIndex((it) => it >= high)], YELLOW);
    const { marks, name, ramp } = await saidOf(page);
    assert.deepEqual(marks.map((it) => Number(it.replace(/[≤≥ ]/g, '').replace('−', '-'))), [low, high].map((it) => Number(it.toFixed(2))));
    assert.equal(name, 'Colors: pixel values from low to high');
    assert.equal(ramp.length, 11);
    assert.deepEqual(messages, []);
    await page.close();
  });

  test('diverging, fitted to the image: 0 is gray and in the middle of the scale', async () => {
    const { page, messages } = await visit('digit=3&steps=50&colors=diverging');
    const image = await pixels(page);
    const { low, high } = scale(Float32Array.from(image), { colors: 'diverging', colorScale: 'fitted' });
    assert.equal(low, -high);
    assertDiverging(await painted(page, '.images canvas'), image, high);
    const { marks, name, ramp } = await saidOf(page);
    const end = high.toFixed(2);
    assert.deepEqual(marks.map((it) => it.replace(/[≤≥] /, '')), [`−${end}`, '0', end]);
    assert.equal(name, 'Colors: violet is below 0, gray is 0, yellow is above');
    assert.deepEqual(ramp, [VIOLET, GRAY, YELLOW]);
    assert.deepEqual(messages, []);
    await page.close();
  });

  test('on a fixed scale, noise of 0.01 looks faint, and noise of 1 does not', async () => {
    for (const [std, marks, farthest] of /** @type {const} */ ([
      ['0.01', ['−1.00', '0', '1.00'], [1, 6]],
      ['1', ['≤ −1.00', '0', '≥ 1.00'], [130, 140]],
    ])) {
      const { page, messages } = await open(
        browser,
        `${server.url}embed.html?backend=cpu#digit=3&noise-std=${std}&colors=diverging&color-scale=fixed&autoplay=0`,
      );
      await page.waitForFunction((it) => /** @type {any} */ (document.querySelector(it))?.experiment?.begun, {}, FIGURE);
      const found = await painted(page, '.images canvas');
      assertDiverging(found, await pixels(page), 1);
      const most = Math.max(...found.flat().map((it) => Math.abs(it - 140)));
      assert.ok(most >= farthest[0] && most <= farthest[1], `with ${std}, a channel is ${most} from gray`);
      assert.deepEqual((await saidOf(page)).marks, marks);
      assert.deepEqual(messages, []);
      await page.close();
    }
  });

  test('on a fixed scale, the channels of a layer have one scale, too', async () => {
    const { page } = await visit('network=lenet5&objective=channel-conv2&digit=0,9&steps=5&colors=diverging&color-scale=fixed');
    for (const row of [0, 1]) {
      assertDiverging(await painted(page, `.image:nth-child(${row + 1}) canvas`), await pixels(page, row), 1);
    }
    assert.ok((await saidOf(page)).marks.every((it) => /0$/.test(it)));
    await page.close();
  });

  test('the images that stand beside it have its colors', async () => {
    const { page } = await visit('digit=3&steps=5&colors=diverging&show=mean,nearest');
    const mean = await painted(page, '.comparison canvas');
    assert.deepEqual(mean[0], GRAY, 'there is no ink in the corner');
    await page.waitForFunction(
      (it) => /\d/.test(document.querySelector(it)?.shadowRoot?.querySelector('.small-images b')?.textContent ?? ''),
      {},
      FIGURE,
    );
    assert.deepEqual((await painted(page, '.small-images canvas'))[0], GRAY);
    await page.$eval(FIGURE, (it) => it.setAttribute('colors', 'viridis'));
    await page.waitForFunction(
      (it) => /** @type {HTMLCanvasElement} */ (document.querySelector(it)?.shadowRoot?.querySelector('.comparison canvas')).getContext('2d')?.getImageData(0, 0, 1, 1).data[0] === 68,
      {},
      FIGURE,
    );
    await page.close();
  });

  test('what was changed: its colors are those of the setting, and its words say how strong they are', async () => {
    const { page } = await visit('digit=9&start=mean4&steps=20&rate=0.02&show=change');
    const look = async () => ({
      colors: await painted(page, '.comparison canvas'),
      words: await shadow(page, FIGURE, '.comparison .caption', (it) => it.textContent),
    });
    const difference = await page.$eval(FIGURE, (it) => {
      const { history } = /** @type {any} */ (it).experiment.networkResults[0];
      const start = history.at(0).images;
      return [...history.at().images.map((/** @type {number} */ pixel, /** @type {number} */ at) => pixel - start[at])];
    });
    const fitted = await look();
    assertDiverging(fitted.colors, difference, Math.max(...difference.map(Math.abs)));
    assert.match(fitted.words, /gray left as it was\. No pixel by more than 0\.\d+;/);
    await page.$eval(FIGURE, (it) => it.setAttribute('color-scale', 'fixed'));
    await page.waitForFunction((it) => document.querySelector(it)?.shadowRoot?.querySelector('.comparison .caption')?.textContent?.includes('strongest'), {}, FIGURE);
    const fixed = await look();
    assertDiverging(fixed.colors, difference, 1);
    assert.match(fixed.words, /gray left as it was\. The strongest colors are a change of 1\. No pixel by more than 0\.\d+;/);
    await page.close();
  });
});

test('in the laboratory, a person chooses them: the run stays, and the address has them', async () => {
  const { page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3&steps=5&pace=full`);
  await reached(page, LAB, 'done');
  await page.$eval(LAB, (it) => Object.assign(it, { before: /** @type {any} */ (it).experiment }));
  const before = await painted(page, '.images canvas', LAB);
  await press(page, LAB, 'input[name="colors"][value="diverging"]');
  await press(page, LAB, 'input[name="color-scale"][value="fixed"]');
  assert.deepEqual((await saidOf(page, LAB)).marks, ['−1.00', '0', '1.00']);
  assertDiverging(await painted(page, '.images canvas', LAB), await pixels(page, 0, LAB), 1);
  assert.ok(await figure(page, LAB, (it) => it.before === it.experiment && it.state === 'done'));
  assert.match(await address(page), /#network=mlp&digit=3&.*&colors=diverging&color-scale=fixed$/);
  await press(page, LAB, 'input[name="colors"][value="viridis"]');
  await press(page, LAB, 'input[name="color-scale"][value="fitted"]');
  assert.deepEqual(await painted(page, '.images canvas', LAB), before);
  assert.deepEqual(messages, []);
  await page.close();
});

test('where the system has its own colors, those of the images and of their scale stay', { skip: lacking('firefox', 'does not let a test choose the colors of the system') }, async () => {
  const { page } = await open(browser, 'about:blank');
  const session = await page.createCDPSession();
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  await page.goto(`${server.url}embed.html?backend=cpu#digit=3&steps=5&pace=full&colors=diverging&color-scale=fixed`);
  await reached(page, FIGURE, 'done');
  const { marks, ramp } = await saidOf(page);
  assert.deepEqual([marks, ramp], [['−1.00', '0', '1.00'], [VIOLET, GRAY, YELLOW]]);
  assertDiverging(await painted(page, '.images canvas'), await pixels(page), 1);
  await page.close();
});

test('on a narrow screen the scale lies down, with its 0 below the middle', async () => {
  const { page } = await open(browser, 'about:blank');
  await page.setViewport({ width: 360, height: 800 });
  await page.goto(`${server.url}embed.html?backend=cpu#digit=3&steps=5&pace=full&colors=diverging&color-scale=fixed`);
  await reached(page, FIGURE, 'done');
  const { ramp, zero, low, high } = await shadow(page, FIGURE, '.scale', (it) => {
    const box = (/** @type {Element} */ one) => one.getBoundingClientRect().toJSON();
    return { ramp: box(it.querySelector('.ramp')), zero: box(it.querySelector('.zero')), low: box(it.lastChild), high: box(it.firstChild) };
  });
  assert.ok(low.right <= ramp.left && ramp.right <= high.left, JSON.stringify({ low, ramp, high }));
  assert.ok(zero.top >= ramp.bottom - 1 && Math.abs(zero.left + zero.right - ramp.left - ramp.right) < 2, JSON.stringify({ zero, ramp }));
  await page.close();
});

describe('what is saved', () => {
  /** @type {Awaited<ReturnType<typeof savingBrowser>>} */
  let saving;
  before(async () => {
    saving = await savingBrowser();
  });
  after(() => saving.close());

  test('pictures and animations have the colors of the page, to the byte', async () => {
    const { page, messages, save } = await saving.visit('digit=3,8&noise-std=0.3&colors=diverging&color-scale=fixed');
    assertDiverging(await painted(page, '.images canvas'), await pixels(page), 1);
    for (const [button, type, factor] of /** @type {const} */ ([['Picture (PNG)', 'image/png', 8], ['Animation (GIF)', 'image/gif', 4]])) {
      const [file] = await save(button);
      const seen = await lookInto(page, { address: file.address, type, factor });
      assert.equal(seen.wrong, 0, button);
      assert.ok(seen.colors > 50, `${seen.colors} colors`);
    }
    const [json] = await save('Numbers (JSON)');
    const { settings, link } = JSON.parse(json.bytes.toString());
    assert.deepEqual([settings.colors, settings.colorScale], ['diverging', 'fixed']);
    assert.match(link, /&colors=diverging&color-scale=fixed/);
    assert.deepEqual(messages, []);
    await page.close();
  });
});
