// @ts-check
// What is loaded ahead of a page: the engine and the first figure's files, before the page's own
// modules are there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

import { SITE, launch, open, serve } from './browser.js';

/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page with a frame that is far below what is seen of it. */
const TALL = `<!doctype html>
<div style="height: 3000px"></div>
<iframe src="embed.html?backend=cpu" width="400" height="500"></iframe>`;

/**
 * A server that keeps count of what it is asked for, and never sends one of its files.
 *
 * @param {string} [held]
 */
async function counting(held) {
  /** @type {Map<string, number>} */
  const asked = new Map();
  const server = await serve((path, response) => {
    asked.set(path, (asked.get(path) ?? 0) + 1);
    if (path === '/tall.html') {
      response.setHeader('content-type', 'text/html').end(TALL);
      return true;
    }
    return path === held;
  });
  return { ...server, asked };
}

/** @param {() => boolean} happened */
async function until(happened) {
  for (const end = Date.now() + 30_000; !happened(); ) {
    assert.ok(Date.now() < end, 'It did not happen within 30 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * What a module imports before it runs, and what that imports.
 *
 * @param {string} path Below www/dist.
 * @param {Set<string>} found
 */
function importsOf(path, found = new Set()) {
  const text = readFileSync(join(SITE, path), 'utf8');
  for (const [, from] of text.matchAll(/(?:\bfrom|\bimport)\s*["'`](\.[^"'`]+)["'`]/g)) {
    const imported = join(dirname(path), from);
    if (!found.has(imported)) {
      found.add(imported);
      importsOf(imported, found);
    }
  }
  return found;
}

for (const page of ['index.html', 'embed.html', 'slides/index.html']) {
  test(`${page} names all modules of its scripts, so that none waits for another`, () => {
    const html = readFileSync(join(SITE, page), 'utf8');
    const below = (/** @type {string} */ path) => join(dirname(page), path);
    const named = [...html.matchAll(/<link rel="modulepreload"[^>]* href="([^"]+)"/g)].map(([, href]) => below(href));
    const scripts = [...html.matchAll(/<script type="module"[^>]* src="([^"]+)"/g)].map(([, src]) => below(src));
    assert.ok(scripts.length > 0);
    const imported = new Set(scripts.flatMap((it) => [...importsOf(it)]));
    assert.deepEqual(named.sort(), [...imported].filter((it) => !scripts.includes(it)).sort());
  });
}

for (const [address, held, ...networks] of [
  ['?backend=cpu', '/assets/index.js', 'lenet5', 'robust'],
  ['?backend=cpu#network=robust', '/assets/index.js', 'robust'],
  ['embed.html?backend=cpu', '/assets/embed.js', 'mlp'],
  ['embed.html#network=lenet5&backend=cpu', '/assets/embed.js', 'lenet5'],
]) {
  test(`${address}: the engine and ${networks.join(' and ')} come without ${held}`, async () => {
    const { url, asked, close } = await counting(held);
    const { page } = await open(browser, 'about:blank');
    try {
      await page.goto(url + address, { waitUntil: [] });
      const weights = [...networks, 'means'].map((it) => `/weights/${it}.safetensors`);
      const wanted = ['/pkg/cpu/actmax_bg.wasm', ...weights];
      await until(() => wanted.every((it) => asked.has(it)));
      const loaded = [...asked.keys()].filter((it) => it.startsWith('/weights/') || it.endsWith('.wasm'));
      assert.deepEqual(loaded.sort(), wanted.sort());
    } finally {
      await page.close();
      await close();
    }
  });
}

test('what is loaded ahead is loaded once, and is what the first figure uses', async () => {
  const { url, asked, close } = await counting();
  const { page } = await open(browser, 'about:blank');
  try {
    await page.goto(`${url}?backend=cpu`);
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('hero'))?.iteration > 0);
    const files = ['/pkg/cpu/actmax_bg.wasm', ...['lenet5', 'robust', 'means'].map((it) => `/weights/${it}.safetensors`)];
    assert.deepEqual(files.map((it) => asked.get(it)), [1, 1, 1, 1]);
    assert.equal(await page.$eval('#backend-name', (it) => it.textContent), 'CPU: as asked for');
    // The text takes the others, after the picture.
    await until(() => asked.has('/weights/mlp.safetensors') && asked.has('/weights/control.safetensors'));
  } finally {
    await page.close();
    await close();
  }
});

test('a frame that nobody sees yet loads nothing ahead', async () => {
  const { url, asked, close } = await counting();
  const { page } = await open(browser, 'about:blank');
  try {
    await page.goto(`${url}tall.html`);
    await until(() => asked.has('/assets/embed.js'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(!asked.has('/pkg/cpu/actmax_bg.wasm'));
    await page.$eval('iframe', (it) => it.scrollIntoView());
    await until(() => asked.has('/pkg/cpu/actmax_bg.wasm'));
  } finally {
    await page.close();
    await close();
  }
});
