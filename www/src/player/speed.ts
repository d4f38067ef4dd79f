// How many iterations are made in a second, waits between animation frames included: a running mean.

/** The share of the newest value in the mean. */
const NEWEST = 0.2;

export class Speed {
  /** Iterations a second, 0 while it is not known. */
  value = 0;
  #since = 0;
  /** Iterations made since then. */
  #made = 0;

  /** From now on iterations are made: the time before does not count. */
  start() {
    this.#since = performance.now();
    this.#made = 0;
  }

  /** @param made Iterations. */
  count(made: number) {
    this.#made += made;
    const seconds = (performance.now() - this.#since) / 1000;
    // Browsers that protect against fingerprinting have a coarse clock: it may not have moved.
    if (seconds > 0 && this.#made > 0) {
      const now = this.#made / seconds;
      this.value = this.value === 0 ? now : (1 - NEWEST) * this.value + NEWEST * now;
      this.start();
    }
  }
}
