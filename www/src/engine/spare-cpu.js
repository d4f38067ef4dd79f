// @ts-check
// The CPU session beside WebGPU: the GPU's results are compared with its own, and it takes over at once when the GPU
// breaks down.

import { Session } from './session.js';

export class SpareCpu {
  #report;
  /** @type {Session | undefined} */
  #session;
  /** @type {Promise<Session> | undefined} */
  #opening;

  /** @param {(progress: import('./session.js').Progress) => void} report Hears of what is loaded. */
  constructor(report) {
    this.#report = report;
  }

  /** Keeps the session that has worked until now. @param {Session} session */
  keep(session) {
    this.#session = session;
  }

  /**
   * The session, to compare with: one instance, however many runs begin at once.
   *
   * @returns {Promise<Session>} Rejects when there is none; it can then be asked for again.
   */
  async session() {
    if (this.#session && !this.#session.fault) {
      return this.#session;
    }
    this.#opening ??= Session.open('cpu', this.#report)
      .then((session) => (this.#session = session))
      .finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** The session, to be used from now on: it is no longer the spare one. Undefined, if there is none that works. */
  take() {
    const session = this.#session;
    this.#session = undefined;
    return session?.fault ? undefined : session;
  }
}
