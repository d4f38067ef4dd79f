// @ts-check
// A real browser on the real page: what the page's tests and the screenshots share.

import { createServer } from 'node:http';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import puppeteer from 'puppeteer-core';
import sirv from 'sirv';

import { TIMEOUT } from './figure.js';

const fromRoot = (/** @type {string} */ path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The page as it is published. */
export const SITE = fromRoot('www/dist');
/** The same, with each module by itself and under its own name, for tests that look inside. */
export const MODULES = fromRoot('target/modules');

/** What tests take of others, below /vendor/. */
const VENDOR = fromRoot('tests/node_modules/reveal.js/dist');

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

/**
 * A browser and a server for all tests of a file, which are gone after the last.
 *
 * @param {string} [folder] See `serve`.
 */
export async function browserAndServer(folder) {
  const browser = await launch();
  const server = await serve(undefined, folder);
  after(async () => {
    await browser.close();
    await server.close();
  });
  return { browser, server };
}

/**
 * Serves the page on a free port of this machine.
 *
 * @param {(path: string, response: import('node:http').ServerResponse) => boolean} [intercept]
 *   Answers a request itself and returns true, for tests of what goes wrong. It is told of files by their names in the
 *   source, as `/pkg/cpu/actmax_bg.wasm`, or without a hash, as `/assets/figure.js`.
 * @param {string} [folder] `SITE` or `MODULES`.
 */
export async function serve(intercept = () => false, folder = SITE) {
  const files = sirv(folder, { dev: true, etag: true, brotli: true, gzip: true });
  const others = sirv(VENDOR, { dev: true });
  const names = namesOf(folder);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    // As the servers do whose files others may use, and sandboxed frames.
    response.setHeader('Access-Control-Allow-Origin', '*');
    // Or browsers guess for how long a file stays what it is. (Unlike no-store, this lets a page into
    // the back/forward cache.)
    response.setHeader('Cache-Control', 'no-cache');
    if (intercept(names.get(path) ?? path, response)) {
      return;
    }
    if (folder === MODULES && path === '/service-worker.js') {
      response.setHeader('Content-Type', 'text/javascript').end('// Keeps nothing: these modules are not published.');
    } else if (path.startsWith('/vendor/reveal/')) {
      request.url = path.slice('/vendor/reveal'.length);
      others(request, response);
    } else {
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

/** By the path of a file that has a hash in its name: what it is in the source, or its name without. @param {string} folder */
export function namesOf(folder) {
  if (folder === MODULES) {
    return new Map(); // They have no hashes.
  }
  /** @type {Record<string, { file: string, src?: string }>} */
  const manifest = JSON.parse(readFileSync(`${folder}/.vite/manifest.json`, 'utf8'));
  const sources = new Map(Object.values(manifest).map(({ file, src }) => [file, src ?? '']));
  return new Map(
    readdirSync(`${folder}/assets`).map((name) => {
      const source = sources.get(`assets/${name}`) ?? '';
      const isSource = /^(pkg|weights)\//.test(source);
      return [`/assets/${name}`, isSource ? `/${source}` : `/assets/${name.replace(/-[\w-]{8}(?=\.\w+$)/, '')}`];
    }),
  );
}

/** Where a file of the page lies. @param {string} name In the source, or without its hash: see `serve`. */
export function builtFile(name) {
  const [path] = [...namesOf(SITE)].find(([, its]) => its === name) ?? [];
  if (!path) {
    throw new Error(`The page has no ${name}: run ./build.sh build.`);
  }
  return SITE + path;
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
