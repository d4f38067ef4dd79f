// @ts-check
// This project, as a page uses it: through `www/engine.js`.

import { NOISE_STD, RATE, SEED, TARGET } from '../task.js';

/** @typedef {import('../task.js').Candidate} Candidate */

const SETTINGS = { target: TARGET, learningRate: RATE };

/**
 * @param {'cpu' | 'webgpu'} backend
 * @param {'reference'} [path] How it is computed, where the engine is not to choose.
 * @returns {Promise<Candidate | undefined>} Nothing, if this build cannot be asked for a path.
 */
export async function start(backend, path) {
  const { Engine } = await import(/* @vite-ignore */ new URL('/engine.js', location.href).href);
  const engine = await Engine.start({ backend });
  const begin = (/** @type {object} */ task) => engine.begin({ seed: SEED, noiseStd: NOISE_STD, ...task });
  if (path && !(await knowsPaths(begin))) {
    return undefined;
  }
  return {
    async prepare({ network, digits }) {
      await engine.card(network); // By then it is read.
      return async () => {
        const run = await begin({ network, digits, ...(path && { path }) });
        return {
          frame: async (steps) => (await run.advance(steps, SETTINGS)).images,
          free: () => run.free(),
        };
      };
    },
  };
}

/**
 * Who knows of paths takes the reference path, and refuses one that there is not.
 *
 * @param {(task: object) => Promise<import('../../../www/src/engine/run.ts').Run>} begin
 */
async function knowsPaths(begin) {
  const takes = async (/** @type {string} */ path) => {
    try {
      (await begin({ network: 'mlp', digits: [0], path })).free();
      return true;
    } catch {
      return false;
    }
  };
  return (await takes('reference')) && !(await takes('none'));
}
