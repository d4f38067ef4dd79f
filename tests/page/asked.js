// @ts-check
// Which hosts the pages of a browser ask, and they alone. Browsers also ask hosts of their makers,
// for updates, lists and experiments: other ones in every version, and that is no page's doing.

import { createServer } from 'node:http';

/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('puppeteer-core').BrowserContext} BrowserContext */
/** @typedef {import('puppeteer-core').CDPSession} CDPSession */

/** Pauses each target until it is watched, so that none of its requests is missed. */
const ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };

/** A proxy that lets nobody through, and knows which hosts it was asked for. */
export async function refusing() {
  /** @type {Set<string>} */
  const hosts = new Set();
  const proxy = createServer((request, response) => {
    hosts.add(new URL(request.url ?? '', 'http://unknown/').hostname);
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    hosts.add(new URL(`http://${request.url}`).hostname);
    socket.end('HTTP/1.1 502 Blocked\r\n\r\n');
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  return { hosts, port, close: () => new Promise((resolve) => proxy.close(resolve)) };
}

/**
 * A window of its own, whose pages can reach no host but this machine, and the hosts that they asked.
 *
 * @param {Browser} browser Its own requests go elsewhere.
 */
export async function secluded(browser) {
  const proxy = await refusing();
  const context = await browser.createBrowserContext({ proxyServer: `127.0.0.1:${proxy.port}` });
  const chromium = (await browser.version()).startsWith('Chrome');
  return {
    context,
    // Firefox sends nothing of its own through the proxy of a window. Chromium does, such as the names
    // of a form's fields, but it says of every request which page or worker has made it.
    hosts: chromium ? await attributed(browser, context) : proxy.hosts,
    close: proxy.close,
  };
}

/**
 * The hosts that pages, frames and workers of a context ask, by what Chromium says of each.
 *
 * @param {Browser} browser
 * @param {BrowserContext} context
 */
async function attributed(browser, context) {
  /** @type {Set<string>} */
  const hosts = new Set();
  const note = (/** @type {string} */ url, documentURL = '') => {
    const { protocol, hostname } = new URL(url);
    // The browser's own windows, such as the list below its address bar, are pages too.
    const ours = !documentURL.startsWith('chrome');
    if (ours && ['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && hostname !== '127.0.0.1') {
      hosts.add(hostname);
    }
  };
  const watch = (/** @type {CDPSession} */ session) => {
    session.on('Target.attachedToTarget', async ({ sessionId, targetInfo }) => {
      const target = session.connection()?.session(sessionId);
      if (!target) {
        return;
      }
      if (targetInfo.browserContextId === context.id) {
        watch(target);
        target.on('Network.requestWillBeSent', (it) => note(it.request.url, it.documentURL));
        target.on('Network.webSocketCreated', ({ url }) => note(url));
        target.on('Network.webTransportCreated', ({ url }) => note(url));
      }
      // All at once: a paused worker answers none before it goes on.
      await Promise.allSettled([
        target.send('Network.enable'),
        target.send('Target.setAutoAttach', ATTACH),
        target.send('Runtime.runIfWaitingForDebugger'),
      ]);
    });
  };
  const session = await browser.target().createCDPSession();
  watch(session);
  await session.send('Target.setAutoAttach', ATTACH);
  return hosts;
}
