// @ts-check
// A real browser on the real page: what the page's tests and the screenshots share.

import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import puppeteer from 'puppeteer-core';
import sirv from 'sirv';

import { TIMEOUT } from './figure.js';

const WWW = fileURLToPath(new URL('../../www', import.meta.url));

/** Chromium as a user has it, but for a GPU that is a software adapter. */
const CHROMIUM = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/** @typedef {'chromium' | 'chromium-without-webgpu' | 'firefox'} BrowserName */

/** @type {BrowserName[]} */
const NAMES = ['chromium', 'chromium-without-webgpu', 'firefox'];

/** The browser that the tests of this process run in: Chromium, or the one that $BROWSER names. */
export const BROWSER = /** @type {BrowserName} */ (process.env.BROWSER ?? 'chromium');
if (!NAMES.includes(BROWSER)) {
  throw new Error(`$BROWSER is "${BROWSER}". It must be one of ${NAMES.join(', ')}.`);
}

/**
 * The first of these programs that is installed.
 *
 * @param {string[]} paths
 */
export function installed(paths) {
  return paths.find((path) => existsSync(path));
}

export const FIREFOX = installed([
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]);

const CHROME = installed([
  process.env.CHROME ?? '',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]);

/**
 * Why a test is skipped: what it needs is not in the browser of this process.
 *
 * @param {BrowserName | BrowserName[]} names Of browsers.
 * @param {string} reason What they do not have.
 */
export function lacking(names, reason) {
  return [names].flat().includes(BROWSER) ? reason : false;
}

/**
 * @param {BrowserName} [name]
 * @param {object} [options]
 * @param {number} [options.proxy] The port, on this machine, of a proxy for all other hosts.
 * @param {Record<string, unknown>} [options.prefs] What is set in Firefox's about:config.
 */
export async function launch(name = BROWSER, { proxy, prefs = {} } = {}) {
  if (name === 'firefox') {
    if (!FIREFOX) {
      throw new Error('No Firefox found. Install it, or leave its tests out.');
    }
    return puppeteer.launch({
      browser: 'firefox',
      executablePath: FIREFOX,
      headless: true,
      defaultViewport: null,
      args: ['--width=1280', '--height=800'],
      extraPrefsFirefox: { ...(proxy === undefined ? {} : firefoxProxy(proxy)), ...prefs },
    });
  }
  if (!CHROME) {
    throw new Error('No Chromium or Chrome found. Install one, or say where it is in $CHROME.');
  }
  const args = name === 'chromium' ? CHROMIUM : ['--no-sandbox', '--disable-features=WebGPU'];
  const more = proxy === undefined ? [] : [`--proxy-server=http://127.0.0.1:${proxy}`];
  return puppeteer.launch({ executablePath: CHROME, headless: true, args: [...args, ...more] });
}

/** @param {number} port */
function firefoxProxy(port) {
  const kinds = ['http', 'ssl'].flatMap((kind) => [
    [`network.proxy.${kind}`, '127.0.0.1'],
    [`network.proxy.${kind}_port`, port],
  ]);
  return { 'network.proxy.type': 1, ...Object.fromEntries(kinds) };
}

/** A browser and a server for all tests of a file, which are gone after the last. */
export async function browserAndServer() {
  const browser = await launch();
  const server = await serve();
  after(async () => {
    await browser.close();
    await server.close();
  });
  return { browser, server };
}

/**
 * Serves `www` on a free port of this machine.
 *
 * @param {(path: string, response: import('node:http').ServerResponse) => boolean} [intercept]
 *   Answers a request itself and returns true, for tests of what goes wrong.
 */
export async function serve(intercept = () => false) {
  const files = sirv(WWW, { dev: true, etag: true });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    // As the servers do whose files others may use, and sandboxed frames.
    response.setHeader('Access-Control-Allow-Origin', '*');
    // Or browsers guess for how long a file stays what it is. (Unlike no-store, this lets a page into
    // the back/forward cache.)
    response.setHeader('Cache-Control', 'no-cache');
    if (!intercept(path, response)) {
      files(request, response);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The server has no port.');
  }
  return {
    url: `http://127.0.0.1:${address.port}/`,
    /** Also when pages still wait for an answer. */
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Opens the page and keeps what it says on the console.
 *
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} url
 */
export async function open(browser, url) {
  const opened = await openIn(browser);
  await opened.page.goto(url);
  return opened;
}

/**
 * An empty page, and what it says on the console.
 *
 * @param {import('puppeteer-core').Browser | import('puppeteer-core').BrowserContext} where
 */
export async function openIn(where) {
  const page = await where.newPage();
  page.setDefaultTimeout(TIMEOUT); // Of what is waited for, and of where it goes.
  /** @type {string[]} */
  const messages = [];
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => messages.push(`uncaught: ${error}`));
  return { page, messages };
}
