// Keeps the page for when there is no network, by Workbox. A page is wholly of one version, online or off: of the one
// that is kept, until no tab shows that any more; then of the newest that has arrived whole.

import { setCacheNameDetails } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import { addPlugins, matchPrecache, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';

interface Entry {
  url: string;
  revision: string | null;
  integrity?: string;
}

type LifeEvent = Event & { waitUntil(work: Promise<unknown>): void };

/** What is used of a worker's scope: TypeScript's library has either workers or pages. */
interface Scope {
  registration: { scope: string; waiting: object | null };
  clients: { claim(): Promise<void>; matchAll(options: { type: 'window' }): Promise<unknown[]> };
  skipWaiting: () => Promise<void>;
  addEventListener(type: 'activate', listener: (event: LifeEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

const worker = self as unknown as Scope;
/** The files of this version: the build puts them in the place of that name, which nobody declares. */
const files: Entry[] = (self as any).__WB_MANIFEST;
const root = worker.registration.scope;

/** The origin may have other caches: other people's, and those of this page at another address. */
const prefix = `actmax ${root}`;
const KEPT = `${prefix} kept`;
/** Ten megabytes that only a GPU has a use for: kept once they have been used. */
const USED = `${prefix} used`;
const IS_LATER = /\/assets\/webgpu/;

/** What a page says to the worker that is to take over. */
const GO_AHEAD = 'go ahead';

setCacheNameDetails({ prefix: '', precache: KEPT, suffix: '' });

const addresses = new Set(files.map(({ url }) => new URL(url, root).href));
/** The files of a page that have a hash in their names, as its HTML names them. */
const NAMED = /\b(?:src|href)="([^"]*assets\/[^"]+)"/g;

addPlugins([
  {
    // While a version is published, a server may still send a page of the one before.
    async cacheWillUpdate({ request, response }) {
      if (response.status !== 200) {
        return null;
      }
      const isPage = response.headers.get('content-type')?.startsWith('text/html');
      const named = isPage ? [...(await response.clone().text()).matchAll(NAMED)] : [];
      return named.every(([, path]) => addresses.has(new URL(path, request.url).href)) ? response : null;
    },
  },
]);

/**
 * A page that has the waiting worker take over, and then asks again. It is the page that waits for that, once: a worker
 * cannot, because the next does not take over while this one has a request to answer. (Five seconds are for a worker that
 * a still newer one replaced meanwhile.)
 */
const ASK_AGAIN = `<!doctype html><link rel="icon" href="data:,"><script>
  const again = () => location.reload();
  navigator.serviceWorker.addEventListener('controllerchange', again);
  navigator.serviceWorker.getRegistration().then((it) => (it?.waiting ? it.waiting.postMessage('${GO_AHEAD}') : again()));
  setTimeout(again, 5000);
</script>`;

// A page that is loaded again while no other shows the old version: the new one takes over.
registerRoute(
  ({ request }) => request.mode === 'navigate' && worker.registration.waiting !== null,
  async ({ url, request }) => {
    const pages = await worker.clients.matchAll({ type: 'window' });
    if (pages.length < 2) {
      return new Response(ASK_AGAIN, { headers: { 'content-type': 'text/html' } });
    }
    const path = url.origin + url.pathname;
    const kept = await Promise.all([path, `${path}index.html`, `${path}.html`].map((it) => matchPrecache(it)));
    return kept.find((it) => it !== undefined) ?? fetch(request);
  },
);

// The query is settings, or the number of a module's instance.
precacheAndRoute(files, { ignoreURLParametersMatching: [/./] });

registerRoute(
  ({ url, sameOrigin }) => sameOrigin && IS_LATER.test(url.pathname),
  new CacheFirst({
    cacheName: USED,
    plugins: [
      { cacheKeyWillBeUsed: async ({ request }) => request.url.replace(/[?#].*/, '') },
      new ExpirationPlugin({ maxEntries: 2 }), // The module and its JavaScript, of the version last used.
    ],
  }),
);

worker.addEventListener('message', ({ data }) => {
  if (data === GO_AHEAD) {
    worker.skipWaiting();
  }
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([clear(), worker.clients.claim()]));
});

/** Removes the caches of workers that were written otherwise. */
async function clear() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(`${prefix} `) && name !== KEPT && name !== USED);
  await Promise.all(old.map((name) => caches.delete(name)));
}
