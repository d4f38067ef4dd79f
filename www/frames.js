// @ts-check
// Animation frames: when the next one is, and how much of it may be computed in.

/** Milliseconds of a frame that iterations may take, so that the page stays responsive. */
const BUDGET = 8;

/** Whoever computes in frames now. @type {Set<object>} */
const workers = new Set();

/** From now on, it has a part of every frame. @param {object} worker */
export function join(worker) {
  workers.add(worker);
}

/** It needs no part any more. @param {object} worker */
export function leave(worker) {
  workers.delete(worker);
}

/** The part of each of them, in milliseconds. */
export function part() {
  return BUDGET / Math.max(1, workers.size);
}

/** @returns {Promise<number>} The time of the next animation frame. */
export function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/**
 * The page's turn, to answer its person and to draw. Not a timer, of which a page in the background has
 * one a second.
 *
 * @returns {Promise<void>}
 */
export function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
