// @ts-check
// jax-js, as its guides have it: the whole step, gradient and Adam, is one function under `jit`, and
// every array is handed on to who needs it last.
//
// It has neither `scan` nor `fori_loop`. Five steps under one `jit` are up to a quarter faster than
// five calls; ten gain nothing more.

import { defaultDevice, grad, init, jit, lax, nn, numpy as np, tree } from '@jax-js/jax';

import { readTensors, transposed } from '../safetensors.js';
import { BETA_1, BETA_2, EPSILON, RATE, TARGET, oneHot } from '../task.js';

/** @typedef {import('../task.js').Candidate} Candidate */
/** @typedef {Record<string, np.Array>} Net By the names of the file. */
/** @typedef {{ x: np.Array, m: np.Array, v: np.Array, b1: np.Array, b2: np.Array }} State Pixels and moments `[n, 784]`; βᵗ. */

/** Steps under one `jit`. */
const TOGETHER = 5;

/**
 * @param {'wasm' | 'webgpu'} backend
 * @returns {Promise<Candidate>}
 */
export async function start(backend) {
  if (!(await init(backend)).includes(backend)) {
    throw new Error(`jax-js has no ${backend} here.`);
  }
  defaultDevice(backend);
  return {
    note: backend === 'wasm' ? threads() : undefined,
    async prepare({ network, weights, digits, images }) {
      const net = read(weights);
      return async () => begin(net, network, digits, images);
    },
  };
}

/**
 * @param {Net} net
 * @param {import('../task.js').NetworkName} network
 * @param {number[]} digits
 * @param {Float32Array} images
 * @returns {import('../task.js').Running}
 */
function begin(net, network, digits, images) {
  const shape = [digits.length, 784];
  const wanted = array(oneHot(digits), [digits.length, 10]);
  const step = stepOf({ mlp, lenet5 }[network]);
  const one = jit(step);
  const several = jit((/** @type {State} */ state, /** @type {Net} */ net, /** @type {np.Array} */ wanted) => {
    for (let made = 1; made < TOGETHER; made += 1) {
      state = step(state, tree.ref(net), wanted.ref);
    }
    return step(state, net, wanted);
  });
  /** @type {State} */
  let state = { x: array(images, shape), m: np.zeros(shape), v: np.zeros(shape), b1: np.array(1), b2: np.array(1) };
  return {
    async frame(steps) {
      for (let left = steps; left > 0; ) {
        const some = left >= TOGETHER ? several : one;
        state = some(state, tree.ref(net), wanted.ref);
        left -= some === several ? TOGETHER : 1;
      }
      return /** @type {Float32Array} */ (await state.x.ref.data());
    },
    free() {
      tree.dispose(state);
      tree.dispose(net);
      wanted.dispose();
      one.dispose();
      several.dispose();
    },
  };
}

function threads() {
  return globalThis.crossOriginIsolated ? `SIMD, threads: it takes ${navigator.hardwareConcurrency}` : 'SIMD';
}

/**
 * One step of Adam.
 *
 * @param {(net: Net, x: np.Array) => np.Array} forward
 */
function stepOf(forward) {
  const gradient = grad((/** @type {np.Array} */ x, /** @type {Net} */ net, /** @type {np.Array} */ wanted) => {
    const chosen = nn.logSoftmax(forward(net, x)).mul(wanted).sum(1); // [n]
    return np.square(chosen.sub(Math.log(TARGET))).sum();
  });
  return (/** @type {State} */ { x, m, v, b1, b2 }, /** @type {Net} */ net, /** @type {np.Array} */ wanted) => {
    const g = gradient(x.ref, net, wanted);
    m = m.mul(BETA_1).add(g.ref.mul(1 - BETA_1));
    v = v.mul(BETA_2).add(np.square(g).mul(1 - BETA_2));
    b1 = b1.mul(BETA_1);
    b2 = b2.mul(BETA_2);
    const first = m.ref.div(np.subtract(1, b1.ref));
    const second = v.ref.div(np.subtract(1, b2.ref));
    x = x.sub(first.mul(RATE).div(np.sqrt(second).add(EPSILON)));
    return { x, m, v, b1, b2 };
  };
}

/**
 * The weights, dense ones turned to `[in, out]`.
 *
 * @param {Uint8Array} file
 * @returns {Net}
 */
function read(file) {
  return Object.fromEntries(
    [...readTensors(file)].map(([name, weight]) => {
      const { data, shape } = weight.shape.length === 2 ? transposed(weight) : weight;
      return [name, array(data, shape)];
    }),
  );
}

/** @param {Float32Array} data @param {number[]} shape */
function array(data, shape) {
  return np.array(/** @type {Float32Array<ArrayBuffer>} */ (data)).reshape(shape);
}

/** @param {Net} net @param {np.Array} x [n, 784] */
function mlp(net, x) {
  for (const layer of ['fc1', 'fc2', 'fc3']) {
    x = nn.relu(dense(net, layer, x));
  }
  return dense(net, 'fc4', x);
}

/** @param {Net} net @param {np.Array} x [n, 784] */
function lenet5(net, x) {
  x = x.reshape([-1, 1, 28, 28]);
  for (const layer of ['conv1', 'conv2']) {
    const bias = net[`${layer}.bias`].reshape([-1, 1, 1]);
    const maps = lax.convGeneralDilated(x, net[`${layer}.weight`], [1, 1], 'VALID').add(bias);
    // The same as ReLU before pooling, on a quarter of the numbers.
    x = nn.relu(lax.reduceWindow(maps, np.max, [2, 2], [2, 2]));
  }
  x = x.reshape([-1, 256]);
  for (const layer of ['fc1', 'fc2']) {
    x = nn.relu(dense(net, layer, x));
  }
  return dense(net, 'fc3', x);
}

/** @param {Net} net @param {string} layer @param {np.Array} x */
function dense(net, layer, x) {
  return np.dot(x, net[`${layer}.weight`]).add(net[`${layer}.bias`]);
}
