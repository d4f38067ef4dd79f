// @ts-check
// A library that is not made for this, on the MLP: its file is loaded while the library starts.

import { NOISE_STD } from '../task.js';
import { DIGITS } from './ten-digits.js';

/**
 * @param {Promise<import('../task.js').Candidate>} starting
 * @returns {Promise<import('../task.js').Running>}
 */
export async function peer(starting) {
  const file = fetch('/weights/mlp.safetensors').then((it) => it.arrayBuffer());
  const [candidate, weights] = await Promise.all([starting, file]);
  const begin = await candidate.prepare({
    network: 'mlp',
    weights: new Uint8Array(weights),
    digits: DIGITS,
    images: Float32Array.from({ length: 784 * DIGITS.length }, normal),
  });
  return begin();
}

/** N(0, deviation²). */
function normal() {
  return NOISE_STD * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
