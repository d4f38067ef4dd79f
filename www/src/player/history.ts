// What has been read of a run so far: the numbers for the charts, and the snapshots for the timeline.

import type { Snapshot } from '../engine/run.ts';
import type { StepSettings } from '../engine/task.ts';
import { LOSS, TRACE_STRIDE } from '../engine/trace.ts';

/** The most bytes of snapshots that an experiment keeps: 1300 snapshots of one image, 130 of ten. */
const MOST_BYTES = 16e6;
/** Bytes of a row in a snapshot: the image, its parameters, and the optimizer's two moments. */
const ROW_BYTES = 4 * 784 * 4;
/** Snapshots that are kept however large they are: the first, the last, and one in between. */
const LEAST_SNAPSHOTS = 3;
/** The share of the snapshots that may lie nearest to the iteration on show; the others are spread evenly. */
const NEAR = 1 / 4;

/** A snapshot that is kept. */
export interface Kept {
  iteration: number;
  /** Parameters and the optimizer's moments: all that is needed to go on from there. */
  state: Float32Array;
  images: Float32Array;
}

export class History {
  /** The trace of all iterations: [iteration, row, 11]. */
  #numbers = new Float32Array(0);
  /** In order. */
  #snapshots: Kept[] = [];
  #networks: number;
  #ofLayer: boolean;
  /** The settings as JSON, each with the first iteration that was made with them. */
  #settings: { from: number; text: string }[] = [];
  /** Of each row: the loss of every iteration. */
  losses: number[][];
  /**
   * Of each row, at every iteration: the probability of its own digit; or, of a neuron or channel, its activation minus
   * the penalties.
   */
  probabilities: number[][];
  iteration = 0;
  /** The most snapshots that are kept. */
  most: number;
  digits: number[];

  /** @param digits One a row. */
  constructor(
    digits: number[],
    { ofLayer = false, networks = 1 }: {
      /** Whether these are neurons or channels of a layer, not digits. */
      ofLayer?: boolean;
      /** How many histories share the memory for snapshots. */
      networks?: number;
    } = {},
  ) {
    this.digits = digits;
    this.#ofLayer = ofLayer;
    this.#networks = networks;
    this.most = Math.max(LEAST_SNAPSHOTS, Math.floor(MOST_BYTES / (networks * digits.length * ROW_BYTES)));
    this.losses = digits.map(() => []);
    this.probabilities = digits.map(() => []);
  }

  /**
   * @param settings That its iterations were made with.
   * @param place The iteration on show, if not the last.
   */
  add(snapshot: Snapshot, settings: StepSettings, place?: number) {
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

  /** Whether the last iterations were made with these settings. */
  endsWith(settings: StepSettings) {
    return this.#settings.at(-1)?.text === JSON.stringify(settings);
  }

  /**
   * Adds a snapshot between those that were kept.
   *
   * @param place The iteration on show, if not the last.
   */
  insert(snapshot: Snapshot, place?: number) {
    const at = this.#snapshots.findIndex((it) => it.iteration >= snapshot.iteration);
    if (at >= 0 && this.#snapshots[at].iteration !== snapshot.iteration) {
      this.#snapshots.splice(at, 0, copyOf(snapshot));
      this.#thinOut(place);
    }
  }

  /**
   * Drops snapshots while there are too many: always the one that leaves the smallest gap, but never the first, the
   * last or those near the iteration on show. So every iteration that somebody may look at next is near a snapshot.
   */
  #thinOut(place?: number) {
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

  /** A function that says whether the snapshot of an iteration stays, as one near a place. */
  #nearTo(place: number) {
    const distance = (iteration: number) => Math.abs(iteration - place);
    const distances = this.#snapshots.map(({ iteration }) => distance(iteration)).sort((a, b) => a - b);
    const first = distances[Math.max(1, Math.floor(NEAR * this.most))]; // The nearest that need not stay.
    return (iteration: number) => distance(iteration) < first;
  }

  #makeRoom(length: number) {
    if (this.#numbers.length < length) {
      const larger = new Float32Array(Math.max(length, 2 * this.#numbers.length));
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
  }

  /** The last snapshot that is kept at or before an iteration. */
  at(iteration: number = this.iteration): Kept {
    return this.#snapshots.findLast((it) => it.iteration <= iteration) ?? this.#snapshots[0];
  }

  /** The steps that led from one iteration to another. */
  steps(from: number, to: number): { count: number; settings: StepSettings }[] {
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
   * @returns The probabilities of 0 to 9.
   */
  said(row: number, iteration: number): { probabilities: number[]; loss: number } {
    const at = (iteration * this.digits.length + row) * TRACE_STRIDE;
    const numbers = this.#numbers.subarray(at, at + TRACE_STRIDE);
    return { probabilities: Array.from(numbers.subarray(0, LOSS), Math.exp), loss: numbers[LOSS] };
  }

  /** Log-probabilities of 0 to 9 and the loss, as they came from the network. */
  numbers(row: number, iteration: number) {
    const at = (iteration * this.digits.length + row) * TRACE_STRIDE;
    return this.#numbers.slice(at, at + TRACE_STRIDE);
  }
}

/** A copy: the parts of a snapshot are views of a larger array. */
function copyOf({ iteration, images, state }: Snapshot): Kept {
  return { iteration, images: images.slice(), state: state.slice() };
}
