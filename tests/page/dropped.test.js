// @ts-check
// Files that are dropped, by the browser itself: wherever on the page, each comes to where it belongs,
// or a sentence says why not; and the page stays.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';

import { launch, serve } from './browser.js';
import { TIMEOUT } from './figure.js';
import { png } from './image-files.js';
import { fixture, makeFiles, questions, said, visit } from './owning.js';

const MLP = fixture('my_mlp_drop.safetensors');
const PT = fixture('my_mlp_drop.pt');

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof visit>>} */
let tab;
/** @type {import('puppeteer-core').Page} */
let page;
/** @type {import('puppeteer-core').CDPSession} */
let client;
const files = makeFiles();
const ONE = files.write('one.png', png(40, 40, (x, y) => (x > 17 && x < 23 && y > 5 && y < 35 ? 255 : 0)));
const NAMELESS = files.write('picture', png(40, 40, (x, y) => (x > 17 && x < 23 && y > 5 && y < 35 ? 255 : 0)));
before(async () => {
  server = await serve();
  browser = await launch('chromium');
});
after(async () => {
  files.remove();
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  tab = await visit(browser, `${server.url}?backend=cpu#digit=3&steps=5&pace=full`);
  ({ page } = tab);
  client = await page.createCDPSession();
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).state === 'done', { timeout: TIMEOUT });
});
afterEach(async () => {
  assert.equal((await page.browserContext().pages()).length, 1, 'there is another tab');
  assert.match(page.url(), /backend=cpu#/);
  assert.deepEqual(tab.messages, []);
  await tab.close();
});

/**
 * Drags something from outside of the page over it, and lets it fall.
 *
 * @param {string} selector Onto the middle of what.
 * @param {Partial<import('puppeteer-core').Protocol.Input.DragData>} data
 */
async function drop(selector, data) {
  const place = await page.$eval(selector, (it) => {
    it.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { left, top, width, height } = it.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  });
  // A page that scrolls under a drag lets it enter again, and what falls then, over nothing that has taken it, is lost.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const all = { items: [], files: [], dragOperationsMask: 1, ...data };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'dragOver', 'drop'])) {
    await client.send('Input.dispatchDragEvent', { type, ...place, data: all });
    await page.evaluate(() => {}); // On a busy machine, the page may not have answered yet.
  }
}

/** @param {string} selector @param {string} start */
function waitForWords(selector, start) {
  return page.waitForFunction(
    (selector, start) => document.querySelector(selector)?.textContent?.startsWith(start),
    { timeout: TIMEOUT },
    selector,
    start,
  );
}

const notice = () => page.$eval('#notice', (it) => (it.checkVisibility() ? it.querySelector('p')?.textContent : undefined));

describe('a network', () => {
  for (const [where, selector, file] of [
    ['the headline', 'h1', MLP],
    ['a figure of the guided path', '#noise', MLP],
    ['the laboratory', '#lab', PT],
    ['beside the zone', '#own-title', PT],
    ['the zone', '.drop-zone', MLP],
    ['the paper', '#start .paper', MLP],
    ['the end of the page', 'footer', MLP],
  ]) {
    test(`on ${where} is brought, and its questions are in view`, async () => {
      await drop(selector, { files: [file] });
      await page.waitForSelector('.questions:not([hidden])', { timeout: TIMEOUT });
      assert.match((await questions(page)).recognized ?? '', /^Recognized: 784-32-16-10, 25,818 parameters/);
      await page.waitForFunction(() => {
        const { top, bottom } = /** @type {Element} */ (document.querySelector('.drop-zone')).getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      });
    });
  }
});

describe('an image', () => {
  for (const [where, selector, pad, file] of [
    ['the laboratory', '#lab', '#start', ONE],
    ['the headline', 'h1', '#start', ONE],
    ['the zone for networks', '.drop-zone', '#start', ONE],
    ['the paper', '#start .paper', '#start', NAMELESS],
    ['the laboratory, without a name that says so,', '#lab', '#start', NAMELESS],
    ['the text beside the paper of exercise 2', '#exercise-2 .question', '#reader', ONE],
    ['the paper of exercise 2', '#reader .paper', '#reader', ONE],
  ]) {
    test(`on ${where} is read in ${pad}`, async () => {
      await drop(selector, { files: [file] });
      await page.waitForFunction((pad) => /reads an? \d/.test(document.querySelector(`${pad} .reading .caption`)?.textContent ?? ''), { timeout: TIMEOUT }, pad);
      await page.waitForFunction((pad) => {
        const { top, bottom } = /** @type {Element} */ (document.querySelector(`${pad} .pad`)).getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      }, {}, pad);
    });
  }

  test('that cannot be used is refused at the paper', async () => {
    await drop('h1', { files: [files.write('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>')] });
    await waitForWords('#start .reading .refused', 'This is an SVG, which is not read: it can hold more than a picture. Save it as PNG.');
  });
});

describe('what is neither', () => {
  for (const [name, words] of [
    ['notes.txt', 'notes.txt is neither a network nor an image. Drop a .safetensors, .pt or .pth file, or a PNG, JPEG, WebP or GIF.'],
    ['slides.pdf', 'slides.pdf is neither a network nor an image. Drop a .safetensors, .pt or .pth file, or a PNG, JPEG, WebP or GIF.'],
    ['lecture.mp4', 'lecture.mp4 is neither a network nor an image. Drop a .safetensors, .pt or .pth file, or a PNG, JPEG, WebP or GIF.'],
  ]) {
    test(name, async () => {
      await drop('#lab', { files: [files.write(name, 'Dear Sir or Madam')] });
      await waitForWords('#notice-text', words);
      assert.equal(await notice(), words);
    });
  }

  test('a file of an unknown kind is looked into, and refused where networks are brought', async () => {
    await drop('h1', { files: [files.write('model.bin', 'These are no weights.')] });
    await page.waitForFunction(() => document.querySelector('.drop-zone .wrong')?.textContent !== '', { timeout: TIMEOUT });
    assert.match((await said(page)).wrong ?? '', /^[A-Z].*\.$/s);
  });

  test('a folder', async () => {
    const folder = join(files.write('x', ''), '..', 'weights');
    mkdirSync(folder, { recursive: true });
    await drop('#lab', { files: [folder] });
    await waitForWords('#notice-text', 'weights is a folder. Drop the file itself: a network, or an image.');
  });

  test('several files', async () => {
    await drop('#lab', { files: [MLP, ONE] });
    await waitForWords('#notice-text', 'Drop one file at a time: a network to bring it, or an image to start from it.');
    await drop('.drop-zone', { files: [MLP, PT] });
    await waitForWords('.drop-zone .wrong', 'Drop one file: a network has all its weights in one.');
  });

  test('an image of another page, which is only its address', async () => {
    const items = [{ mimeType: 'text/uri-list', data: 'https://example.org/seven.png' }];
    await drop('#lab', { items });
    await waitForWords('#notice-text', 'This is no file. Save it first, then drop it here or choose it.');
    await drop('#start .paper', { items });
    await waitForWords('#start .reading .refused', 'This is no file. Save the image first, then drop or choose it.');
  });
});

test('while a file is over the page, it says what can be dropped; then no more', async () => {
  const hint = () => page.$eval('.drop-hint', (it) => (it.checkVisibility() ? it.textContent : undefined));
  assert.equal(await hint(), undefined);
  const place = { x: 300, y: 300, data: { items: [], files: [MLP], dragOperationsMask: 1 } };
  await client.send('Input.dispatchDragEvent', { type: 'dragEnter', ...place });
  await client.send('Input.dispatchDragEvent', { type: 'dragOver', ...place });
  assert.equal(await hint(), 'Drop a network to bring it, or an image to start from it.');
  await client.send('Input.dispatchDragEvent', { type: 'dragCancel', ...place });
  await page.waitForFunction(() => !document.querySelector('.drop-hint')?.checkVisibility());
});

test('words, the page’s own links, and addresses for a text field are the browser’s to drop', async () => {
  const taken = await page.evaluate(() => {
    const drop = (/** @type {Element | null} */ target, /** @type {string} */ type, /** @type {string} */ data) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData(type, data);
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      target?.dispatchEvent(event);
      return event.defaultPrevented;
    };
    const lab = document.getElementById('lab');
    const link = document.querySelector('a[href="#guide"]');
    const words = drop(lab, 'text/plain', 'words');
    const field = document.body.appendChild(document.createElement('input'));
    const address = drop(field, 'text/uri-list', 'https://example.org/');
    field.remove();
    link?.dispatchEvent(new DragEvent('dragstart', { bubbles: true }));
    const own = drop(lab, 'text/uri-list', 'https://example.org/#guide');
    link?.dispatchEvent(new DragEvent('dragend', { bubbles: true }));
    const other = drop(lab, 'text/uri-list', 'https://example.org/');
    return { words, address, own, other };
  });
  assert.deepEqual(taken, { words: false, address: false, own: false, other: true });
});
