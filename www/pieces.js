// @ts-check
// How many iterations fit into a part of a frame, learned from how long the last ones took.

/** How many times as long as the last a piece may be: what one takes says little of a hundred. */
const GROWTH = 4;
/** What remains of what is known of further iterations, with each piece that has none. */
const FORGETTING = 0.9;

/**
 * What a piece takes is counted as what any piece takes, which on a GPU is most of it (the way there
 * and back), and so much for each further iteration, which on a CPU is.
 */
export class Pieces {
  #kind = '';
  /** Milliseconds of a piece of one: the least that any piece has taken. */
  #first = Infinity;
  /** Milliseconds of each further iteration, 0 while that is not known. */
  #each = 0;
  /** Iterations of the last, 0 while there was none. */
  #last = 0;

  /**
   * The iterations of the next piece.
   *
   * @param {string} kind Of run, and of what is asked of it: what other ones took says nothing.
   * @param {number} time Milliseconds that it may take.
   */
  next(kind, time) {
    if (kind !== this.#kind) {
      this.#kind = kind;
      this.#first = Infinity;
      this.#each = 0;
      this.#last = 0;
    }
    if (this.#last === 0) {
      return 1;
    }
    // Where the way there and back alone takes too long, fewer iterations would not help.
    const left = Math.max(time - this.#first, time / 2);
    return Math.min(1 + Math.floor(left / this.#each), Math.floor(GROWTH * this.#last));
  }

  /**
   * @param {number} count Iterations of a piece.
   * @param {number} time Milliseconds that it took.
   */
  took(count, time) {
    this.#first = Math.min(this.#first, time);
    // A piece of one does not tell what another iteration takes, but no more than that; and what was
    // slow once need not be so for ever.
    this.#each = count > 1 ? (time - this.#first) / (count - 1) : Math.min(time, FORGETTING * this.#each);
    this.#last = Math.max(count, this.#last / GROWTH);
  }
}
