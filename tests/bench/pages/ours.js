// @ts-check
// This project, on the MLP, as a page has it that a bundler has made.

import { Engine } from '../../../www/engine.js';
import { NOISE_STD, RATE, SEED, TARGET } from '../task.js';
import { DIGITS } from './ten-digits.js';

/**
 * @param {'cpu' | 'webgpu'} backend
 * @returns {Promise<import('../task.js').Running>}
 */
export async function ours(backend) {
  const engine = await Engine.start({ backend, ahead: ['mlp'] });
  const run = await engine.begin({ network: 'mlp', digits: DIGITS, seed: SEED, noiseStd: NOISE_STD });
  const settings = { target: TARGET, learningRate: RATE };
  return {
    frame: async (steps) => (await run.advance(steps, settings)).images,
    free: () => run.free(),
  };
}
