// @ts-check
// The networks that this browser keeps, in IndexedDB. What comes back from there may be anything:
// it is checked where it is used.

import { withinTime } from '../engine/timeout.js';

const DATABASE = 'actmax';
const STORE = 'networks';

/** Milliseconds. A database that another tab keeps locked may never answer. */
const TIMEOUT = 5000;

/** Thrown when as many networks are kept as there may be. */
export class Full extends Error {}

/**
 * The keys of all that is kept, in their order.
 *
 * @returns {Promise<IDBValidKey[]>} Rejects when the browser refuses.
 */
export async function keptKeys() {
  return (await look((store) => store.getAllKeys())) ?? [];
}

/**
 * What is kept under a key; undefined, if it is gone.
 *
 * @param {IDBValidKey} key
 * @returns {Promise<unknown>} Rejects when the browser refuses.
 */
export function kept(key) {
  return look((store) => store.get(key));
}

/**
 * @template T
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T | undefined>} Nothing, where nothing was ever kept.
 */
function look(ask) {
  return within(async () => {
    const database = await open(false);
    if (!database) {
      return undefined;
    }
    try {
      return await done(ask(database.transaction(STORE).objectStore(STORE)));
    } finally {
      database.close();
    }
  });
}

/**
 * Keeps something under a key that nothing has.
 *
 * @param {string} key
 * @param {unknown} value
 * @param {number} most How many may be kept, by all tabs together.
 * @returns {Promise<void>} Rejects when the browser refuses; with a `ConstraintError`, when there is
 *   something by that key; with `Full`, when `most` are kept.
 */
export function keep(key, value, most) {
  return change((store, refuse) => {
    const count = store.count();
    count.onsuccess = () => {
      try {
        if (count.result >= most) {
          throw new Full();
        }
        store.add(value, key);
      } catch (error) {
        refuse(error);
      }
    };
  });
}

/** @param {IDBValidKey} key @returns {Promise<void>} Rejects when the browser refuses. */
export function forget(key) {
  return change((store) => store.delete(key));
}

/** @param {(store: IDBObjectStore, refuse: (error: unknown) => void) => void} act May call `refuse` later on. */
function change(act) {
  return within(async () => {
    const database = /** @type {IDBDatabase} */ (await open(true));
    const transaction = database.transaction(STORE, 'readwrite');
    try {
      await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(undefined);
        // Only `oncomplete` makes it certain: a quota may be exceeded at the very end.
        transaction.onabort = () => reject(transaction.error);
        act(transaction.objectStore(STORE), (error) => {
          reject(error);
          transaction.abort();
        });
      });
    } finally {
      database.close();
    }
  });
}

/**
 * @param {boolean} create Whether to make the database if there is none: not in the browser of
 *   somebody who never brought anything.
 * @returns {Promise<IDBDatabase | undefined>}
 */
function open(create) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1); // Throws where a page may keep nothing.
    let absent = false;
    request.onupgradeneeded = () => {
      if (create) {
        request.result.createObjectStore(STORE);
      } else {
        absent = true;
        request.transaction?.abort();
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault(); // Firefox writes it to the console otherwise.
      if (absent) {
        resolve(undefined);
      } else {
        reject(request.error);
      }
    };
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @template T @param {() => Promise<T>} work */
function within(work) {
  return withinTime(work(), TIMEOUT, 'its database did not answer within 5 seconds');
}
