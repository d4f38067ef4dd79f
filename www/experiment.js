// @ts-check
// One or both networks at the same task: their runs, in step, from the same start. Knows of no page.

import { NETWORKS, networksOf } from './config.js';
import { correlation } from './correlation.js';
import { History } from './history.js';
import { readStart } from './start-image.js';

/** @typedef {import('./config.js').Config} Config */
/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./session.js').NetworkName} NetworkName */

/**
 * @typedef {object} Column A network's part.
 * @property {NetworkName} network
 * @property {string} name For people.
 * @property {Run} run
 * @property {History} history
 * @property {number[][]} meanAnswers What the network makes of each class's mean training image:
 *   ten probabilities each.
 */

const PIXELS = 784;

export class Experiment {
  #engine;
  /** Iterations made. */
  iteration = 0;

  /**
   * @private
   * @param {Engine} engine
   * @param {number[]} digits
   * @param {Column[]} columns
   * @param {Float32Array} means
   */
  constructor(engine, digits, columns, means) {
    this.#engine = engine;
    this.digits = digits;
    this.columns = columns;
    this.means = means;
  }

  /**
   * Begins the runs that a configuration asks for. They have made no iteration, and nothing has
   * been read of them.
   *
   * @param {Engine} engine
   * @param {Config} config
   * @returns {Promise<Experiment>} Rejects, in words for people, when a file cannot be had.
   */
  static async begin(engine, config) {
    const { digits, seed, deviation, start } = config;
    const means = await engine.means();
    const image = start === '' ? undefined : startImage(start, means);
    const columns = await Promise.all(
      networksOf(config.network).map(async (network) => ({
        network,
        name: NETWORKS[network],
        run: await engine.begin({ network, digits, seed, deviation, image }),
        history: new History(digits),
        meanAnswers: await engine.meanAnswers(network),
      })),
    );
    return new Experiment(engine, digits, columns, means);
  }

  /**
   * Makes `count` iterations with every network (0 to look only) and keeps what is read of them.
   *
   * @param {number} count
   * @param {import('./run.js').StepSettings} settings
   */
  async advance(count, settings) {
    for (const { run, history } of this.columns) {
      history.add(await run.advance(count, settings), settings);
    }
    this.iteration += count;
  }

  /**
   * Makes the images of an iteration again, from the last frame that was kept before it. They are
   * then at hand.
   *
   * @param {number} iteration That the experiment has been at.
   * @returns {Promise<boolean>} Whether there was something to make.
   */
  async recall(iteration) {
    const to = Math.min(iteration, this.iteration);
    let made = false;
    for (const { network, history } of this.columns) {
      const { iteration: from, state } = history.at(to);
      if (from < to) {
        const steps = history.steps(from, to);
        history.insert(await this.#engine.replay(network, this.digits, from, state, steps));
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
   * How much an image resembles the mean training image of its class, −1 to 1.
   *
   * @param {Column} column
   * @param {number} row
   * @param {number} [iteration] The last, if not another.
   */
  resemblance({ history }, row, iteration) {
    const { images } = history.at(iteration);
    return correlation(images.subarray(row * PIXELS, (row + 1) * PIXELS), this.mean(row));
  }

  /** Gives back what the runs hold. */
  free() {
    for (const { run } of this.columns) {
      run.free();
    }
  }
}

/** @param {Float32Array} means @param {number} digit */
function meanImage(means, digit) {
  return means.subarray(digit * PIXELS, (digit + 1) * PIXELS);
}

/** @param {string} start @param {Float32Array} means */
function startImage(start, means) {
  return start.startsWith('mean') ? meanImage(means, Number(start[4])) : readStart(start);
}
