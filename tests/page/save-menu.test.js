// @ts-check
// The menu for saving: what it takes, when it can be used, and what it says.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { imagesOf, lookInto, readNpy } from './saved.js';
import { savingBrowser } from './saving.js';

/** @type {Awaited<ReturnType<typeof savingBrowser>>} */
let saving;
before(async () => {
  saving = await savingBrowser();
});
after(() => saving.close());

test('an earlier iteration: its picture and its image, but the whole run', async () => {
  const { page, messages, save } = await saving.visit('digit=3,8&start=mean5');
  await page.$eval('activation-maximization', (figure) => /** @type {any} */ (figure).seek(20));
  const name = 'actmax-mlp-digits-3-8-from-mean5';
  const [picture] = await save('Picture (PNG)');
  assert.equal(picture.name, `${name}-at-20.png`);
  const seen = await lookInto(page, { address: picture.address, type: 'image/png', factor: 8 });
  assert.equal(seen.wrong, 0);
  const [image] = await save('Image (.npy)');
  assert.equal(image.name, `${name}-at-20-image.npy`);
  const [then] = await imagesOf(page, 20);
  const [now] = await imagesOf(page, 50);
  assert.notDeepEqual(then.image, now.image);
  assert.deepEqual(readNpy(image.bytes), then.image);
  const [json] = await save('Numbers (JSON)');
  const { iteration, iterations, networks } = JSON.parse(json.bytes.toString());
  assert.deepEqual([iteration, iterations, networks[0].digits[1].losses.length], [20, 50, 51]);
  assert.deepEqual(networks[0].digits[1].image.map(Math.fround), then.image.slice(784));
  const [csv] = await save('Numbers (CSV)');
  assert.equal(csv.bytes.toString().trimEnd().split('\n').length, 1 + 2 * 51);
  assert.deepEqual(messages, []);
  await page.close();
});

test('an animation is as even as the run, and its colors mean the same in all of its frames', async () => {
  const { page, messages, save } = await saving.visit('digit=3&pace=full'); // Few frames, at odd iterations.
  const [file] = await save('Animation (GIF)');
  const { durations } = await lookInto(page, { address: file.address, type: 'image/gif', factor: 10 });
  assert.equal(durations.pop(), 2000);
  assert.equal(durations.reduce((sum, it) => sum + it), 50 * 50);
  const same = await page.evaluate(async (address) => {
    const stage = new URL('src/figure/colors.js', location.href).href;
    const { scale } = await import(stage);
    const { experiment, paint } = /** @type {any} */ (document.querySelector('activation-maximization'));
    const { history } = experiment.networkResults[0];
    const { low, high } = scale(history.at().images);
    const painted = new Uint32Array(paint(history.at(0).images, low, high).data.buffer);
    const data = await (await fetch(address)).arrayBuffer();
    const { image } = await new ImageDecoder({ data, type: 'image/gif' }).decode({ frameIndex: 0 });
    const context = new OffscreenCanvas(280, 280).getContext('2d');
    context?.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context?.getImageData(0, 0, 280, 280).data.buffer ?? []);
    return painted.every((color, at) => pixels[10 * (280 * Math.floor(at / 28) + (at % 28))] === color);
  }, file.address);
  assert.ok(same);
  assert.deepEqual(messages, []);
  await page.close();
});

test('before there is anything to save, nothing can be', async () => {
  const { page, messages, save } = await saving.visit('digit=3');
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).disabledAtFirst), true);
  const errors = await page.evaluate(async () => {
    document.querySelector('activation-maximization')?.setAttribute('digit', '7');
    const [, button] = document.querySelectorAll('.save button');
    /** @type {HTMLButtonElement} */ (button).click(); // The run for the 7 cannot have begun.
    await new Promise((resolve) => setTimeout(resolve));
    return /** @type {any} */ (window).errors;
  });
  assert.deepEqual(errors, ['The run with these settings has not begun yet. Try again in a moment.']);
  await page.waitForFunction(
    () => /** @type {any} */ (document.querySelector('activation-maximization')).experiment.digits[0] === 7,
  );
  assert.equal((await save('Picture (PNG)'))[0].name, 'actmax-mlp-digit-7-seed-1.png');
  assert.deepEqual(messages, []);
  await page.close();
});

test('the link is copied, or shown where the browser refuses', async () => {
  const { page, messages, click, status } = await saving.visit('digit=3&rate=0.01');
  const said = (/** @type {string} */ words) =>
    page.waitForFunction((words) => document.querySelector('.save-status')?.textContent === words, {}, words);
  const link = `${page.url()}#network=mlp&digit=3&target=0.9&steps=50&seed=1&rate=0.01`;
  const context = page.browserContext();
  await context.overridePermissions(saving.url, ['clipboard-read', 'clipboard-sanitized-write']);
  await page.bringToFront();
  await click('Copy link');
  await said('Link copied.');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  assert.equal(await page.$eval('.save input', (it) => it.hidden), true);

  await context.overridePermissions(saving.url, []); // Refuses all.
  await click('Copy link');
  await said('This browser did not allow it. Copy the link from the field.');
  const shown = await page.$eval('.save input', (it) => [it.hidden, it.value, it.selectionEnd]);
  assert.deepEqual(shown, [false, link, link.length]);
  assert.equal(await page.evaluate(() => String(getSelection())), link);
  await click('Image (.npy)');
  await said('Saved actmax-mlp-digit-3-seed-1-image.npy.');
  assert.equal(await page.$eval('.save input', (it) => it.hidden), true);
  assert.equal(await status(), 'Saved actmax-mlp-digit-3-seed-1-image.npy.');
  assert.deepEqual(messages, []);
  await page.close();
});
