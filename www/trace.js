// @ts-check
// What has been read of a run so far: the numbers behind the charts.

/** @typedef {import('./run.js').Frame} Frame */

/** Numbers that a frame has for an image and an iteration: ten log-probabilities, then the loss. */
const RECORD = 11;
const LOSS = 10;

export class Trace {
  /** @type {number[][]} Of each row: the loss before every iteration, and now. */
  losses;
  /** @type {Float32Array | undefined} The records of the images that the run began with. */
  #first;
  /** @type {Float32Array | undefined} The records of the images as they are. */
  #now;

  /** @param {number[]} digits One a row. */
  constructor(digits) {
    this.digits = digits;
    this.losses = digits.map(() => []);
  }

  /** @param {Frame} frame */
  add(frame) {
    this.#first ??= frame.now;
    this.#now = frame.now;
    for (const [row, losses] of this.losses.entries()) {
      losses.pop(); // What was now is the first of the frame's trace, or is now still.
      for (let at = row * RECORD; at < frame.trace.length; at += this.digits.length * RECORD) {
        losses.push(frame.trace[at + LOSS]);
      }
      losses.push(frame.now[row * RECORD + LOSS]);
    }
  }

  /**
   * The ten probabilities of a row, before the first iteration and now.
   *
   * @param {number} row
   * @returns {{ before: number[], after: number[] }}
   */
  probabilities(row) {
    return { before: probabilities(this.#first, row), after: probabilities(this.#now, row) };
  }
}

/** @param {Float32Array | undefined} records @param {number} row */
function probabilities(records, row) {
  return Array.from(records?.subarray(row * RECORD, row * RECORD + LOSS) ?? [], Math.exp);
}
