// @ts-check
// A person who brings a network of their own, for the tests.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { open } from './browser.js';
import { TIMEOUT } from './figure.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** A file as a student would bring it. @param {string} name */
export const fixture = (name) => fileURLToPath(new URL(`../fixtures/own/${name}`, import.meta.url));

/** Files that are made for a test, in a folder that goes with it. */
export function makeFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'actmax-own-'));
  return {
    /** @param {string} name @param {string | Uint8Array} bytes */
    write(name, bytes) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * A safetensors file of these shapes, all zeros.
 *
 * @param {Record<string, number[]>} shapes
 */
export function safetensors(shapes) {
  let end = 0;
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const begin = end;
    end += 4 * shape.reduce((a, b) => a * b, 1);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(tensors)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(end)]);
}

/**
 * A visit in a browser that keeps nothing of the others.
 *
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} url
 * @param {() => void} [before] What the browser does wrong, before the page loads.
 */
export async function visit(browser, url, before) {
  const context = await browser.createBrowserContext();
  const { page, messages } = await open(/** @type {any} */ (context), 'about:blank');
  if (before) {
    await page.evaluateOnNewDocument(before);
  }
  await page.goto(url);
  await page.waitForSelector('.drop-zone');
  return { page, messages, close: () => context.close() };
}

/** Chooses a file in "Bring your own network". @param {Page} page @param {string} path */
export async function choose(page, path) {
  const input = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (
    await page.$('#own input[type="file"]')
  );
  await input.uploadFile(path);
}

/** Chooses a file that can be used, and waits for the questions. @param {Page} page @param {string} path */
export async function ask(page, path) {
  await choose(page, path);
  await page.waitForSelector('.questions:not([hidden])', { timeout: TIMEOUT });
}

/** What is asked: each question on show, with the answer that is chosen. @param {Page} page */
export function questions(page) {
  return page.$eval('.questions', (form) => ({
    recognized: form.querySelector('.recognized')?.textContent,
    answers: Object.fromEntries(
      [...form.querySelectorAll('input, select')]
        .filter((it) => it.checkVisibility())
        .map((it) => {
          const field = /** @type {HTMLSelectElement} */ (it);
          return [field.name, field.selectedOptions?.[0].textContent ?? field.value];
        }),
    ),
    warning: [...form.querySelectorAll('.warning')].filter((it) => it.checkVisibility()).map((it) => it.textContent).join(''),
  }));
}

/** Brings a network with the answers that are preselected. @param {Page} page @param {string} path */
export async function bring(page, path) {
  await ask(page, path);
  const cards = await page.$$eval('#own-models .model-card', (all) => all.length);
  await page.$eval('.questions button[type="submit"]', (it) => it.click());
  await page.waitForFunction(
    (cards) => document.querySelectorAll('#own-models .model-card').length > cards,
    { timeout: TIMEOUT },
    cards,
  );
}

/** What the drop zone says, and what it complains of. @param {Page} page */
export function said(page) {
  return page.$eval('.drop-zone', (zone) => ({
    said: zone.querySelector('.said')?.textContent,
    wrong: zone.querySelector('.wrong')?.textContent,
  }));
}
