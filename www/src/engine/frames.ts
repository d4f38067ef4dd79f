// Animation frames: waits for the next one, and shares its time among those who compute.

/** Milliseconds of an animation frame that iterations may take, so that the page stays responsive. */
const BUDGET = 8;

/** Those who compute in animation frames now. */
const workers = new Set<object>();

/** From now on, `worker` gets a part of every frame. */
export function join(worker: object) {
  workers.add(worker);
}

/** `worker` needs no part any more. */
export function leave(worker: object) {
  workers.delete(worker);
}

/** The milliseconds of a frame that each worker may take. */
export function part() {
  return BUDGET / Math.max(1, workers.size);
}

/**
 * @param signal Ends the wait.
 * @returns The time of the next animation frame.
 */
export function nextFrame(signal?: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const end = () => resolve(performance.now());
    requestAnimationFrame((now) => {
      signal?.removeEventListener('abort', end);
      resolve(now);
    });
    signal?.addEventListener('abort', end, { once: true });
  });
}

/**
 * Lets the page handle events and draw. Uses a message, not a timer: in the background, timers fire only once a second.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
