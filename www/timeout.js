// @ts-check
// Waiting, but not for ever.

/**
 * A wait is counted in so many parts, of which each counts as what it was meant to take: a machine
 * that slept, or a page that had no time for its timers, has not waited meanwhile.
 */
const PARTS = 4;

/**
 * The value of a promise, unless it takes too long or the wait is called off.
 *
 * A signal rather than a promise that rejects: what races against a promise that lives on leaves
 * something behind with it each time, and there is a wait in every frame.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {number} timeout Milliseconds.
 * @param {string} message What is said when they are over.
 * @param {AbortSignal} [signal] Calls the wait off, with its reason.
 * @returns {Promise<T>}
 */
export function withinTime(promise, timeout, message, signal) {
  return new Promise((resolve, reject) => {
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', callOff);
    };
    const callOff = () => {
      end();
      reject(signal?.reason);
    };
    const wait = (/** @type {number} */ parts) => {
      timer = setTimeout(() => {
        if (parts > 1) {
          wait(parts - 1);
        } else {
          end();
          reject(new Error(message));
        }
      }, timeout / PARTS);
    };
    signal?.addEventListener('abort', callOff);
    wait(PARTS);
    promise.then(resolve, reject).finally(end);
    if (signal?.aborted) {
      callOff();
    }
  });
}

/** Milliseconds for what has not been done before: there are shaders to compile, maybe on a busy CPU. */
export const FIRST_TIMEOUT = 60_000;
/** Milliseconds that are waited at least for what has. */
const LEAST_TIMEOUT = 2000;
/** How many times as long as the last time it may take. */
const FACTOR = 10;
/** How often it must have been done: Adam's second step has other shaders than its first. */
const ENOUGH = 3;

/** How long to wait for what is done again and again: in the end, not much longer than it takes. */
export class AdaptiveTimeout {
  #what = '';
  #times = 0;
  #each = 0;

  /**
   * @param {string} what Anything else may have to be compiled first.
   * @param {number} size How much of it; what it takes is in proportion to that.
   * @returns {number} Milliseconds.
   */
  milliseconds(what, size) {
    const known = what === this.#what && this.#times >= ENOUGH;
    const due = Math.max(LEAST_TIMEOUT, FACTOR * size * this.#each);
    return known ? due : Math.max(FIRST_TIMEOUT, due);
  }

  /** @param {string} what @param {number} size @param {number} time Milliseconds. */
  took(what, size, time) {
    this.#times = what === this.#what ? this.#times + 1 : 1;
    this.#what = what;
    this.#each = time / size;
  }
}
