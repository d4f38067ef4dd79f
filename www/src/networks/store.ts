// The networks that this browser keeps, in IndexedDB. What comes back from there may be anything:
// it is checked where it is used.

import { withinTime } from '../engine/timeout.ts';

const DATABASE = 'actmax';
const STORE = 'networks';

/** Milliseconds. A database that another tab keeps locked may never answer. */
const TIMEOUT = 5000;

/** Thrown when as many networks are kept as there may be. */
export class Full extends Error {}

/**
 * The keys of all that is kept, in their order.
 *
 * @returns Rejects when the browser refuses.
 */
export async function keptKeys(): Promise<IDBValidKey[]> {
  return (await look((store) => store.getAllKeys())) ?? [];
}

/**
 * What is kept under a key; undefined, if it is gone.
 *
 * @returns Rejects when the browser refuses.
 */
export function kept(key: IDBValidKey): Promise<unknown> {
  return look((store) => store.get(key));
}

/** @returns Nothing, where nothing was ever kept. */
function look<T>(ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
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
 * @param most How many may be kept, by all tabs together.
 * @returns Rejects when the browser refuses; with a `ConstraintError`, when there is something by that key; with
 *   `Full`, when `most` are kept.
 */
export function keep(key: string, value: unknown, most: number): Promise<void> {
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

/** @returns Rejects when the browser refuses. */
export function forget(key: IDBValidKey): Promise<void> {
  return change((store) => store.delete(key));
}

/** @param act May call `refuse` later on. */
function change(act: (store: IDBObjectStore, refuse: (error: unknown) => void) => void) {
  return within(async () => {
    const database = (await open(true))!;
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
 * @param create Whether to make the database if there is none: not in the browser of somebody who never brought
 *   anything.
 */
function open(create: boolean): Promise<IDBDatabase | undefined> {
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

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function within<T>(work: () => Promise<T>) {
  return withinTime(work(), TIMEOUT, 'its database did not answer within 5 seconds');
}
