// @ts-check
// Long work in short pieces, so that the page stays alive.

/** Milliseconds that a piece may take. */
const PIECE = 12;

/**
 * @returns {() => Promise<void>} To be awaited often: gives the page its turn whenever it is due.
 */
export function breaks() {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > PIECE) {
      await turn();
      since = performance.now();
    }
  };
}

/** A message and not a timer: those take a second each in a tab that is not on show. */
function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(undefined);
  });
}
