// @ts-check
// Keeps the page for when there is no network. Where there is one it has no say: everything comes
// from there, so that nobody sees an old page, nor half of one.
//
// A cache is one version of the site, whole: it is filled in one go or not at all, and only
// WebGPU's module is added to it later. Any change of a file makes another version, as
// vendor/offline.js says, which the build writes. It also says which bytes each file has: what the
// disk has damaged is dropped, and fetched again.

/** @typedef {import('../tests/offline-list.js').List} List */
/** @typedef {Event & { waitUntil(work: Promise<unknown>): void }} LifeEvent */
/**
 * @typedef {LifeEvent & {
 *   request: Request,
 *   clientId: string,
 *   resultingClientId: string,
 *   respondWith(answer: Promise<Response>): void,
 * }} FetchEvent
 */
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

const { version, files, later, hashes } = worker.OFFLINE;
const root = worker.registration.scope;
/** The origin may have other caches: other people's, and those of this page at another address. */
const prefix = `actmax ${root} `;
const cacheName = prefix + version;

/** Milliseconds for the network to answer, where there is something else to answer with. */
const NETWORK_TIMEOUT = 8000;
/** Milliseconds for the disk. */
const DISK_TIMEOUT = 4000;

/** Milliseconds until all of the cache is looked through again, and the entry that says when that was last done. */
const LOOK_AGAIN = 86_400_000;
const LOOKED = 'looked-through';

/** The pages that came from the cache: their parts do too, so that they fit together. */
const keptPages = new Set();
/** What was damaged, and is to be kept again when it next comes. */
const dropped = new Set();
/** Whether this worker has looked what its cache lacks. */
let looked = false;

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
  const all = await Promise.all(files.map(async (file) => ({ file, response: await ask(file) })));
  const cache = await caches.open(cacheName);
  for (const { file, response } of all) {
    await cache.put(file, response);
  }
}

/**
 * A file as it should be, from the server.
 *
 * @param {string} file
 * @param {RequestCache} cache `no-cache` asks the server whether the copy in the HTTP cache is still the file.
 * @returns {Promise<Response>} Rejects when it cannot be had.
 */
async function ask(file, cache = 'no-cache') {
  const response = await fetch(new Request(file, { cache }));
  if (response.status === 200 && (await isIntact(file, response.clone()))) {
    return response;
  }
  if (response.status === 200 && cache === 'no-cache') {
    return ask(file, 'reload'); // The copy in the HTTP cache is damaged.
  }
  throw new Error(`${file} cannot be had: the server says ${response.status}.`);
}

/** @param {string} file @param {Response} response Is read to its end. */
async function isIntact(file, response) {
  if (hashes[file] === undefined) {
    return true;
  }
  const hash = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(hash))) === hashes[file];
}

async function clear() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * Which file of the list is asked for. The query string does not matter: it is settings, or the number
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
  const { request, clientId, resultingClientId } = event;
  const own = keptPages.has(clientId) ? await find(file) : undefined;
  if (own) {
    return own;
  }
  const fetched = fetch(request);
  let response;
  try {
    response = await inTime(fetched, NETWORK_TIMEOUT);
  } catch {
    const found = await find(file);
    if (found && request.mode === 'navigate') {
      keptPages.add(resultingClientId);
    }
    return found ?? fetched;
  }
  if (response.status === 200 && (later.includes(file) || dropped.has(file))) {
    event.waitUntil(keep(file, response.clone()));
  }
  if (request.mode === 'navigate') {
    event.waitUntil(heal());
  }
  return response;
}

/** @param {string} file @param {Response} response */
async function keep(file, response) {
  try {
    if (await isIntact(file, response.clone())) {
      const cache = await caches.open(cacheName);
      await cache.put(file, response);
      dropped.delete(file);
    }
  } catch {
    // The disk is full, or the connection broke off: then it is not kept.
  }
}

/**
 * Fetches what the cache lacks, while there is a network; and once a day what is damaged, too. To find
 * that takes reading and hashing all of the cache, and browsers start a worker again for nearly every visit.
 */
async function heal() {
  if (looked) {
    return;
  }
  looked = true;
  try {
    const cache = await caches.open(cacheName);
    const due = await isDue(cache);
    const kept = new Set((await cache.keys()).map(({ url }) => url));
    for (const file of [...files, ...later]) {
      const whole = due ? await find(file) : kept.has(root + file);
      if (!whole && files.includes(file)) {
        await ask(file).then((response) => keep(file, response), () => {});
      }
    }
    if (due) {
      await cache.put(LOOKED, new Response(String(Date.now())));
    }
  } catch {
    // The browser cannot read its cache, or the disk is full.
  }
}

/** Whether it is a day since the cache was looked through. @param {Cache} cache */
async function isDue(cache) {
  const last = Number(await (await cache.match(LOOKED))?.text());
  const ago = Date.now() - last;
  return !(ago >= 0 && ago < LOOK_AGAIN); // Never, or by a clock that was wrong.
}

/**
 * What is kept of a file. If that is damaged, it is dropped.
 *
 * @param {string} file
 * @returns {Promise<Response | undefined>}
 */
async function find(file) {
  try {
    return await inTime(match(file), DISK_TIMEOUT);
  } catch {
    return undefined; // The browser cannot read its cache.
  }
}

/** @param {string} file */
async function match(file) {
  const found = await caches.match(file, { cacheName, ignoreVary: true });
  if (found && !(await isIntact(file, found.clone()))) {
    dropped.add(file);
    await caches.open(cacheName).then((cache) => cache.delete(file, { ignoreVary: true }));
    return undefined;
  }
  // A navigation must not be answered with a redirected response, as from index.html to the folder.
  return found?.redirected ? new Response(found.body, found) : found;
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} timeout Milliseconds.
 * @returns {Promise<T>}
 */
function inTime(promise, timeout) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('It took too long.')), timeout);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
