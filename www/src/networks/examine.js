// @ts-check
// Lets a module inspect a file that somebody brought: which network it holds, and what it reads.

import { asking } from '../engine/errors.js';
import { FIRST_TIMEOUT } from '../engine/timeout.js';

/** @typedef {import('../engine/engine.js').Engine} Engine */
/** @typedef {import('../engine/networks.js').Layers} Layers */
/** @typedef {import('../engine/networks.js').Source} Source */

/**
 * @typedef {object} Inspection What the shapes say.
 * @property {'pytorch' | 'keras'} layout
 * @property {number} parameters
 * @property {import('../engine/import-options.js').Candidate[]} candidates
 */

/** The most bytes of a file. The module has the same limit, but has not seen the file yet when it is chosen. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** Pixels that a network is asked about at once: with more than ten images, a large network would block the page. */
const PIECE = 10 * 784;

/**
 * @param {Engine} engine
 * @param {Uint8Array} bytes
 * @returns {Promise<Inspection>} Rejects with a `Refusal` when the file is the cause.
 */
export async function inspect(engine, bytes) {
  return JSON.parse(await engine.attempt(async ({ module }) => asking(() => module.inspect(bytes))));
}

/**
 * Reads a network and asks it about images. It is not kept.
 *
 * @param {Engine} engine
 * @param {Source} source
 * @param {Float32Array} images
 * @param {object} how
 * @param {() => Promise<void>} how.pause Gives the page its turn.
 * @param {AbortSignal} [how.signal] Ends the examination.
 * @returns {Promise<{ description: string, layers: Layers, probabilities: number[][] }>} With ten
 *   probabilities an image. Rejects with a `Refusal`, when the network cannot be read so.
 */
export async function examine(engine, source, images, { pause, signal }) {
  const found = await engine.attempt(async (session) => {
    const network = asking(() => session.backend.network(source.bytes, source.options));
    const { description, layers } = network;
    /** @type {number[][]} */
    const probabilities = [];
    for (let first = 0; first < images.length; first += PIECE) {
      await pause();
      if (signal?.aborted) {
        break; // Not thrown here: the engine would take it for the end of the session.
      }
      const piece = images.subarray(first, first + PIECE);
      const said = await session.wait(asking(() => network.logProbabilities(piece)), FIRST_TIMEOUT);
      for (let row = 0; row < said.length; row += 10) {
        probabilities.push(Array.from(said.subarray(row, row + 10), Math.exp));
      }
    }
    network.free();
    return { description, layers: JSON.parse(layers), probabilities };
  });
  if (signal?.aborted) {
    throw signal.reason;
  }
  return found;
}
