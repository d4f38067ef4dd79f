// Timeouts: nothing is waited for without end.

/**
 * A timeout is split into this many timers, one after another, so that time during which the machine slept, or the
 * page had no time for its timers, counts as one of them at most.
 */
const PARTS = 4;

/**
 * The value of a promise, unless it takes too long or the wait is aborted.
 *
 * Aborted by a signal, not by a second promise: `Promise.race` with a promise that never settles leaks a little
 * memory with every call, and there is a wait in every animation frame.
 *
 * @param timeout Milliseconds.
 * @param message Of the error when the time is over.
 * @param signal Aborts the wait, with its reason.
 */
export function withinTime<T>(promise: Promise<T>, timeout: number, message: string, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout>;
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const abort = () => {
      end();
      reject(signal?.reason);
    };
    const wait = (parts: number) => {
      timer = setTimeout(() => {
        if (parts > 1) {
          wait(parts - 1);
        } else {
          end();
          reject(new Error(message));
        }
      }, timeout / PARTS);
    };
    signal?.addEventListener('abort', abort);
    wait(PARTS);
    promise.then(resolve, reject).finally(end);
    if (signal?.aborted) {
      abort();
    }
  });
}

/** Milliseconds for the first time: there are shaders to compile, maybe on a busy CPU. */
export const FIRST_TIMEOUT = 60_000;
/** The least timeout after that, in milliseconds. */
const LEAST_TIMEOUT = 2000;
/** Work may take this many times as long as the last time. */
const FACTOR = 10;
/** How often the work must have been done by then: Adam's second step has other shaders than its first. */
const ENOUGH = 3;

/** A timeout for work that is done again and again: it adapts to how long that takes. */
export class AdaptiveTimeout {
  #what = '';
  #times = 0;
  #each = 0;

  /**
   * @param what Stands for the kind of work: another kind may have to be compiled first.
   * @param size How much work: its time is in proportion to this.
   * @returns Milliseconds.
   */
  milliseconds(what: string, size: number): number {
    const known = what === this.#what && this.#times >= ENOUGH;
    const due = Math.max(LEAST_TIMEOUT, FACTOR * size * this.#each);
    return known ? due : Math.max(FIRST_TIMEOUT, due);
  }

  /** @param time Milliseconds. */
  took(what: string, size: number, time: number) {
    this.#times = what === this.#what ? this.#times + 1 : 1;
    this.#what = what;
    this.#each = time / size;
  }
}
