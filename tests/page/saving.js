// @ts-check
// A page with a figure and its menu for saving, and what that saves to the disk.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MODULES, launch, openIn, serve } from './browser.js';

/** Milliseconds, for a run to end and for a file to be made, on a busy machine. */
const TIMEOUT = 60_000;

/** The settings of the figure are those of the address. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Saving</title>
    <link rel="icon" href="icon.svg" />
    <link rel="stylesheet" href="src/figure/base.css" />
    <link rel="stylesheet" href="src/page/export/export.css" />
    <script type="module">
      import { useBackend } from './src/engine/shared-engine.js';
      import './activation-maximization.js';
      import { SaveMenu } from './src/page/export/menu.js';

      useBackend('cpu');
      window.errors = [];
      const figure = document.createElement('activation-maximization');
      for (const [name, value] of new URLSearchParams('autoplay&loading=eager&' + location.search.slice(1))) {
        figure.setAttribute(name, value);
      }
      const menu = new SaveMenu(figure, { onError: (error) => window.errors.push(error.message) });
      document.body.append(figure, menu.element);
      window.disabledAtFirst = [...menu.element.querySelectorAll('.save-buttons button')].every((it) => it.disabled);
    </script>
  </head>
  <body></body>
</html>`;

/** @typedef {{ name: string, bytes: Buffer, address: string }} Saved */

/** A browser that saves to a folder of its own, and a server that gives back what was saved. */
export async function savingBrowser() {
  const folder = await mkdtemp(join(tmpdir(), 'actmax-save-'));
  const server = await serve((path, response) => {
    const [, where, name] = path.split('/');
    if (path !== '/save-test.html' && where !== 'saved') {
      return false;
    }
    response.setHeader('content-type', where === 'saved' ? 'application/octet-stream' : 'text/html');
    response.end(where === 'saved' ? readFileSync(join(folder, name)) : PAGE);
    return true;
  }, MODULES);
  const browser = await launch('chromium');
  const session = await browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allowAndName',
    downloadPath: folder,
    eventsEnabled: true,
  });
  /** @type {Map<string, string>} */
  const names = new Map();
  /** @type {Saved[]} */
  let saved = [];
  session.on('Browser.downloadWillBegin', ({ guid, suggestedFilename }) => names.set(guid, suggestedFilename));
  session.on('Browser.downloadProgress', ({ guid, state }) => {
    if (state === 'completed') {
      const bytes = readFileSync(join(folder, guid));
      saved.push({ name: names.get(guid) ?? '', bytes, address: `/saved/${guid}` });
    }
  });

  /**
   * Opens the page and waits for the end of the run.
   *
   * @param {string} query
   * @param {() => void} [before] Runs in the page, ahead of its own scripts.
   */
  async function visit(query, before) {
    saved = [];
    const { page, messages } = await openIn(browser);
    if (before) {
      await page.evaluateOnNewDocument(before);
    }
    await page.goto(`${server.url}save-test.html?${query}`);
    await page.waitForFunction(
      () => /** @type {any} */ (document.querySelector('activation-maximization'))?.state === 'done',
      { timeout: TIMEOUT },
    );

    /** @param {string} words Of a button. */
    const click = (words) => page.locator(`.save button ::-p-text(${words})`).click();
    const status = () => page.$eval('.save-status', (it) => it.textContent ?? '');
    /** Saves, and waits for the files. @param {string} words @param {number} [count] */
    const save = async (words, count = 1) => {
      saved = [];
      await click(words);
      const end = Date.now() + TIMEOUT;
      while (saved.length < count) {
        if (Date.now() > end) {
          throw new Error(`${words}: ${saved.length} of ${count} files. ${await status()}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return saved.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    };
    return { page, messages, click, save, saved: () => saved, status };
  }

  const close = async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true });
  };
  return { browser, url: server.url, visit, close };
}
