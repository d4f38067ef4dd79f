// @ts-check
// A browser that can reach no host but this machine, and tells what it tried; and pages in it that
// tell what their Content-Security-Policy has forbidden.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';

import { launch, open } from './browser.js';

/** @typedef {import('./browser.js').BrowserName} BrowserName */

/** Neither is a page's doing. */
const BROWSERS_OWN = [
  /^warn: No available adapters\.$/,
  /^warn: .*(WebGPU|powerPreference)/,
];

/** The browsers ask these themselves, whatever page is open. */
const BACKGROUND =
  /^((accounts|clients\d)\.google\.com|(update|content-autofill|optimizationguide-pa|safebrowsing)\.googleapis\.com|.*\.mozilla\.(com|net))$/;

/** @param {BrowserName} name */
export async function watched(name) {
  /** @type {Set<string>} */
  const asked = new Set();
  const refuse = (/** @type {string} */ host) => asked.add(host.replace(/:\d+$/, ''));
  const proxy = createServer((request, response) => {
    refuse(new URL(request.url ?? '', 'http://unknown/').host);
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    refuse(request.url ?? 'unknown');
    socket.end('HTTP/1.1 502 Blocked\r\n\r\n');
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  const browser = await launch(name, { proxy: port });
  return {
    browser,
    /** A page, and what it says on the console. @param {string} url */
    async visit(url) {
      const { page, messages } = await open(browser, 'about:blank');
      await page.setViewport({ width: 1280, height: 800 });
      await page.evaluateOnNewDocument(() =>
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
          console.error(`forbidden by ${effectiveDirective}: ${blockedURI} in ${sourceFile}`),
        ),
      );
      await page.goto(url);
      const said = () => messages.filter((it) => !BROWSERS_OWN.some((own) => own.test(it)));
      return {
        page,
        said,
        /** Its console is to have stayed empty. */
        async close() {
          await page.close();
          assert.deepEqual(said(), []);
        },
      };
    },
    /** The other hosts that were asked for. */
    asked: () => [...asked].filter((host) => !BACKGROUND.test(host)),
    async close() {
      await browser.close();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
