// @ts-check
// Two versions of the site, built from the same source, each of which says which it is wherever it can: in every script,
// style sheet and page. And a server that publishes one over the other, as static hosts do.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import sirv from 'sirv';
import { build, loadConfigFromFile } from 'vite';

import { namesOf, serve } from './browser.js';

/** @typedef {import('puppeteer-core').Page} Page */

const CONFIG = fileURLToPath(new URL('../build/vite.config.js', import.meta.url));

/** @param {string} version @returns {import('vite').Plugin} */
const stamp = (version) => ({
  name: 'stamp',
  enforce: 'pre',
  transform: {
    filter: { id: /\/www\/.*\.(css|[jt]s)$/ },
    handler: (code, id) => ({
      code: id.endsWith('.css')
        ? `:root { --version-${version}: yes; }\n${code}`
        : `${code}\n(globalThis.versions ??= new Set()).add('${version}');`,
      map: null,
    }),
  },
  transformIndexHtml: (html) => html.replace('<html ', `<html data-version="${version}" `),
});

/**
 * Builds a version of the site.
 *
 * @param {string} version
 * @param {string} folder
 */
async function built(version, folder) {
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, CONFIG);
  const { plugins = [], build: options, ...config } = loaded?.config ?? {};
  const isQuick = (/** @type {any} */ it) => !/compression/.test(it?.name);
  await build({
    ...config,
    configFile: false,
    logLevel: 'error',
    plugins: [...plugins.flat(2).filter(isQuick), stamp(version)],
    build: { ...options, outDir: folder },
  });
}

/** Both versions, by number, in folders that are there until the tests of a file are over. */
export async function versions() {
  const folder = mkdtempSync(join(tmpdir(), 'actmax-versions-'));
  after(() => rmSync(folder, { recursive: true }));
  const made = ['1', '2'].map((it) => join(folder, it));
  for (const [index, it] of made.entries()) {
    await built(String(index + 1), it);
  }
  return made;
}

/**
 * A server of the first version, with its own origin and so its own caches.
 *
 * @param {import('node:test').TestContext} test
 * @param {string[]} folders
 * @param {string} [caching] What browsers are told of every file: by default what GitHub Pages tells them.
 */
export async function published(test, folders, caching = 'max-age=600') {
  const sites = folders.map((folder) => ({ files: sirv(folder, { dev: true, etag: true }), names: namesOf(folder) }));
  const state = {
    version: 1,
    /** Whether there is no connection. */
    down: false,
    /** Whether there is one, but never an answer. */
    silent: false,
    /** What is answered in place of a file, by its name without the hash. @type {Record<string, number | 'nothing' | 'other bytes'>} */
    refused: {},
    /** Of which version each page is sent, whatever is published. @type {number | undefined} */
    pages: undefined,
  };
  const server = await serve((path, response) => {
    const { req: request } = response;
    if (state.down) {
      request.socket.destroy();
      return true;
    }
    if (state.silent) {
      return true;
    }
    if (path === '/frame.html') {
      response.setHeader('content-type', 'text/html').end('<!doctype html><iframe src="./?backend=cpu" width="1000" height="700"></iframe>');
      return true;
    }
    const isPage = path.endsWith('/') || path.endsWith('.html');
    const { files, names } = sites[((isPage && state.pages) || state.version) - 1];
    const trouble = state.refused[names.get(path) ?? path];
    if (trouble === 'other bytes') {
      response.setHeader('content-type', 'text/javascript').end('// Something else.');
    } else if (typeof trouble === 'number') {
      response.writeHead(trouble).end();
    } else if (trouble === undefined) {
      response.setHeader('cache-control', caching);
      files(request, response);
    }
    return true;
  });
  test.after(() => server.close());
  return { ...server, state };
}

/**
 * Of which versions the parts of a page are: its HTML, its scripts and its style sheets.
 *
 * @param {Page | import('puppeteer-core').Frame} page
 * @returns {Promise<string[]>}
 */
export async function versionsIn(page) {
  return page.evaluate(() => {
    const style = getComputedStyle(document.documentElement);
    const ofStyles = ['1', '2'].filter((it) => style.getPropertyValue(`--version-${it}`) !== '');
    const ofScripts = /** @type {any} */ (window).versions ?? [];
    return [...new Set([document.documentElement.dataset.version ?? '', ...ofScripts, ...ofStyles])].sort();
  });
}
