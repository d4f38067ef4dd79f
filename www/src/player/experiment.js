// @ts-check
// One or more networks at the same task: their runs make the same iterations, from the same start. Knows of no page.

import { networkNames, networksOf, titleOf } from '../engine/networks.js';
import { layerOf } from '../engine/objectives.js';
import { taskOf } from '../settings/config.js';
import { readStart } from '../settings/start-image.js';
import { allOrNone } from './all-or-none.js';
import { correlation } from './correlation.js';
import { History } from './history.js';

/** @typedef {import('../settings/config.js').Config} Config */
/** @typedef {import('../engine/engine.js').Engine} Engine */
/** @typedef {import('../engine/run.js').Run} Run */
/** @typedef {import('../engine/session.js').NetworkName} NetworkName */

/**
 * @typedef {object} NetworkResult One network of an experiment.
 * @property {NetworkName} network
 * @property {string} name For people.
 * @property {import('../engine/run.js').Begin} begin How its run began.
 * @property {Run} run
 * @property {History} history
 * @property {number[][]} meanProbabilities The network's ten probabilities for each class's mean training image.
 */

const PIXELS = 784;

export class Experiment {
  #engine;
  /** Iterations made. */
  iteration = 0;
  /** @type {number | undefined} The iteration on show, if not the last: snapshots near it are kept. */
  place;
  /** Whether the images are made for neurons or channels of a hidden layer; `digits` are then their numbers. */
  ofLayer;
  digits;
  networkResults;
  means;

  /**
   * @private
   * @param {Engine} engine
   * @param {boolean} ofLayer
   * @param {number[]} digits
   * @param {NetworkResult[]} networkResults
   * @param {Float32Array} means
   */
  constructor(engine, ofLayer, digits, networkResults, means) {
    this.#engine = engine;
    this.ofLayer = ofLayer;
    this.digits = digits;
    this.networkResults = networkResults;
    this.means = means;
  }

  /**
   * Begins the runs that a configuration asks for. They have made no iteration, and there is no snapshot yet.
   *
   * @param {Engine} engine
   * @param {Config} config
   * @returns {Promise<Experiment>} Rejects, in words for people, when a file cannot be had.
   */
  static async begin(engine, config) {
    const { digits, start } = config;
    const ofLayer = layerOf(config.objective) !== undefined;
    const means = await engine.means();
    const image = start === '' ? undefined : startImage(start, means);
    const networks = networksOf(config.network).length;
    const networkResults = await allOrNone(
      networksOf(config.network).map(async (network) => {
        const begin = { network, digits, image, ...taskOf(config) };
        const meanProbabilities = await engine.meanProbabilities(network);
        const run = await engine.begin(begin); // Last: if something fails before, there is no run to free.
        return { network, name: titleOf(network), begin, run, history: new History(digits, { ofLayer, networks }), meanProbabilities };
      }),
      freeRun,
    );
    return new Experiment(engine, ofLayer, digits, networkResults, means);
  }

  /**
   * The same experiment at its start, beside this one: no iteration is made, and the first snapshot is known.
   *
   * @returns {Promise<Experiment>}
   */
  async restarted() {
    const networkResults = await allOrNone(
      this.networkResults.map(async (networkResult) => {
        const { begin, history } = networkResult;
        return { ...networkResult, run: await this.#engine.begin(begin), history: history.restarted() };
      }),
      freeRun,
    );
    return new Experiment(this.#engine, this.ofLayer, this.digits, networkResults, this.means);
  }

  /**
   * Replaces its runs by those of a restarted experiment. The old `networkResults` are not changed: whoever still
   * holds them has the results of one run.
   *
   * @param {Experiment} restarted From `restarted`; it must not be used any more.
   */
  replaceBy(restarted) {
    this.free();
    this.networkResults = restarted.networkResults;
    this.iteration = restarted.iteration;
  }

  /** Whether there is a snapshot of it: of every network, since they are read together. */
  get begun() {
    return this.networkResults.every(({ history }) => history.snapshots.length > 0);
  }

  /**
   * Makes `count` iterations with every network (0 only reads the state) and keeps their snapshots. All histories
   * grow together, so that every network is at the same iteration at any time.
   *
   * @param {number} count
   * @param {import('../engine/run.js').StepSettings} settings
   * @returns {Promise<void>} Rejects when one network fails; then all are where they were.
   */
  async advance(count, settings) {
    if (count > 0 && !this.begun) {
      await this.#advance(0, settings); // The history begins with the start.
    }
    await this.#advance(count, settings);
  }

  /** @param {number} count @param {import('../engine/run.js').StepSettings} settings */
  async #advance(count, settings) {
    /** @type {import('../engine/run.js').Snapshot[]} */
    const snapshots = [];
    try {
      for (const { run } of this.networkResults) {
        snapshots.push(await run.advance(count, settings));
      }
    } catch (error) {
      for (const { run, history } of this.networkResults.slice(0, snapshots.length)) {
        run.goBack(history.snapshots.at(-1));
      }
      throw error;
    }
    for (const [index, { history }] of this.networkResults.entries()) {
      history.add(snapshots[index], settings, this.place);
    }
    this.iteration += count;
  }

  /**
   * What the time of an iteration depends on.
   *
   * @param {import('../engine/run.js').StepSettings} settings
   */
  kind(settings) {
    return this.networkResults.map(({ run }) => run.kind(settings)).join('; ');
  }

  /**
   * Computes the images of an iteration again, from the last snapshot before it, and keeps them.
   *
   * @param {number} iteration Not after the last.
   * @returns {Promise<boolean>} Whether they had to be computed.
   */
  async recall(iteration) {
    if (!this.begun) {
      return false;
    }
    const to = Math.min(iteration, this.iteration);
    let made = false;
    for (const { begin, history } of this.networkResults) {
      const snapshot = history.at(to);
      if (snapshot.iteration < to) {
        const steps = history.steps(snapshot.iteration, to);
        history.insert(await this.#engine.replay(begin, snapshot, steps), this.place);
        made = true;
      }
    }
    return made;
  }

  /**
   * The class's mean training image, 784 pixels.
   *
   * @param {number} row
   */
  mean(row) {
    return meanImage(this.means, this.digits[row]);
  }

  /**
   * The correlation of an image with the mean training image of its class; 0 for a neuron or channel.
   *
   * @param {NetworkResult} networkResult
   * @param {number} row
   * @param {number} [iteration] By default the last.
   */
  correlation({ history }, row, iteration) {
    if (this.ofLayer) {
      return 0;
    }
    const { images } = history.at(iteration);
    return correlation(images.subarray(row * PIXELS, (row + 1) * PIXELS), this.mean(row));
  }

  /**
   * The probabilities that the other networks give to a network's images.
   *
   * @param {NetworkResult} networkResult
   * @param {number} iteration
   * @returns {Promise<{ name: string, probabilities: number[][] }[]>}
   */
  opinions({ network, history }, iteration) {
    const { images } = history.at(iteration);
    const others = networkNames().filter((it) => it !== network);
    return Promise.all(
      others.map(async (other) => ({
        name: titleOf(other),
        probabilities: await this.#engine.probabilities(other, images),
      })),
    );
  }

  /**
   * The prototypes with the highest correlation with an image.
   *
   * @param {NetworkResult} networkResult
   * @param {number} iteration
   * @param {number} row
   * @param {number} count
   * @returns {Promise<{ digit: number, r: number, image: Float32Array }[]>}
   */
  async nearest({ history }, iteration, row, count) {
    const prototypes = await this.#engine.prototypes();
    const image = history.at(iteration).images.subarray(row * PIXELS, (row + 1) * PIXELS);
    const each = Array.from({ length: prototypes.length / PIXELS }, (_, index) => {
      const prototype = prototypes.subarray(index * PIXELS, (index + 1) * PIXELS);
      return { digit: Math.floor(index / 10), r: correlation(image, prototype), image: prototype };
    });
    return each.sort((a, b) => b.r - a.r).slice(0, count);
  }

  /** Frees the runs. */
  free() {
    for (const { run } of this.networkResults) {
      run.free();
    }
  }
}

/** @param {NetworkResult} networkResult */
function freeRun({ run }) {
  run.free();
}

/** @param {Float32Array} means @param {number} digit */
function meanImage(means, digit) {
  return means.subarray(digit * PIXELS, (digit + 1) * PIXELS);
}

/** @param {string} start @param {Float32Array} means */
function startImage(start, means) {
  return start.startsWith('mean') ? meanImage(means, Number(start[4])) : readStart(start);
}
