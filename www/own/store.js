// @ts-check
// The networks that this browser keeps, in IndexedDB. What comes back from there may be anything:
// it is checked where it is used.

import { withinTime } from '../patience.js';

const DATABASE = 'actmax';
const STORE = 'networks';

/** Milliseconds. A database that another tab holds on to may never answer. */
const PATIENCE = 5000;

/**
 * All that is kept, with the keys.
 *
 * @param {number} most How many.
 * @returns {Promise<{ key: IDBValidKey, value: unknown }[]>} Rejects when the browser refuses.
 */
export function keptNetworks(most) {
  return within(async () => {
    const database = await open(false);
    if (!database) {
      return [];
    }
    const store = database.transaction(STORE).objectStore(STORE);
    const [keys, values] = await Promise.all([
      done(store.getAllKeys(null, most)),
      done(store.getAll(null, most)),
    ]);
    database.close();
    return keys.map((key, index) => ({ key, value: values[index] }));
  });
}

/**
 * Keeps something under a key that nothing has.
 *
 * @param {string} key
 * @param {unknown} value
 * @returns {Promise<void>} Rejects when the browser refuses; with a `ConstraintError`, when there is
 *   something by that key.
 */
export function keep(key, value) {
  return change((store) => store.add(value, key));
}

/** @param {IDBValidKey} key @returns {Promise<void>} Rejects when the browser refuses. */
export function forget(key) {
  return change((store) => store.delete(key));
}

/** @param {(store: IDBObjectStore) => void} act */
function change(act) {
  return within(async () => {
    const database = /** @type {IDBDatabase} */ (await open(true));
    const transaction = database.transaction(STORE, 'readwrite');
    try {
      await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(undefined);
        // Only then is it certain: a quota may be found to be spent at the very end.
        transaction.onabort = () => reject(transaction.error);
        act(transaction.objectStore(STORE));
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
  return withinTime(work(), PATIENCE, 'its database did not answer within 5 seconds');
}
