// @ts-check
// What is said of loading that something which runs already has to wait for.

/** @typedef {import('./download.js').Progress} Progress */

/** Milliseconds in which nothing is said: it may be there by then. */
const QUIET = 500;

/**
 * Loads something, and reports it as `waited` for once that takes a while.
 *
 * @template T
 * @param {(progress: Progress) => void} report
 * @param {(report: (progress: Progress) => void) => Promise<T>} load
 * @returns {Promise<T>}
 */
export function quietly(report, load) {
  /** @type {Progress} */
  let newest = { what: '', bytes: 0 };
  let heard = (/** @type {Progress} */ _) => {};
  const timer = setTimeout(() => {
    heard = report;
    report(newest);
  }, QUIET);
  return load((progress) => {
    newest = { ...progress, waited: true };
    heard(newest);
  }).finally(() => clearTimeout(timer));
}
