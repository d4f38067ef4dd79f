// @ts-check
// What has been read of a run so far: the numbers behind the charts, and the snapshots that a
// timeline goes back to.

/** @typedef {import('./run.js').Snapshot} Snapshot */

/** Numbers that a snapshot has for an image and an iteration: ten log-probabilities, then the loss. */
const TRACE_STRIDE = 11;
const LOSS = 10;

/** The most bytes of snapshots that an experiment keeps: 1300 snapshots of one image, 130 of ten. */
const MOST_BYTES = 16e6;
/** Bytes of a row: the image, what it is made of, and two moments. */
const ROW_BYTES = 4 * 784 * 4;
/** However large they are: the first, the last, and one between them. */
const LEAST_FRAMES = 3;
/** The part of the snapshots that may be those nearest to the place on show; the others lie evenly. */
const NEAR = 1 / 4;

/** @typedef {import('./run.js').StepSettings} StepSettings */

/**
 * @typedef {object} Kept A snapshot that is kept.
 * @property {number} iteration
 * @property {Float32Array} state All that is needed to go on from there.
 * @property {Float32Array} images
 */

export class History {
  /** Numbers of every iteration, `iteration · rows · 11`. */
  #records = new Float32Array(0);
  /** @type {Kept[]} In order. */
  #snapshots = [];
  #networks;
  #units;
  /** @type {{ from: number, text: string }[]} The settings, as JSON, and the iteration they began with. */
  #settings = [];
  /** @type {number[][]} Of each row: the loss of every iteration. */
  losses;
  /**
   * @type {number[][]} Of each row, at every iteration: the probability of its own digit; or, of a
   *   unit, its activation less the penalties.
   */
  probabilities;
  iteration = 0;
  /** The most snapshots that are kept. */
  most;

  /**
   * @param {number[]} digits One a row.
   * @param {object} [of]
   * @param {boolean} [of.units] Whether these are units, not digits.
   * @param {number} [of.networks] How many histories share the memory for snapshots.
   */
  constructor(digits, { units = false, networks = 1 } = {}) {
    this.digits = digits;
    this.#units = units;
    this.#networks = networks;
    this.most = Math.max(LEAST_FRAMES, Math.floor(MOST_BYTES / (networks * digits.length * ROW_BYTES)));
    this.losses = digits.map(() => []);
    this.probabilities = digits.map(() => []);
  }

  /**
   * @param {Snapshot} snapshot
   * @param {StepSettings} settings That its iterations were made with.
   * @param {number} [place] The iteration on show, if not the last.
   */
  add(snapshot, settings, place) {
    const size = this.digits.length * TRACE_STRIDE;
    const made = snapshot.trace.length / size;
    // What was now is the first of the snapshot's trace, or is now still.
    const first = snapshot.iteration - made;
    this.#makeRoom((snapshot.iteration + 1) * size);
    this.#records.set(snapshot.trace, first * size);
    this.#records.set(snapshot.now, snapshot.iteration * size);
    for (const [row, digit] of this.digits.entries()) {
      this.losses[row].length = first;
      this.probabilities[row].length = first;
      for (let iteration = first; iteration <= snapshot.iteration; iteration += 1) {
        const at = iteration * size + row * TRACE_STRIDE;
        const loss = this.#records[at + LOSS];
        this.losses[row].push(loss);
        this.probabilities[row].push(this.#units ? -loss : Math.exp(this.#records[at + digit]));
      }
    }
    this.iteration = snapshot.iteration;
    const text = JSON.stringify(settings);
    if (made > 0 && this.#settings.at(-1)?.text !== text) {
      this.#settings.push({ from: first, text });
    }
    if (this.#snapshots.at(-1)?.iteration === snapshot.iteration) {
      this.#snapshots.pop(); // The same images: only what is asked of them has changed.
    }
    this.#snapshots.push(kept(snapshot));
    this.#thinOut(place);
  }

  /** One that begins where this one does, and has nothing else yet. */
  anew() {
    const history = new History(this.digits, { units: this.#units, networks: this.#networks });
    history.#snapshots = this.#snapshots.slice(0, 1);
    return history;
  }

  /** Whether the last iterations were made with these settings. @param {StepSettings} settings */
  endsWith(settings) {
    return this.#settings.at(-1)?.text === JSON.stringify(settings);
  }

  /**
   * Takes a snapshot from between those that were kept.
   *
   * @param {Snapshot} snapshot
   * @param {number} [place] The iteration on show, if not the last.
   */
  insert(snapshot, place) {
    const at = this.#snapshots.findIndex((it) => it.iteration >= snapshot.iteration);
    if (at >= 0 && this.#snapshots[at].iteration !== snapshot.iteration) {
      this.#snapshots.splice(at, 0, kept(snapshot));
      this.#thinOut(place);
    }
  }

  /**
   * Lets go of snapshots as long as there are too many: of that which leaves the smallest gap, but neither of the
   * first and the last nor of those near the place on show. So whatever is looked at, and in whatever order,
   * the next place is never far from a snapshot.
   *
   * @param {number} [place]
   */
  #thinOut(place) {
    const snapshots = this.#snapshots;
    while (snapshots.length > this.most) {
      const isNear = place === undefined ? () => false : this.#nearTo(place);
      let least = 0;
      let gap = Infinity;
      for (let at = 1; at < snapshots.length - 1; at += 1) {
        const left = snapshots[at + 1].iteration - snapshots[at - 1].iteration;
        if (left < gap && !isNear(snapshots[at].iteration)) {
          gap = left;
          least = at;
        }
      }
      snapshots.splice(least, 1);
    }
  }

  /** Whether a snapshot is one of those that stay near a place. @param {number} place */
  #nearTo(place) {
    const distance = (/** @type {number} */ iteration) => Math.abs(iteration - place);
    const distances = this.#snapshots.map(({ iteration }) => distance(iteration)).sort((a, b) => a - b);
    const first = distances[Math.max(1, Math.floor(NEAR * this.most))]; // Of those that need not stay.
    return (/** @type {number} */ iteration) => distance(iteration) < first;
  }

  /** @param {number} length */
  #makeRoom(length) {
    if (this.#records.length < length) {
      const larger = new Float32Array(Math.max(length, 2 * this.#records.length));
      larger.set(this.#records);
      this.#records = larger;
    }
  }

  /**
   * The last snapshot that is kept at or before an iteration.
   *
   * @param {number} [iteration]
   * @returns {Kept}
   */
  at(iteration = this.iteration) {
    return this.#snapshots.findLast((it) => it.iteration <= iteration) ?? this.#snapshots[0];
  }

  /**
   * The steps that led from one iteration to another.
   *
   * @param {number} from
   * @param {number} to
   * @returns {{ count: number, settings: StepSettings }[]}
   */
  steps(from, to) {
    return this.#settings
      .map(({ from: begin, text }, index) => {
        const end = this.#settings[index + 1]?.from ?? Infinity;
        return { settings: JSON.parse(text), count: Math.min(end, to) - Math.max(begin, from) };
      })
      .filter(({ count }) => count > 0);
  }

  /** The snapshots that are kept, the first and the last among them. */
  get snapshots() {
    return this.#snapshots;
  }

  /**
   * What the network said of a row at an iteration.
   *
   * @param {number} row
   * @param {number} iteration
   * @returns {{ probabilities: number[], loss: number }} The probabilities of 0 to 9.
   */
  said(row, iteration) {
    const at = (iteration * this.digits.length + row) * TRACE_STRIDE;
    const record = this.#records.subarray(at, at + TRACE_STRIDE);
    return { probabilities: Array.from(record.subarray(0, LOSS), Math.exp), loss: record[LOSS] };
  }

  /**
   * Log-probabilities of 0 to 9 and the loss, as they came from the network.
   *
   * @param {number} row
   * @param {number} iteration
   */
  record(row, iteration) {
    const at = (iteration * this.digits.length + row) * TRACE_STRIDE;
    return this.#records.slice(at, at + TRACE_STRIDE);
  }
}

/** A copy: a snapshot's parts belong to a larger array. @param {Snapshot} snapshot @returns {Kept} */
function kept({ iteration, images, state }) {
  return { iteration, images: images.slice(), state: state.slice() };
}
