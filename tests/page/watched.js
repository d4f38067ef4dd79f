// @ts-check
// A browser that can reach no host but this machine, and tells what it tried; and pages in it that
// tell what their Content-Security-Policy has forbidden.

import assert from 'node:assert/strict';
import { refusing, secluded } from './asked.js';
import { launch, openIn } from './browser.js';

/** @typedef {import('./browser.js').BrowserName} BrowserName */

/** Neither is a page's doing. */
const BROWSERS_OWN = [
  /^warn: No available adapters\.$/,
  /^warn: .*(WebGPU|powerPreference)/,
];

/** @param {BrowserName} name */
export async function watched(name) {
  const proxy = await refusing();
  const browser = await launch(name, { proxy: proxy.port });
  const { context, hosts, close } = await secluded(browser);
  return {
    browser,
    /** A page, and what it says on the console. @param {string} url */
    async visit(url) {
      const { page, messages } = await openIn(context);
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
    /** The other hosts that pages have asked for. */
    asked: () => [...hosts].sort(),
    async close() {
      await browser.close();
      await Promise.all([close(), proxy.close()]);
    },
  };
}
