// Work that is done in the order in which it was asked for, one piece at a time.

export class Queue {
  /** The last piece of work. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Does something once all that was added before is done, or has failed.
   *
   * @returns Settles as `work` does.
   */
  add<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Settles once all that has been added is done, or has failed. Never rejects. */
  get settled() {
    return this.#last;
  }
}
