// @ts-check
// What has been read of a run so far: the numbers behind the charts.

/** @typedef {import('./engine.js').Frame} Frame */

/** Numbers a record: ten log-probabilities, then the loss. */
const RECORD = 11;
const LOSS = 10;

export class Trace {
  /** @type {Float32Array[]} The record of every iteration, n · 11 numbers. */
  #records = [];
  /** @type {Float32Array | undefined} The record of the images as they are. */
  #now;

  /** @param {number[]} digits One a row. */
  constructor(digits) {
    this.digits = digits;
  }

  /** @param {Frame} frame */
  add(frame) {
    const width = this.digits.length * RECORD;
    for (let at = 0; at < frame.trace.length; at += width) {
      this.#records.push(frame.trace.slice(at, at + width));
    }
    this.#now = frame.now;
  }

  /** Iterations made. */
  get iterations() {
    return this.#records.length;
  }

  /**
   * The losses of a row: before every iteration, and now.
   *
   * @param {number} row
   */
  losses(row) {
    return this.#all().map((record) => record[row * RECORD + LOSS]);
  }

  /**
   * The ten probabilities of a row, before the first iteration and now.
   *
   * @param {number} row
   * @returns {{ before: number[], after: number[] }}
   */
  probabilities(row) {
    const all = this.#all();
    return { before: probabilities(all[0], row), after: probabilities(all[all.length - 1], row) };
  }

  /** @returns {Float32Array[]} */
  #all() {
    return this.#now ? [...this.#records, this.#now] : this.#records;
  }
}

/** @param {Float32Array | undefined} record @param {number} row */
function probabilities(record, row) {
  const logs = record ? Array.from(record.subarray(row * RECORD, row * RECORD + 10)) : [];
  return logs.map(Math.exp);
}
