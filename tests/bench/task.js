// @ts-check
// What every candidate computes: the lab's run, from the same noise. Runs in a page and in Node.

/** @typedef {'mlp' | 'lenet5'} NetworkName */

/**
 * @typedef {object} Work
 * @property {NetworkName} network
 * @property {Uint8Array} weights Its safetensors file.
 * @property {number[]} digits One image for each.
 * @property {Float32Array} images What they start as, 784 pixels each.
 */

/**
 * @typedef {object} Running
 * @property {(steps: number) => Promise<Float32Array>} frame Makes steps, then reads the images once.
 * @property {() => void} free
 */

/**
 * @typedef {object} Candidate A library, ready on a backend.
 * @property {(work: Work) => Promise<Begin>} prepare Reads the network.
 * @property {string} [note] What is worth knowing of how it runs here.
 */

/** @typedef {() => Promise<Running>} Begin */

/** See `objective.rs`: (ln p(digit) − ln target)², summed over the rows. */
export const TARGET = 0.9;
/** Adam, see `maximizer.rs`. */
export const RATE = 0.005;
export const BETA_1 = 0.9;
export const BETA_2 = 0.999;
export const EPSILON = 1e-8;

/** Of the noise. */
export const SEED = 1;
export const NOISE_STD = 0.01;

/** Rows of ten, with a one at the digit. @param {number[]} digits */
export function oneHot(digits) {
  const rows = new Float32Array(10 * digits.length);
  digits.forEach((digit, row) => (rows[10 * row + digit] = 1));
  return rows;
}
