// @ts-check
// The page on paper: an exercise sheet, with lines, finished pictures, and the discussions at its end.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { browserAndServer, lacking, open } from './browser.js';

const { browser, server } = await browserAndServer();

const skip = lacking('firefox', 'Its driver prints without a word to the page.');
const noReader = spawnSync('pdftotext', ['-v']).error ? 'there is no pdftotext here' : false;

/** What is on paper, in its order, as it is laid out when it is printed. */
function look() {
  const seen = [...document.querySelectorAll('.exercise .question, .lines, .solutions h2, .solution p')];
  const order = seen.map((it) => (it.closest('.solutions') ? 'solution' : it.className));
  const figures = /** @type {any[]} */ ([...document.querySelectorAll('.exercise activation-maximization')]);
  return {
    order,
    lines: [...document.querySelectorAll('.lines')].map((it) => it.childElementCount),
    ids: [...document.querySelectorAll('[id]')].length - new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)).size,
    pressed: document.querySelectorAll('.solutions :is(button, input, summary, .instead)').length,
    // What would answer a guess above it.
    told: [...document.querySelectorAll('.guess')]
      .map((it) => /** @type {any} */ (document.getElementById(/** @type {HTMLElement} */ (it).dataset.of ?? '')))
      .filter((it) => [...it.shadowRoot.querySelectorAll('.readings')].some((readings) => !readings.hidden))
      .map(({ id }) => id),
    missing: figures.filter((it) => it.shadowRoot.querySelector('.waiting')).map(({ id }) => id),
    iterations: Object.fromEntries(figures.map((it) => [it.id, it.shadowRoot.querySelector('.iteration').textContent])),
  };
}

test('by its button: every picture finished, and all as before afterward', { skip }, async () => {
  const { page, messages } = await open(browser, `${server.url}?backend=cpu`);
  // A figure that was seen and not run, and one that stands on its way.
  for (const id of ['ten', 'three']) {
    await page.$eval(`#${id}`, (it) => it.scrollIntoView({ behavior: 'instant' }));
    await page.waitForFunction((id) => /** @type {any} */ (document.getElementById(id)).experiment?.begun, {}, id);
  }
  await page.$eval('#three', async (it) => {
    await /** @type {any} */ (it).step();
    await /** @type {any} */ (it).step();
  });
  const folder = mkdtempSync(join(tmpdir(), 'actmax-sheet-'));
  const path = join(folder, 'sheet.pdf');
  await page.evaluate(() => {
    const asked = /** @type {any} */ (window);
    asked.print = () => (asked.isPrinted = true);
  });
  await page.click('#print-sheet');
  await page.waitForFunction(() => /^Making the pictures: \d+ of \d+ …$/.test(document.getElementById('print-sheet-status')?.textContent ?? ''));
  await page.waitForFunction(() => /** @type {any} */ (window).isPrinted, { timeout: 200_000 });
  const session = await page.createCDPSession();
  await session.send('Emulation.setEmulatedMedia', { media: 'print' });
  await page.waitForFunction(() => document.querySelector('.solutions'));
  const paper = await page.evaluate(look);

  assert.deepEqual(paper.missing, []);
  assert.deepEqual(paper.told, []);
  const steps = await page.$$eval('.exercise activation-maximization', (all) =>
    Object.fromEntries(all.map((it) => [it.id, /** @type {any} */ (it).settings.steps])),
  );
  const ends = Object.fromEntries(
    Object.entries(steps).map(([id, end]) => [id, `Iteration ${id === 'noise' ? 0 : end} of ${end}`]),
  );
  assert.deepEqual(paper.iterations, ends);
  const questions = await page.$$eval('.exercise .question', (all) => all.length);
  assert.deepEqual(paper.lines, Array.from({ length: questions }, () => 4));
  // Each question with its lines; after the last, nothing but discussions.
  assert.equal(paper.order.slice(0, 2 * questions).join(), Array.from({ length: questions }, () => 'question,lines').join());
  assert.ok(paper.order.length > 2 * questions + 10 && paper.order.slice(2 * questions).every((it) => it === 'solution'));
  assert.deepEqual([paper.ids, paper.pressed], [0, 0]);
  const details = await page.$$eval('.exercise details', (all) => all.filter((it) => it.checkVisibility()).length);
  assert.equal(details, 0);

  await session.send('Emulation.setEmulatedMedia', { media: '' });
  await page.waitForFunction(() => !document.querySelector('.solutions'));
  assert.equal(await page.$('.lines'), null);
  await page.pdf({ path, format: 'A4' });
  await page.waitForFunction(() => !document.querySelector('.solutions'));
  const after = await page.evaluate(look);
  assert.deepEqual(after.told, ['adam', 'three', 'both', 'robust', 'change']);
  assert.deepEqual([after.iterations.three, after.iterations.ten], ['Iteration 2 of 50', 'Iteration 0 of 50']);
  if (!noReader) {
    const pages = spawnSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).stdout.split('\f').slice(0, -1);
    const first = pages.findIndex((it) => /^\s*Discussions\s*$/m.test(it));
    const words = (/** @type {string} */ text) => text.replaceAll(/\s+/g, ' ');
    const last = words((await page.$$eval('.exercise .question', (all) => all.at(-1)?.textContent ?? '')).trim()).slice(0, 30);
    assert.ok(pages.length >= 6 && pages.length <= 16, `${pages.length} pages`);
    assert.ok(first > 0 && pages.length - first <= 4, `discussions from page ${first + 1} of ${pages.length}`);
    const asked = pages.findLastIndex((it) => words(it).includes(last));
    assert.ok(asked >= 0 && asked < first, `the last question on page ${asked + 1}, discussions on ${first + 1}`);
    assert.match(pages[0], /^\s*Name/);
    assert.ok(!pages.some((it) => /Open in the laboratory|Share …|Learning rate\n|had not been when this was printed/.test(it)));
  }
  rmSync(folder, { recursive: true });
  assert.deepEqual(messages, []);
  await page.close();
});
