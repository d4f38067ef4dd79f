// Reports of loading, while something that runs already has to wait for it.

import type { Progress } from './download.ts';

/** Milliseconds before anything is reported: the loading may be over by then. */
const QUIET = 500;

/** Loads something, and reports it as `waited` for once that takes a while. */
export function quietly<T>(
  report: (progress: Progress) => void,
  load: (report: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  let newest: Progress = { what: '', bytes: 0 };
  let heard = (_: Progress) => {};
  const timer = setTimeout(() => {
    heard = report;
    report(newest);
  }, QUIET);
  return load((progress) => {
    newest = { ...progress, waited: true };
    heard(newest);
  }).finally(() => clearTimeout(timer));
}
