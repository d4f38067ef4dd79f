// @ts-check
// Keeps the page for when there is no network. Where there is one it has no say: everything comes
// from there, so that nobody sees an old page, nor half of one.
//
// A cache is one version of the site, whole: it is filled in one go or not at all, and only
// WebGPU's module is added to it later. Any change of a file makes another version, as
// vendor/offline.js says, which the build writes.

/** @typedef {import('../tests/offline-list.js').List} List */
/** @typedef {Event & { waitUntil(work: Promise<unknown>): void }} LifeEvent */
/** @typedef {LifeEvent & { request: Request, respondWith(answer: Promise<Response>): void }} FetchEvent */
/**
 * What is used of a worker's scope: TypeScript's library has either workers or pages.
 *
 * @typedef {object} Scope
 * @property {List} OFFLINE
 * @property {{ scope: string }} registration
 * @property {{ claim(): Promise<void> }} clients
 * @property {() => Promise<void>} skipWaiting
 * @property {(path: string) => void} importScripts
 * @property {(type: 'install' | 'activate' | 'fetch', listener: (event: any) => void) => void} addEventListener
 */

const worker = /** @type {Scope} */ (/** @type {unknown} */ (self));

worker.importScripts('vendor/offline.js');

const { version, files, later } = worker.OFFLINE;
const root = worker.registration.scope;
/** The origin may have other caches: other people's, and those of this page at another address. */
const prefix = `actmax ${root} `;
const cacheName = prefix + version;

worker.addEventListener('install', (/** @type {LifeEvent} */ event) => {
  worker.skipWaiting(); // The page that brought this version is newer than the old cache.
  event.waitUntil(fill());
});

worker.addEventListener('activate', (/** @type {LifeEvent} */ event) => {
  event.waitUntil(Promise.all([clear(), worker.clients.claim()]));
});

worker.addEventListener('fetch', (/** @type {FetchEvent} */ event) => {
  const file = fileOf(event.request);
  if (file !== undefined) {
    event.respondWith(answer(event, file));
  }
});

async function fill() {
  const cache = await caches.open(cacheName);
  // The server is asked whether what the browser has of a file is still the file.
  await cache.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })));
}

async function clear() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * Which file of the list is asked for. The search is no part of that: it is settings, or the number
 * of a module's instance.
 *
 * @param {Request} request
 */
function fileOf({ method, url }) {
  const [address] = url.split(/[?#]/);
  if (method !== 'GET' || !address.startsWith(root)) {
    return undefined;
  }
  const path = address.slice(root.length);
  return [path, `${path}index.html`, `${path}.html`].find(
    (file) => files.includes(file) || later.includes(file),
  );
}

/** @param {FetchEvent} event @param {string} file */
async function answer(event, file) {
  let response;
  try {
    response = await fetch(event.request);
  } catch (error) {
    const kept = await find(file);
    if (kept) {
      return kept;
    }
    throw error;
  }
  if (response.status === 200 && later.includes(file)) {
    event.waitUntil(keep(file, response.clone()));
  }
  return response;
}

/** @param {string} file @param {Response} response */
async function keep(file, response) {
  try {
    const cache = await caches.open(cacheName);
    await cache.put(file, response);
  } catch {
    // The disk is full, or the connection broke off: then it is not kept.
  }
}

/** @param {string} file @returns {Promise<Response | undefined>} */
async function find(file) {
  try {
    const kept = await caches.match(file, { cacheName, ignoreVary: true });
    // A page must not come out of a redirection, as from index.html to the folder.
    return kept?.redirected ? new Response(kept.body, kept) : kept;
  } catch {
    return undefined; // The browser cannot read its cache.
  }
}
