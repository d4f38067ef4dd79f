// Splits long work into short pieces, so that the page stays responsive.

import { turn } from './frames.ts';

/** Milliseconds that a piece may take. */
const PIECE = 12;

/** @returns To be awaited often: lets the page handle events and draw whenever that is due. */
export function breaks(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > PIECE) {
      await turn();
      since = performance.now();
    }
  };
}
