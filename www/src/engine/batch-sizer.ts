// How many iterations fit into a part of an animation frame, learned from how long the last ones took.

/** A piece may have this many times as many iterations as the last: the time of one says little about a hundred. */
const GROWTH = 4;
/** The estimate for further iterations shrinks by this factor with each piece that has none. */
const FORGETTING = 0.9;

/**
 * The time of a piece is modeled as a constant, which dominates on a GPU (launch and read), plus a time for each
 * further iteration, which dominates on a CPU.
 */
export class BatchSizer {
  #kind = '';
  /** Milliseconds of a piece of one iteration: the least that any piece has taken. */
  #first = Infinity;
  /** Milliseconds of each further iteration, 0 while that is not known. */
  #each = 0;
  /** Iterations of the last piece, or a quarter of this number before it if that is more; 0 while there was none. */
  #last = 0;

  /**
   * The iterations of the next piece.
   *
   * @param kind Stands for the run and its settings: the times of another kind say nothing.
   * @param time Milliseconds that it may take.
   */
  next(kind: string, time: number) {
    if (kind !== this.#kind) {
      this.#kind = kind;
      this.#first = Infinity;
      this.#each = 0;
      this.#last = 0;
    }
    if (this.#last === 0) {
      return 1;
    }
    // If launch and read alone take too long, fewer iterations would not help.
    const left = Math.max(time - this.#first, time / 2);
    return Math.min(1 + Math.floor(left / this.#each), Math.floor(GROWTH * this.#last));
  }

  /**
   * @param count Iterations of a piece.
   * @param time Milliseconds that it took.
   */
  record(count: number, time: number) {
    this.#first = Math.min(this.#first, time);
    // A piece of one iteration bounds the time of a further one from above. The estimate also shrinks, since a slow
    // moment need not last.
    this.#each = count > 1 ? (time - this.#first) / (count - 1) : Math.min(time, FORGETTING * this.#each);
    this.#last = Math.max(count, this.#last / GROWTH);
  }
}
