// @ts-check
// The bare JavaScript API: networks, runs, and the backend they are on. It knows of no page.
//
//   const engine = await Engine.start();
//   const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });
//   const snapshot = await run.advance(50, { target: 0.9, learningRate: 0.005 });
//   snapshot.images;                      // 784 numbers for each digit
//
// A run does not notice on which backend it is. It begins on the CPU, whose module is small, moves to WebGPU
// when that is ready and keeps up with the display, and back should WebGPU break down: from the last snapshot,
// with Adam's moments, so that nothing is lost.

import { Backends } from './backends.js';
import { checkNetwork, checkScale, checkSteps, readBegin, readImages, readPixels, readPlace } from './checks.js';
import { Refusal, asking } from './errors.js';
import { Files } from './files.js';
import { FirstPicture } from './first-picture.js';
import { turn } from './frames.js';
import { lackOfComputing } from './needs.js';
import { checkOptions } from './options.js';
import { probe } from './probe.js';
import { Run } from './run.js';
import { comparable, kindOf } from './task.js';
import { FIRST_TIMEOUT } from './timeout.js';
import { trial } from './trial.js';

export { messageOf } from './errors.js';

/** @typedef {import('./choose-backend.js').Status} Status */
/** @typedef {import('./session.js').BackendName} BackendName */
/** @typedef {import('./session.js').NetworkName} NetworkName */
/** @typedef {import('./session.js').Progress} Progress */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./run.js').Begin} Begin */
/** @typedef {import('./files.js').FileName} FileName */

/**
 * @typedef {object} Options
 * @property {'auto' | BackendName} [backend] `auto` (the default) takes WebGPU where there is a hardware adapter
 *   that keeps up with the display, and the CPU otherwise.
 * @property {(status: Status) => void} [onStatus] Called at every change of backend.
 * @property {(progress: Progress) => void} [onProgress] Called for everything that is loaded.
 * @property {FileName[]} [ahead] Files that will be needed, and are loaded while the backend is.
 * @property {typeof probe} [probe] Asks for WebGPU; replaced in tests.
 * @property {typeof trial} [trial] Tries it out; replaced in tests.
 */

/**
 * @typedef {object} Card What is known of a network; see `src/network/card.rs`. Accuracies are 0 to 1.
 * @property {string} description
 * @property {string} training
 * @property {string} date
 * @property {number} seed
 * @property {{ loss: number, train: number, validation: number }[]} epochs
 * @property {{ train: number, validation: number, test: number }} accuracy
 * @property {{ accuracy: number, attack: string }} [robust] Its accuracy under attack.
 */

const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Pixels that a network is asked about at once: with more than ten images, a large network would block the page. */
const PIECE = 10 * PIXELS;

/** @type {Required<Options>} */
const DEFAULTS = { backend: 'auto', onStatus: () => {}, onProgress: () => {}, ahead: [], probe, trial };

export class Engine {
  #backends;
  #files;
  #runs;
  #picture;
  /** @type {WeakMap<import('./networks.js').Source, Promise<number[][]>>} */
  #meanProbabilities = new WeakMap();
  /** @type {Float32Array | undefined} */
  #prototypes;

  /**
   * @private
   * @param {Backends} backends
   * @param {Files} files
   * @param {Set<Run>} runs Those that have not been freed.
   * @param {FirstPicture} picture
   */
  constructor(backends, files, runs, picture) {
    this.#backends = backends;
    this.#files = files;
    this.#runs = runs;
    this.#picture = picture;
  }

  /**
   * Loads a backend and returns an engine that can begin runs.
   *
   * @param {Options} [options]
   * @returns {Promise<Engine>} Rejects when not even the CPU module can be loaded.
   */
  static async start(options = {}) {
    checkOptions(options, Object.keys(DEFAULTS));
    const lack = lackOfComputing();
    if (lack) {
      throw new Error(lack);
    }
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const picture = new FirstPicture();
    const chosen = { ...DEFAULTS, ...given };
    const onProgress = (/** @type {Progress} */ progress) => {
      picture.loading();
      chosen.onProgress(progress);
    };
    const files = new Files(onProgress);
    files.ahead(chosen.ahead);
    /** @type {Set<Run>} */
    const runs = new Set();
    const backends = await Backends.start({ ...chosen, onProgress }, { files, runs, picture });
    return new Engine(backends, files, runs, picture);
  }

  /** Which backend is in use, and why not WebGPU. */
  get status() {
    return this.#backends.status;
  }

  /** Settles when it is decided whether WebGPU takes over. Never rejects. */
  get upgraded() {
    return this.#backends.upgraded;
  }

  /**
   * Tries WebGPU again, where the status says `retry`. Runs go on meanwhile.
   *
   * @returns {Promise<void>} Never rejects: the status says what came of it.
   */
  tryWebGPU() {
    return this.#backends.tryWebGPU();
  }

  /**
   * The mean training image of every class: 10 · 784 pixels from 0 to 1.
   *
   * @returns {Promise<Float32Array>}
   */
  async means() {
    const file = await this.#files.means();
    return this.attempt(async ({ module }) => asking(() => module.classMeans(file)));
  }

  /**
   * Ten typical images of each class, its k-means centers: 100 · 784 pixels from 0 to 1.
   *
   * @returns {Promise<Float32Array>}
   */
  async prototypes() {
    const file = await this.#files.prototypes();
    this.#prototypes ??= await this.attempt(async ({ module }) => asking(() => module.prototypes(file)));
    return this.#prototypes;
  }

  /**
   * The probabilities that a network gives to images.
   *
   * @param {NetworkName} name
   * @param {Float32Array} images n · 784 pixels.
   * @returns {Promise<number[][]>} The probabilities of 0 to 9, for each image.
   */
  async probabilities(name, images) {
    checkNetwork(name);
    const pixels = readImages(images);
    const source = await this.#files.network(name);
    /** @type {number[][]} */
    const probabilities = [];
    for (let first = 0; first < pixels.length; first += PIECE) {
      if (first > 0) {
        await turn();
      }
      const piece = pixels.subarray(first, first + PIECE);
      const said = await this.attempt((session) => {
        const network = this.#read(session, name, source);
        return session.wait(asking(() => network.logProbabilities(piece)), FIRST_TIMEOUT);
      });
      for (let row = 0; row < said.length; row += 10) {
        probabilities.push(Array.from(said.subarray(row, row + 10), Math.exp));
      }
    }
    return probabilities;
  }

  /**
   * The probabilities that a network gives to the mean training images of the ten classes. Computed once.
   *
   * @param {NetworkName} name
   * @returns {Promise<number[][]>}
   */
  async meanProbabilities(name) {
    checkNetwork(name);
    const source = await this.#files.network(name);
    let probabilities = this.#meanProbabilities.get(source);
    if (!probabilities) {
      probabilities = this.means().then((means) => this.probabilities(name, means));
      probabilities.catch(() => this.#meanProbabilities.delete(source)); // So that it can be tried again.
      this.#meanProbabilities.set(source, probabilities);
    }
    return probabilities;
  }

  /**
   * Computes a later snapshot from one that was kept, in a separate run.
   *
   * @param {Begin} begin How the run began.
   * @param {import('./run.js').Place} snapshot
   * @param {{ count: number, settings: import('./run.js').StepSettings }[]} steps
   * @returns {Promise<import('./run.js').Snapshot>}
   */
  async replay(begin, snapshot, steps) {
    const begun = readBegin(begin);
    const place = readPlace(snapshot, begun.digits.length);
    checkSteps(steps);
    const run = await this.#open(begun, place);
    try {
      /** @type {import('./run.js').Snapshot | undefined} */
      let last;
      for (const { count, settings } of steps) {
        last = await run.advance(count, settings);
      }
      return last ?? (await run.advance(0, /** @type {import('./run.js').StepSettings} */ ({})));
    } finally {
      run.free();
    }
  }

  /**
   * Calls `work` with the session in use; if that session breaks down, again with the next.
   *
   * @template T
   * @param {(session: Session) => Promise<T>} work
   * @returns {Promise<T>} Rejects when the work is refused, or breaks one session after another.
   */
  attempt(work) {
    return this.#backends.attempt(work);
  }

  /**
   * The network on a session. A file that is refused may have been damaged on its way: it is fetched again when it is
   * next asked for.
   *
   * @param {Session} session
   * @param {NetworkName} name
   * @param {import('./networks.js').Source} source
   */
  #read(session, name, source) {
    try {
      return session.network(source);
    } catch (error) {
      if (error instanceof Refusal) {
        this.#files.forget(name);
      }
      throw error;
    }
  }

  /**
   * What is known of a network.
   *
   * @param {NetworkName} name
   * @returns {Promise<Card | undefined>}
   */
  async card(name) {
    checkNetwork(name);
    const source = await this.#files.network(name);
    const json = await this.attempt(async (session) => this.#read(session, name, source).card);
    return json === undefined ? undefined : JSON.parse(json);
  }

  /**
   * Begins a run.
   *
   * @param {Begin} begin
   * @returns {Promise<Run>} Rejects, in words for people, when a setting cannot be used.
   */
  async begin(begin) {
    const run = await this.#open(readBegin(begin));
    this.#runs.add(run);
    return run;
  }

  /**
   * A run, from its start or from a snapshot.
   *
   * @param {Begin} begin
   * @param {import('./run.js').Place} [from]
   */
  async #open(begin, from) {
    const [source, pca] = await this.#needs(begin);
    return this.attempt(async (session) => {
      this.#read(session, begin.network, source);
      await this.vouch({ session, source, kind: kindOf(begin), open: comparable(source, begin, pca) });
      return new Run(this, session, begin, source, pca, from);
    });
  }

  /**
   * Compares a GPU's results for a kind of run with the CPU's, the first time that this kind is asked for.
   *
   * @param {Parameters<typeof import('./agreement.js').vouch>[0]} what
   */
  vouch(what) {
    return this.#backends.vouch(what);
  }

  /** A run has made iterations: there is something to draw. */
  computed() {
    this.#picture.computed();
  }

  /** A run has been freed. @param {Run} run */
  forget(run) {
    this.#runs.delete(run);
  }

  /** The files of a run. @param {Begin} begin @returns {Promise<[import('./networks.js').Source, Uint8Array | undefined]>} */
  async #needs({ network, parameterization }) {
    checkNetwork(network); // It may have been removed since.
    const pca = parameterization === 'pca' ? this.#files.pca() : undefined;
    return [await this.#files.network(network), await pca];
  }

  /**
   * Images in viridis, below one another: 28 wide and n · 28 high.
   *
   * @param {Float32Array} images n · 784 pixels.
   * @param {number} low What becomes dark blue.
   * @param {number} high What becomes yellow.
   * @returns {ImageData} Pixels that are not numbers are transparent in it.
   */
  paint(images, low, high) {
    const pixels = readPixels(images);
    checkScale(low, high);
    if (!('ImageData' in globalThis)) {
      throw new Error('Pictures are painted as ImageData, which only browsers have.');
    }
    const { session } = this.#backends;
    try {
      return asking(() => session.module.paint(pixels, low, high));
    } catch (error) {
      if (error instanceof Refusal) {
        throw error;
      }
      session.abandon(error); // The next `attempt` moves to another session, which can paint again.
      return new ImageData(SIDE, (SIDE * pixels.length) / PIXELS);
    }
  }
}
