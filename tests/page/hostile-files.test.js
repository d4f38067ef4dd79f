// @ts-check
// The files of tests/fixtures/hostile, shown to the module in the browser: there a size has 32 bits,
// not 64, and what is too much for it must be refused all the same.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { MODULES, launch, open, serve } from './browser.js';

const FOLDER = fileURLToPath(new URL('../fixtures/hostile/', import.meta.url));

/** What the libraries say of a header depends on the size of a number: it is not compared. */
const REASON = /\(.*\)/s;

/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  browser = await launch('chromium');
  server = await serve(undefined, MODULES);
});
after(async () => {
  await browser.close();
  await server.close();
});

test('what is said of hostile files is said in the browser, too', async () => {
  /** @type {Record<string, string>} */
  const messages = JSON.parse(await readFile(`${FOLDER}messages.json`, 'utf8'));
  const names = (await readdir(FOLDER)).filter((name) => name !== 'messages.json');
  const files = await Promise.all(
    names.map(async (name) => ({ name, base64: await readFile(FOLDER + name, 'base64') })),
  );
  const { page } = await open(browser, `${server.url}embed.html`);
  const said = await page.evaluate(async (files) => {
    const module = await import(/** @type {any} */ ('./pkg/cpu/actmax.js'));
    await module.default({ module_or_path: './pkg/cpu/actmax_bg.wasm' });
    /** @type {Record<string, string>} */
    const said = {};
    for (const { name, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
      try {
        module.inspect(bytes);
        said[name] = 'It was taken.';
      } catch (error) {
        said[name] = error instanceof Error ? error.message : `not an error: ${error}`;
      }
    }
    return said;
  }, files);
  assert.ok(names.length > 30);
  for (const name of names) {
    assert.equal(said[name].replace(REASON, '(…)'), messages[name].replace(REASON, '(…)'), name);
  }
});
