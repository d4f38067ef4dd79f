// @ts-check
// Reports of loading, while something that runs already has to wait for it.

/** @typedef {import('./download.js').Progress} Progress */

/** Milliseconds before anything is reported: the loading may be over by then. */
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
