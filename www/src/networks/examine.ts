// Lets a module inspect a file that somebody brought: which network it holds, and what it reads.

import type { Engine } from '../engine/engine.ts';
import { asking } from '../engine/errors.ts';
import type { Candidate } from '../engine/import-options.ts';
import type { Layers, Source } from '../engine/networks.ts';
import { FIRST_TIMEOUT } from '../engine/timeout.ts';

/** What the shapes say. */
export interface Inspection {
  layout: 'pytorch' | 'keras';
  parameters: number;
  candidates: Candidate[];
}

/** The most bytes of a file. The module has the same limit, but has not seen the file yet when it is chosen. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** Pixels that a network is asked about at once: with more than ten images, a large network would block the page. */
const PIECE = 10 * 784;

/** @returns Rejects with a `Refusal` when the file is the cause. */
export async function inspect(engine: Engine, bytes: Uint8Array): Promise<Inspection> {
  return JSON.parse(await engine.attempt(async ({ module }) => asking(() => module.inspect(bytes))));
}

/**
 * Reads a network and asks it about images. It is not kept.
 *
 * @returns With ten probabilities an image. Rejects with a `Refusal`, when the network cannot be read so.
 */
export async function examine(
  engine: Engine,
  source: Source,
  images: Float32Array,
  { pause, signal }: {
    /** Gives the page its turn. */
    pause: () => Promise<void>;
    /** Ends the examination. */
    signal?: AbortSignal;
  },
): Promise<{ description: string; layers: Layers; probabilities: number[][] }> {
  const found = await engine.attempt(async (session) => {
    const network = asking(() => session.backend.network(source.bytes, source.options));
    const { description, layers } = network;
    const probabilities: number[][] = [];
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
