// What networks say of images, beside all runs; and the images of the training set that they are asked about.

import { PIXELS, checkNetwork, readImages } from './checks.ts';
import { asking } from './errors.ts';
import type { Files } from './files.ts';
import { turn } from './frames.ts';
import type { NetworkName, Source } from './networks.ts';
import type { Session } from './session.ts';
import { FIRST_TIMEOUT } from './timeout.ts';

/** Pixels that a network is asked about at once: with more than ten images, a large network would block the page. */
const PIECE = 10 * PIXELS;

/** The methods are those of `Engine` with the same names. */
export class Predictions {
  #files: Files;
  #attempt: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  #meanProbabilities = new WeakMap<Source, Promise<number[][]>>();
  #prototypes: Float32Array | undefined;

  /** @param attempt Calls `work` with a session that works. */
  constructor(files: Files, attempt: <T>(work: (session: Session) => Promise<T>) => Promise<T>) {
    this.#files = files;
    this.#attempt = attempt;
  }

  async means(): Promise<Float32Array> {
    const file = await this.#files.means();
    return this.#attempt(async ({ module }) => asking(() => module.classMeans(file)));
  }

  async prototypes(): Promise<Float32Array> {
    const file = await this.#files.prototypes();
    this.#prototypes ??= await this.#attempt(async ({ module }) => asking(() => module.prototypes(file)));
    return this.#prototypes;
  }

  async probabilities(name: NetworkName, images: Float32Array): Promise<number[][]> {
    checkNetwork(name);
    const pixels = readImages(images);
    const source = await this.#files.network(name);
    const probabilities: number[][] = [];
    for (let first = 0; first < pixels.length; first += PIECE) {
      if (first > 0) {
        await turn();
      }
      const piece = pixels.subarray(first, first + PIECE);
      const said = await this.#attempt((session) => {
        const network = this.#files.read(session, name, source);
        return session.wait(asking(() => network.logProbabilities(piece)), FIRST_TIMEOUT);
      });
      for (let row = 0; row < said.length; row += 10) {
        probabilities.push(Array.from(said.subarray(row, row + 10), Math.exp));
      }
    }
    return probabilities;
  }

  async meanProbabilities(name: NetworkName): Promise<number[][]> {
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
}
