// @ts-check
// Sharing a figure of the guided path: one dialog for all of them.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { readConfig } from '../../www/src/settings/config.ts';
import { snippet } from '../../www/src/page/snippets.ts';
import { MODULES, browserAndServer, open } from './browser.js';
import { reached } from './figure.js';
import { pageOf, traveling } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const { browser, server } = await browserAndServer();

/** The button below a figure. @param {string} id */
const share = (id) => `.figure-frame:has(> #${id}) .share`;

/** Brings a figure into view, so that it begins. @param {Page} page @param {string} id */
async function begin(page, id) {
  await page.$eval(`#${id}`, (it) => it.scrollIntoView({ behavior: 'instant' }));
  await page.waitForFunction((id) => /** @type {any} */ (document.getElementById(id)).experiment?.begun, {}, id);
}

/** What each figure of the guided path is told by its attributes. */
async function figures() {
  const { page } = await open(browser, `${server.url}?backend=cpu`);
  const all = await page.$$eval('.exercise activation-maximization', (all) =>
    all.map((it) => ({
      id: it.id,
      attributes: Object.fromEntries([...it.attributes].map(({ name, value }) => [name, value])),
      shared: it.closest('.figure-frame')?.querySelectorAll('.share').length,
    })),
  );
  await page.close();
  return all;
}

test('every figure of the guided path has one button for it, and the page one dialog', async () => {
  const all = await figures();
  assert.ok(all.length >= 8, String(all.length));
  assert.deepEqual(all.map(({ shared }) => shared), all.map(() => 1));
  const { page, messages } = await open(browser, `${server.url}?backend=cpu`);
  assert.equal((await page.$$('dialog.share-dialog')).length, 1);
  assert.deepEqual(messages, []);
  await page.close();
});

test('two clicks lead from a figure to its slide in the clipboard, and to its link', async () => {
  const { page, messages } = await open(browser, `${server.url}?backend=cpu`);
  await page.browserContext().overridePermissions(server.url, ['clipboard-read', 'clipboard-sanitized-write']);
  await page.bringToFront();
  await begin(page, 'three');
  await page.click(share('three'));
  await page.click('dialog[open] button.primary');
  await page.waitForFunction(() => document.querySelector('dialog .said')?.textContent === 'Copied.');
  const slide = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(slide, /^<!-- once, in the head of the deck -->/);
  assert.match(slide, /<section style="height: 100%">\n {2}<activation-maximization network="mlp" digit="3"/);
  await page.click('dialog .close');

  // The same dialog, for another figure.
  await begin(page, 'ten');
  await page.click(share('ten'));
  assert.match(await page.$eval('dialog[open] textarea', (it) => it.value), /digit="all"/);
  await page.locator('dialog[open] .save button ::-p-text(Copy link)').click();
  await page.waitForFunction(() => document.querySelector('dialog .save-status')?.textContent === 'Link copied.');
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /#network=mlp&digit=all&/);

  // What cannot be saved is said where the dialog is.
  await page.locator('dialog[open] .save button ::-p-text(Animation for a slide)').click();
  await page.waitForFunction(
    () =>
      document.querySelector('dialog .save-status')?.textContent ===
      'The run stands at its start, so there is nothing that moves. Run the figure first.',
  );
  assert.deepEqual(messages, []);
  await page.close();
});

test('it says that an address on this computer is for nobody else, and axe has nothing against it', async () => {
  for (const scheme of /** @type {const} */ (['light', 'dark'])) {
    const { page, messages } = await open(browser, `${server.url}?backend=cpu`);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await begin(page, 'three');
    await page.click(share('three'));
    assert.equal(
      await page.$eval('dialog .local', (it) => (it.checkVisibility() ? it.textContent : '')),
      'This address is on your computer only: others cannot open it.',
    );
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { violations } = await /** @type {any} */ (window).axe.run('dialog');
      return violations.map((/** @type {any} */ it) => `${it.id}: ${it.nodes.map((/** @type {any} */ node) => node.target)}`);
    });
    assert.deepEqual(found, []);
    assert.deepEqual(messages, []);
    await page.close();
  }
});

test('every kind of figure fits a slide of reveal.js as it comes, alone and beside its charts', async (context) => {
  const world = await traveling({}, MODULES);
  context.after(() => world.close());
  const seen = new Set();
  for (const { id, attributes } of await figures()) {
    const { config } = readConfig({ get: (name) => attributes[name] ?? null });
    const kind = `${config.network.split(',').length} ${config.digits.length} ${config.objective}`;
    if (seen.has(kind)) {
      continue;
    }
    seen.add(kind);
    for (const charts of [false, true]) {
      const name = `${id}-${charts}.html`;
      const wish = { base: world.url, config: { ...config, steps: 3 }, controls: true, autoplay: true, form: false, charts };
      const [head, slide] = snippet('reveal', wish).split(/<!-- a slide.*-->/);
      world.pages[`/${name}`] = pageOf(
        `<div class="reveal"><div class="slides">${slide}</div></div>
         <script type="module">
           import Reveal from './vendor/reveal/reveal.mjs';
           await new Reveal().initialize();
         </script>`,
        `<link rel="stylesheet" href="vendor/reveal/reveal.css">${head}`,
      );
      const { page, close } = await world.visit(name);
      await reached(page, 'activation-maximization', 'done');
      const { top, bottom, right, columns } = await page.$eval('activation-maximization', (it) => ({
        ...it.getBoundingClientRect().toJSON(),
        columns: getComputedStyle(/** @type {any} */ (it.shadowRoot?.querySelector('.figure'))).gridTemplateColumns.split(' ').length,
      }));
      assert.ok(top >= 0 && bottom <= 720 && right <= 1280, `${name}: from ${top} to ${bottom}, right ${right}`);
      assert.equal(columns, charts ? 2 : 1, name);
      await close();
    }
  }
});
