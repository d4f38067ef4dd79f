// @ts-check
// Faults, for the tests that inject them: what a server does wrong, and a page that meets it.

import { readFileSync } from 'node:fs';

import { MODULES, open, serve } from './browser.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {NonNullable<Parameters<typeof serve>[0]>} Intercept */


/**
 * What a server may do in place of sending a file, and what is then said of it.
 *
 * @type {Record<string, { answer: (response: ServerResponse, file: Buffer) => void, says: RegExp }>}
 */
export const TROUBLES = {
  'is not there': {
    answer: (response) => response.writeHead(404).end('not found'),
    says: /: the server says 404\.$/,
  },
  'is a web page': {
    answer: (response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('\n<!DOCTYPE html><p>Log in'),
    says: /: the server sent a web page in its place\.$/,
  },
  'is cut off': {
    answer: (response, file) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, file.length / 2), () => setTimeout(() => response.destroy(), 200));
    },
    says: /: the connection broke off after \d+ kB\.$/,
  },
  'stops half way': {
    answer: (response, file) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, file.length / 2));
    },
    says: /: after \d+ kB, nothing more came for 20 seconds\.$/,
  },
  'is never sent': {
    answer: () => {},
    says: /: the server did not answer within 20 seconds\.$/,
  },
  'meets a dead connection': {
    // The request's: while an answer before it is still on its way, the response has none.
    answer: (response) => response.req.socket.destroy(),
    says: /: is there a connection\?$/,
  },
};

/**
 * Trouble that nobody can speak of at once.
 *
 * @type {typeof TROUBLES}
 */
const SILENT = {
  'is not whole': { answer: (response, file) => response.end(file.subarray(0, 100)), says: /./ },
  'was cached wrong': {
    answer: (response) => response.writeHead(200, { 'cache-control': 'max-age=3600' }).end('oops'),
    says: /./,
  },
};

/**
 * A server that has trouble with one file until it is mended.
 *
 * @param {string} path
 * @param {string} trouble
 */
export async function troubled(path, trouble) {
  const file = readFileSync(MODULES + path);
  const state = { mended: false, asked: 0 };
  const server = await serve((asked, response) => {
    if (asked !== path) {
      return false;
    }
    state.asked += 1;
    if (state.mended) {
      return false;
    }
    (TROUBLES[trouble] ?? SILENT[trouble]).answer(response, file);
    return true;
  }, MODULES);
  return { ...server, state };
}

/**
 * For `evaluateOnNewDocument`: what is waited for 20 seconds, as downloads are, takes two.
 *
 * @param {boolean} [all] Whether that also goes for what is waited for a minute. Not where there are kernels to
 *   compile, which may take that long on a busy machine.
 */
export function shortTimeouts(all = false) {
  const real = window.setTimeout;
  Object.assign(window, {
    setTimeout: (/** @type {() => void} */ act, /** @type {number} */ delay) =>
      real(act, delay === 5000 || (all && delay === 15_000) ? 500 : delay),
  });
}

/**
 * Opens the page, with WebGPU asked for if no other address is given.
 *
 * @param {import('puppeteer-core').Browser} browser
 * @param {object} fault
 * @param {Intercept} [fault.intercept] What the server does wrong.
 * @param {() => void} [fault.before] What the browser does wrong, before the page loads.
 * @param {string} [fault.address]
 * @param {(page: Page, messages: string[]) => Promise<void>} check
 */
export async function withFault(browser, { intercept, before, address }, check) {
  const server = await serve(intercept);
  const { page, messages } = await open(browser, 'about:blank');
  try {
    if (before) {
      await page.evaluateOnNewDocument(before);
    }
    // Not until all of it is there: that may be the fault.
    await page.goto(`${server.url}${address ?? '?backend=webgpu#digit=3'}`, { waitUntil: [] });
    await check(page, messages);
  } finally {
    await page.close();
    await server.close();
  }
}

/** @param {Page} page @param {string} id */
export function text(page, id) {
  return page.$eval(`#${id}`, (element) => element.textContent ?? '');
}

/** Until a notice stands on the page. @param {Page} page */
export async function notice(page) {
  await page.waitForSelector('#notice:not([hidden])', { timeout: 120_000 });
  return text(page, 'notice-text');
}
