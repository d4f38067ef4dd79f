// @ts-check
// Tries a network file with all import options, on the hundred prototypes.

import { breaks } from '../../engine/breaks.js';
import { Refusal } from '../../engine/errors.js';
import { INPUTS, areSame, combinations, readsOf } from '../../engine/import-options.js';
import { examine, inspect } from '../../networks/examine.js';

/** @typedef {import('../../engine/engine.js').Engine} Engine */
/** @typedef {import('../../engine/networks.js').Layers} Layers */
/** @typedef {import('../../engine/import-options.js').ImportOptions} ImportOptions */
/** @typedef {import('../../engine/import-options.js').Inputs} Inputs */

/** @typedef {import('../../engine/import-options.js').Trial & { description: string, layers: Layers }} Tried */

export class Trials {
  #engine;
  /** @type {Tried[]} */
  #tried = [];
  #pause = breaks();
  bytes;
  inspection;

  /**
   * @private
   * @param {Engine} engine
   * @param {Uint8Array} bytes
   * @param {import('../../networks/examine.js').Inspection} inspection
   */
  constructor(engine, bytes, inspection) {
    this.#engine = engine;
    this.bytes = bytes;
    this.inspection = inspection;
  }

  /**
   * Looks into a file.
   *
   * @param {Engine} engine
   * @param {Uint8Array} bytes
   * @returns {Promise<Trials>} Rejects with a `Refusal`.
   */
  static async of(engine, bytes) {
    return new Trials(engine, bytes, await inspect(engine, bytes));
  }

  /** What has been tried. */
  get all() {
    return this.#tried;
  }

  /**
   * Tries every combination with these inputs.
   *
   * @param {object} how
   * @param {Inputs[]} [how.inputs] The usual ones, if no others.
   * @param {AbortSignal} how.signal Ends the trials.
   * @param {(done: number, of: number) => void} how.onProgress
   * @returns {Promise<void>} Rejects with a `Refusal` when the network can be read in no way, and
   *   with the signal's reason.
   */
  async run({ inputs = INPUTS, signal, onProgress }) {
    const ways = combinations(this.inspection.candidates, inputs).filter((it) => !this.of(it));
    const prototypes = await this.#engine.prototypes();
    let refused;
    for (const [index, options] of ways.entries()) {
      onProgress(index, ways.length);
      const source = { bytes: this.bytes, options: JSON.stringify(options) };
      try {
        const { description, layers, probabilities } = await examine(this.#engine, source, prototypes, {
          pause: this.#pause,
          signal,
        });
        this.#tried.push({ options, description, layers, reads: readsOf(probabilities) });
      } catch (error) {
        if (!(error instanceof Refusal)) {
          throw error;
        }
        refused = error; // With these options. Others may do.
      }
    }
    if (refused && !this.#tried.some(({ options }) => ways.includes(options))) {
      throw refused;
    }
  }

  /** The trial of these options, if they were tried. @param {ImportOptions} options */
  of(options) {
    return this.#tried.find((it) => areSame(it.options, options));
  }
}
