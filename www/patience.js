// @ts-check
// Waiting, but not for ever.

/**
 * The value of a promise, unless it takes too long or the wait is called off.
 *
 * A signal rather than a promise that rejects: what races against a promise that lives on leaves
 * something behind with it each time, and there is a wait in every frame.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {number} patience Milliseconds.
 * @param {string} message What is said when they are over.
 * @param {AbortSignal} [signal] Calls the wait off, with its reason.
 * @returns {Promise<T>}
 */
export function withinTime(promise, patience, message, signal) {
  return new Promise((resolve, reject) => {
    const callOff = () => reject(signal?.reason);
    if (signal?.aborted) {
      callOff();
    }
    signal?.addEventListener('abort', callOff);
    const timer = setTimeout(() => reject(new Error(message)), patience);
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', callOff);
    });
  });
}
