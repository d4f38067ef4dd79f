// @ts-check
// This project's WebGPU modules without a browser, so without `www/engine.js`, which downloads.

import { NOISE_STD, RATE, SEED, TARGET } from '../task.js';

/** @typedef {import('../task.js').Candidate} Candidate */
/** @typedef {import('../../../www/pkg/webgpu/actmax.js').Backend} Backend */

const SETTINGS = JSON.stringify({ target: TARGET, learningRate: RATE });

/**
 * @param {Backend} backend
 * @param {'reference'} [path] How it is computed, where the module is not to choose.
 * @returns {Candidate}
 */
export function candidateOf(backend, path) {
  const task = JSON.stringify({ seed: SEED, noiseStd: NOISE_STD, path });
  return {
    async prepare({ weights, digits }) {
      const network = backend.network(weights, '{}');
      return async () => {
        const run = network.maximize(Uint16Array.from(digits), task);
        return {
          async frame(steps) {
            const most = run.largestStep(SETTINGS);
            for (let left = steps; left > 0; left -= most) {
              run.step(Math.min(left, most), SETTINGS);
            }
            return (await run.snapshot(SETTINGS)).images;
          },
          free() {
            run.free();
            network.free();
          },
        };
      };
    },
  };
}
