// @ts-check
// The one engine of a document: everything on the page shares it, and what it loads.

import { Engine } from './engine.js';

/** @typedef {import('./engine.js').Status} Status */
/** @typedef {import('./session.js').Progress} Progress */
/** @typedef {import('./engine.js').Options} Options */

/**
 * @typedef {object} Listener
 * @property {(status: Status) => void} [onStatus] There is an engine, and this is what it runs on.
 * @property {(progress: Progress) => void} [onProgress]
 * @property {() => void} [onFailure] There is none. It can be asked for again.
 */

/** @type {Set<Listener>} */
const listeners = new Set();
/** @type {Options['backend']} */
let backend = 'auto';
/** @type {Promise<Engine> | undefined} */
let engine;

/**
 * Asks for a backend. Has an effect before the engine is first used.
 *
 * @param {string | null} name `cpu`, `webgpu`; anything else is `auto`.
 */
export function useBackend(name) {
  backend = name === 'cpu' || name === 'webgpu' ? name : 'auto';
}

/**
 * The engine, started when it is first asked for. After a failure it can be asked for again.
 *
 * @returns {Promise<Engine>}
 */
export function sharedEngine() {
  engine ??= Engine.start({
    backend,
    onStatus: (status) => listeners.forEach((it) => it.onStatus?.(status)),
    onProgress: (progress) => listeners.forEach((it) => it.onProgress?.(progress)),
  }).catch((error) => {
    engine = undefined;
    listeners.forEach((it) => it.onFailure?.());
    throw error;
  });
  return engine;
}

/**
 * Hears of the engine.
 *
 * @param {Listener} listener
 * @returns {() => void} Ends it.
 */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
