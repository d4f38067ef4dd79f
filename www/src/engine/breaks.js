// @ts-check
// Splits long work into short pieces, so that the page stays responsive.

/** Milliseconds that a piece may take. */
const PIECE = 12;

/**
 * @returns {() => Promise<void>} To be awaited often: lets the page handle events and draw whenever that is due.
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

/** A message and not a timer: in a tab in the background, timers fire only once a second. */
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
