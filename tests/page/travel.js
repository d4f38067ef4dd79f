// @ts-check
// A browser and a server for the tests of what travels: pages of the tests' own, beside www.

import assert from 'node:assert/strict';

import { BROWSER, SITE, launch, open, serve } from './browser.js';

/** What Chromium itself says when a page asks for a GPU that is not there. */
const CHROMIUMS_OWN = 'warn: No available adapters.';

/**
 * Pages and frames that are not in www.
 *
 * @param {Record<string, string>} [pages] Their HTML, by path; can be added to.
 * @param {string} [folder] See `serve`.
 */
export async function traveling(pages = {}, folder = SITE) {
  const browser = await launch();
  const server = await serve((path, response) => {
    if (!(path in pages)) {
      return false;
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(pages[path]);
    return true;
  }, folder);
  return {
    url: server.url,
    pages,
    /**
     * A new tab, whose console is to stay empty.
     *
     * @param {string} path
     * @param {(page: import('puppeteer-core').Page) => Promise<unknown>} [prepare] Before it goes there.
     */
    async visit(path, prepare = async () => {}) {
      const { page, messages } = await open(browser, 'about:blank');
      if (BROWSER !== 'firefox') {
        await page.setViewport({ width: 1280, height: 720 }); // Firefox has none of what this sends.
      }
      await prepare(page);
      await page.goto(server.url + path);
      return {
        page,
        async close() {
          await page.close();
          assert.deepEqual(messages.filter((it) => it !== CHROMIUMS_OWN), []);
        },
      };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * A whole page around some HTML.
 *
 * @param {string} body
 * @param {string} [head]
 */
export function pageOf(body, head = '') {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title>
<link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;
}

/**
 * The frame with that in its address, once it is there.
 *
 * @param {import('puppeteer-core').Page} page
 * @param {string} part
 * @returns {Promise<any>}
 */
export async function frameOf(page, part) {
  return page.waitForFrame((frame) => frame.url().includes(part));
}

/** @param {number} milliseconds */
export function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
