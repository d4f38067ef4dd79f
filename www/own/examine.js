// @ts-check
// What the module makes of a file that somebody brought: what is in it, and what it reads.

import { FRAME_PATIENCE } from '../run.js';

/** @typedef {import('../engine.js').Engine} Engine */
/** @typedef {import('../networks.js').Layers} Layers */
/** @typedef {import('../networks.js').Source} Source */
/** @typedef {import('../session.js').Session} Session */

/**
 * @typedef {object} Inspection What the shapes say.
 * @property {'pytorch' | 'keras'} layout
 * @property {number} parameters
 * @property {import('./choices.js').Candidate[]} candidates
 */

/** The most bytes of a file; also in the module, which has not seen it when it is chosen. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** Pixels that a network is asked about at once: of ten images, or a large one would hold up the page. */
const PIECE = 10 * 784;

/** The file cannot be used, and why, as a sentence. Any other error is no fault of the file. */
export class Refusal extends Error {}

/**
 * @param {Engine} engine
 * @param {Uint8Array} bytes
 * @returns {Promise<Inspection>} Rejects with a `Refusal`.
 */
export async function inspect(engine, bytes) {
  const { session } = engine;
  try {
    return JSON.parse(session.module.inspect(bytes));
  } catch (error) {
    throw await refusal(engine, session, error);
  }
}

/**
 * Reads a network and asks it about images. It is not kept.
 *
 * @param {Engine} engine
 * @param {Source} source
 * @param {Float32Array} images
 * @param {object} how
 * @param {() => Promise<void>} how.pause Gives the page its turn.
 * @param {AbortSignal} [how.signal] Ends it.
 * @returns {Promise<{ description: string, layers: Layers, answers: number[][] }>} With ten
 *   probabilities an image. Rejects with a `Refusal`, when the network cannot be read so.
 */
export async function examine(engine, source, images, { pause, signal }) {
  /** @type {Refusal | undefined} */
  let refused;
  const found = await engine.attempt(async (session) => {
    let network;
    try {
      network = session.backend.network(source.bytes, source.choices);
    } catch (error) {
      refused = await refusal(engine, session, error);
      return undefined; // Another session would say the same.
    }
    const { description, layers } = network;
    /** @type {number[][]} */
    const answers = [];
    for (let first = 0; first < images.length; first += PIECE) {
      await pause();
      if (signal?.aborted) {
        break; // Not thrown here: the engine would take it for the end of the session.
      }
      const piece = images.subarray(first, first + PIECE);
      const said = await session.wait(network.logProbabilities(piece), FRAME_PATIENCE);
      for (let row = 0; row < said.length; row += 10) {
        answers.push(Array.from(said.subarray(row, row + 10), Math.exp));
      }
    }
    network.free();
    return { description, layers: JSON.parse(layers), answers };
  });
  signal?.throwIfAborted();
  if (!found) {
    throw refused;
  }
  return found;
}

/**
 * An error as the refusal that it is. If it is none, but the end of the module, the engine leaves
 * that first.
 *
 * @param {Engine} engine
 * @param {Session} session
 * @param {unknown} error
 */
async function refusal(engine, session, error) {
  if (error instanceof WebAssembly.RuntimeError) {
    await engine.leave(session, error);
    return new Refusal('The module broke down over this file, and was started anew.');
  }
  return new Refusal(error instanceof Error ? error.message : String(error));
}
