// The CPU session beside WebGPU: the GPU's results are compared with its own, and it takes over at once when the GPU
// breaks down.

import type { Progress } from './download.ts';
import { Session } from './session.ts';

export class SpareCpu {
  #report: (progress: Progress) => void;
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;

  /** @param report Hears of what is loaded. */
  constructor(report: (progress: Progress) => void) {
    this.#report = report;
  }

  /** Keeps the session that has worked until now. */
  keep(session: Session) {
    this.#session = session;
  }

  /**
   * The session, to compare with: one instance, however many runs begin at once.
   *
   * @returns Rejects when there is none; it can then be asked for again.
   */
  async session(): Promise<Session> {
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
