// @ts-check
// The one engine of a document: everything on the page shares it, and what it loads.

import { Engine } from './engine.js';

/** @typedef {import('./engine.js').Status} Status */
/** @typedef {import('./session.js').Progress} Progress */
/** @typedef {import('./engine.js').Options} Options */
/** @typedef {import('./files.js').FileName} FileName */

/**
 * @typedef {object} Listener
 * @property {(status: Status) => void} [onStatus] There is an engine; the status says what it runs on.
 * @property {(progress: Progress) => void} [onProgress]
 * @property {() => void} [onFailure] The engine could not be started. It can be asked for again.
 */

/** @type {Set<Listener>} */
const listeners = new Set();
/** @type {Options['backend']} */
let backend = 'auto';
/** @type {Promise<Engine> | undefined} */
let engine;
/** @type {Status | undefined} The last one reported. */
let status;

/**
 * Asks for a backend. Has an effect only before the engine is started.
 *
 * @param {string | null} name `cpu`, `webgpu`; anything else is `auto`.
 */
export function useBackend(name) {
  backend = name === 'cpu' || name === 'webgpu' ? name : 'auto';
}

/**
 * The engine, started when it is first asked for. After a failure it can be asked for again.
 *
 * @param {FileName[]} [ahead] Files that will be needed: if the engine is started now, they are loaded along with it.
 * @returns {Promise<Engine>}
 */
export function sharedEngine(ahead = []) {
  engine ??= start(ahead);
  return engine;
}

/** @param {FileName[]} ahead */
function start(ahead) {
  let failed = false;
  return Engine.start({
    backend,
    ahead,
    onStatus: (now) => {
      status = now;
      listeners.forEach((it) => it.onStatus?.(now));
    },
    onProgress: (progress) => {
      // Progress after a failure is not passed on: nobody waits for it.
      if (!failed) {
        listeners.forEach((it) => it.onProgress?.(progress));
      }
    },
  }).catch((error) => {
    failed = true;
    engine = undefined;
    status = undefined;
    listeners.forEach((it) => it.onFailure?.());
    throw error;
  });
}

/**
 * Adds a listener, and tells it the status at once if there is one.
 *
 * @param {Listener} listener
 * @returns {() => void} Removes the listener.
 */
export function listen(listener) {
  listeners.add(listener);
  if (status) {
    listener.onStatus?.(status);
  }
  return () => listeners.delete(listener);
}
