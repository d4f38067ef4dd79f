// @ts-check
// The state of one run, for those who change it and those who wait for it to change.

import { after } from './states.js';

/** @typedef {import('./states.js').Event} Event */
/** @typedef {import('./states.js').State} State */

export class RunState {
  /** @type {State} */
  #value = 'idle';
  #onChange;
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  get value() {
    return this.#value;
  }

  /** Changes the state: nothing else does. @param {Event} event Throws if it may not happen now. */
  to(event) {
    this.#value = after(this.#value, event);
    this.look();
    this.#onChange();
  }

  /** Those who wait are to look again: the state has changed, or whether somebody sees the run. */
  look() {
    this.#waiting.forEach((wake) => wake());
  }

  /**
   * Waits for the next change.
   *
   * @param {number} [timeout] Milliseconds after which it waits no longer.
   * @returns {Promise<boolean>} Whether something has changed.
   */
  change(timeout) {
    return new Promise((resolve) => {
      const wake = (changed = true) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(changed);
      };
      const timer = timeout === undefined ? undefined : setTimeout(wake, timeout, false);
      this.#waiting.add(wake);
    });
  }
}
