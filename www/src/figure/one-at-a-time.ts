// Answers questions that come faster than they can be answered, such as one in every animation frame: one at a time,
// and of those that come meanwhile only the last. After a failure it waits: a server in trouble is not to be asked at
// every frame.

/** Milliseconds after a failure. */
const PAUSE = 3000;

export class OneAtATime {
  #busy = false;
  #next: (() => Promise<void>) | undefined;

  /** @param question Rejects when it has no answer, and tells people so itself. */
  async ask(question: () => Promise<void>) {
    if (this.#busy) {
      this.#next = question;
      return;
    }
    this.#busy = true;
    try {
      await question();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    this.#busy = false;
    const next = this.#next;
    this.#next = undefined;
    if (next) {
      this.ask(next);
    }
  }
}
