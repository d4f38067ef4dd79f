// @ts-check
// What has been read of a run so far: the numbers for the charts, and the snapshots for the timeline.

/** @typedef {import('../engine/run.js').Snapshot} Snapshot */

/** Numbers in a trace for each image and iteration: ten log-probabilities, then the loss. */
const TRACE_STRIDE = 11;
const LOSS = 10;

/** The most bytes of snapshots that an experiment keeps: 1300 snapshots of one image, 130 of ten. */
const MOST_BYTES = 16e6;
/** Bytes of a row in a snapshot: the image, its parameters, and Adam's two moments. */
const ROW_BYTES = 4 * 784 * 4;
/** Snapshots that are kept however large they are: the first, the last, and one in between. */
const LEAST_SNAPSHOTS = 3;
/** The share of the snapshots that may lie nearest to the iteration on show; the others are spread evenly. */
const NEAR = 1 / 4;

/** @typedef {import('../engine/run.js').StepSettings} StepSettings */

/**
 * @typedef {object} Kept A snapshot that is kept.
 * @property {number} iteration
 * @property {Float32Array} state Parameters and Adam's moments: all that is needed to go on from there.
 * @property {Float32Array} images
 */

export class History {
  /** The trace of all iterations: [iteration, row, 11]. */
  #numbers = new Float32Array(0);
  /** @type {Kept[]} In order. */
  #snapshots = [];
  #networks;
  #ofLayer;
  /** @type {{ from: number, text: string }[]} The settings as JSON, each with the first iteration that was made with them. */
  #settings = [];
  /** @type {number[][]} Of each row: the loss of every iteration. */
  losses;
  /**
   * @type {number[][]} Of each row, at every iteration: the probability of its own digit; or, of a neuron
   *   or channel, its activation minus the penalties.
   */
  probabilities;
  iteration = 0;
  /** The most snapshots that are kept. */
  most;
  digits;

  /**
   * @param {number[]} digits One a row.
   * @param {object} [of]
   * @param {boolean} [of.ofLayer] Whether these are neurons or channels of a layer, not digits.
   * @param {number} [of.networks] How many histories share the memory for snapshots.
   */
  constructor(digits, { ofLayer = false, networks = 1 } = {}) {
    this.digits = digits;
    this.#ofLayer = ofLayer;
    this.#networks = networks;
    this.most = Math.max(LEAST_SNAPSHOTS, Math.floor(MOST_BYTES / (networks * digits.length * ROW_BYTES)));
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
    // The trace begins with the iteration that was the last before.
    const first = snapshot.iteration - made;
    this.#makeRoom((snapshot.iteration + 1) * size);
    this.#numbers.set(snapshot.trace, first * size);
    this.#numbers.set(snapshot.now, snapshot.iteration * size);
    for (const [row, digit] of this.digits.entries()) {
      this.losses[row].length = first;
      this.probabilities[row].length = first;
      for (let iteration = first; iteration <= snapshot.iteration; iteration += 1) {
        const at = iteration * size + row * TRACE_STRIDE;
        const loss = this.#numbers[at + LOSS];
        this.losses[row].push(loss);
        this.probabilities[row].push(this.#ofLayer ? -loss : Math.exp(this.#numbers[at + digit]));
      }
    }
    this.iteration = snapshot.iteration;
    const text = JSON.stringify(settings);
    if (made > 0 && this.#settings.at(-1)?.text !== text) {
      this.#settings.push({ from: first, text });
    }
    if (this.#snapshots.at(-1)?.iteration === snapshot.iteration) {
      this.#snapshots.pop(); // The same images, with other settings.
    }
    this.#snapshots.push(copyOf(snapshot));
    this.#thinOut(place);
  }

  /** A history with the first snapshot of this one, and nothing else. */
  restarted() {
    const history = new History(this.digits, { ofLayer: this.#ofLayer, networks: this.#networks });
    history.#snapshots = this.#snapshots.slice(0, 1);
    return history;
  }

  /** Whether the last iterations were made with these settings. @param {StepSettings} settings */
  endsWith(settings) {
    return this.#settings.at(-1)?.text === JSON.stringify(settings);
  }

  /**
   * Adds a snapshot between those that were kept.
   *
   * @param {Snapshot} snapshot
   * @param {number} [place] The iteration on show, if not the last.
   */
  insert(snapshot, place) {
    const at = this.#snapshots.findIndex((it) => it.iteration >= snapshot.iteration);
    if (at >= 0 && this.#snapshots[at].iteration !== snapshot.iteration) {
      this.#snapshots.splice(at, 0, copyOf(snapshot));
      this.#thinOut(place);
    }
  }

  /**
   * Drops snapshots while there are too many: always the one that leaves the smallest gap, but never the first, the
   * last or those near the iteration on show. So every iteration that somebody may look at next is near a snapshot.
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

  /** A function that says whether the snapshot of an iteration stays, as one near a place. @param {number} place */
  #nearTo(place) {
    const distance = (/** @type {number} */ iteration) => Math.abs(iteration - place);
    const distances = this.#snapshots.map(({ iteration }) => distance(iteration)).sort((a, b) => a - b);
    const first = distances[Math.max(1, Math.floor(NEAR * this.most))]; // The nearest that need not stay.
    return (/** @type {number} */ iteration) => distance(iteration) < first;
  }

  /** @param {number} length */
  #makeRoom(length) {
    if (this.#numbers.length < length) {
      const larger = new Float32Array(Math.max(length, 2 * this.#numbers.length));
      larger.set(this.#numbers);
      this.#numbers = larger;
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
   * The network's probabilities for a row at an iteration, and the loss.
   *
   * @param {number} row
   * @param {number} iteration
   * @returns {{ probabilities: number[], loss: number }} The probabilities of 0 to 9.
   */
  said(row, iteration) {
    const at = (iteration * this.digits.length + row) * TRACE_STRIDE;
    const numbers = this.#numbers.subarray(at, at + TRACE_STRIDE);
    return { probabilities: Array.from(numbers.subarray(0, LOSS), Math.exp), loss: numbers[LOSS] };
  }

  /**
   * Log-probabilities of 0 to 9 and the loss, as they came from the network.
   *
   * @param {number} row
   * @param {number} iteration
   */
  numbers(row, iteration) {
    const at = (iteration * this.digits.length + row) * TRACE_STRIDE;
    return this.#numbers.slice(at, at + TRACE_STRIDE);
  }
}

/** A copy: the parts of a snapshot are views of a larger array. @param {Snapshot} snapshot @returns {Kept} */
function copyOf({ iteration, images, state }) {
  return { iteration, images: images.slice(), state: state.slice() };
}
