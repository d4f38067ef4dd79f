// Tries a network file with all import options, on the hundred prototypes.

import { breaks } from '../../engine/breaks.ts';
import type { Engine } from '../../engine/engine.ts';
import { Refusal } from '../../engine/errors.ts';
import {
  INPUTS, type ImportOptions, type Inputs, type Score, areSame, combinations, readsOf,
} from '../../engine/import-options.ts';
import type { Layers } from '../../engine/networks.ts';
import { type Inspection, examine, inspect } from '../../networks/examine.ts';

export type Tried = Score & { description: string; layers: Layers };

export class OptionSearch {
  #engine: Engine;
  #tried: Tried[] = [];
  #pause = breaks();
  bytes: Uint8Array;
  inspection: Inspection;

  private constructor(engine: Engine, bytes: Uint8Array, inspection: Inspection) {
    this.#engine = engine;
    this.bytes = bytes;
    this.inspection = inspection;
  }

  /**
   * Looks into a file.
   *
   * @returns Rejects with a `Refusal`.
   */
  static async of(engine: Engine, bytes: Uint8Array): Promise<OptionSearch> {
    return new OptionSearch(engine, bytes, await inspect(engine, bytes));
  }

  /** What has been tried. */
  get all() {
    return this.#tried;
  }

  /**
   * Tries every combination with these inputs.
   *
   * @returns Rejects with a `Refusal` when the network can be read in no way, and with the signal's reason.
   */
  async run({ inputs = INPUTS, signal, onProgress }: {
    /** The usual ones, if no others. */
    inputs?: Inputs[];
    /** Ends the search. */
    signal: AbortSignal;
    onProgress: (done: number, of: number) => void;
  }): Promise<void> {
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

  /** What came of these options, if they were tried. */
  of(options: ImportOptions) {
    return this.#tried.find((it) => areSame(it.options, options));
  }
}
