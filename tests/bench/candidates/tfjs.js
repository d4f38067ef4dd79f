// @ts-check
// TensorFlow.js, as its guides have it: production mode, `tf.tidy` around a step, `tf.grad`.
//
// Measured and left out, because it is slower here: kernels with the bias fused in (`tf.fused`), whose
// gradient always computes that of the weights too; and `tf.train.adam`, which takes more kernels.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

import { readTensors } from '../safetensors.js';
import { BETA_1, BETA_2, EPSILON, RATE, TARGET, oneHot } from '../task.js';

/** @typedef {import('../safetensors.js').Weight} Weight */
/** @typedef {import('../task.js').Candidate} Candidate */
/** @typedef {Record<string, tf.Tensor>} Net By the names of the file. */

/** Loaded when asked for: a page has one of them. */
const BACKENDS = {
  async wasm() {
    const { getThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths('/bench/tfjs/');
    return () => (globalThis.crossOriginIsolated ? `SIMD, threads: it takes ${getThreadsCount()}` : 'SIMD');
  },
  async webgl() {
    await import('@tensorflow/tfjs-backend-webgl');
    return () => undefined;
  },
  async webgpu() {
    await import('@tensorflow/tfjs-backend-webgpu');
    return () => undefined;
  },
};

/**
 * @param {keyof typeof BACKENDS} backend
 * @returns {Promise<Candidate>}
 */
export async function start(backend) {
  tf.enableProdMode();
  const note = await BACKENDS[backend]();
  if (!(await tf.setBackend(backend))) {
    throw new Error(`TensorFlow.js has no ${backend} here.`);
  }
  return {
    note: note(),
    async prepare({ network, weights, digits, images }) {
      const net = tf.tidy(() => read(weights));
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
  const wanted = tf.tensor2d(oneHot(digits), [digits.length, 10]);
  const target = tf.scalar(Math.log(TARGET));
  const forward = { mlp, lenet5 }[network];
  const run = adam(tf.tensor2d(images, [digits.length, 784]), (x) => {
    const chosen = tf.sum(tf.mul(tf.logSoftmax(forward(net, x)), wanted), 1); // [n]
    return tf.sum(tf.square(tf.sub(chosen, target)));
  });
  return {
    async frame(steps) {
      for (let step = 0; step < steps; step += 1) {
        run.step();
      }
      return /** @type {Float32Array} */ (await run.x.data());
    },
    free() {
      run.free();
      tf.dispose([net, wanted, target]);
    },
  };
}

/**
 * The weights, laid out as the kernels want them.
 *
 * @param {Uint8Array} file
 * @returns {Net}
 */
function read(file) {
  return Object.fromEntries(
    [...readTensors(file)].map(([name, { shape, data }]) => [name, arranged(tf.tensor(data, shape))]),
  );
}

/** @param {tf.Tensor} weight */
function arranged(weight) {
  const [units, inputs] = weight.shape;
  if (weight.rank === 4) {
    return tf.transpose(weight, [2, 3, 1, 0]); // [out, in, h, w] → [h, w, in, out]
  }
  if (weight.rank === 2 && inputs === 256 && units === 120) {
    // LeNet-5's first dense layer: its inputs are [16, 4, 4] in the file and [4, 4, 16] here.
    const maps = tf.transpose(tf.reshape(weight, [units, 16, 4, 4]), [2, 3, 1, 0]);
    return tf.reshape(maps, [inputs, units]);
  }
  return weight.rank === 2 ? tf.transpose(weight) : weight;
}

/** @param {Net} net @param {tf.Tensor} x [n, 784] */
function mlp(net, x) {
  for (const layer of ['fc1', 'fc2', 'fc3']) {
    x = tf.relu(dense(net, layer, x));
  }
  return dense(net, 'fc4', x);
}

/** @param {Net} net @param {tf.Tensor} x [n, 784] */
function lenet5(net, x) {
  x = tf.reshape(x, [-1, 28, 28, 1]);
  for (const layer of ['conv1', 'conv2']) {
    const filters = /** @type {tf.Tensor4D} */ (net[`${layer}.weight`]);
    const maps = tf.add(tf.conv2d(/** @type {tf.Tensor4D} */ (x), filters, 1, 'valid'), net[`${layer}.bias`]);
    // The same as ReLU before pooling, on a quarter of the numbers.
    x = tf.relu(tf.maxPool(/** @type {tf.Tensor4D} */ (maps), 2, 2, 'valid'));
  }
  x = tf.reshape(x, [-1, 256]);
  for (const layer of ['fc1', 'fc2']) {
    x = tf.relu(dense(net, layer, x));
  }
  return dense(net, 'fc3', x);
}

/** @param {Net} net @param {string} layer @param {tf.Tensor} x */
function dense(net, layer, x) {
  return tf.add(tf.matMul(x, net[`${layer}.weight`]), net[`${layer}.bias`]);
}

/**
 * Adam with as few kernels as it takes: the moments go without their factors 1 − β, which the step
 * size and epsilon have instead.
 *
 * @param {tf.Tensor} x Where it begins.
 * @param {(x: tf.Tensor) => tf.Tensor} loss
 */
function adam(x, loss) {
  const gradient = tf.grad(loss);
  const beta1 = tf.scalar(BETA_1);
  const beta2 = tf.scalar(BETA_2);
  let t = 0;
  let m = tf.zerosLike(x);
  let v = tf.zerosLike(x);
  return {
    get x() {
      return x;
    },
    step() {
      t += 1;
      const root = Math.sqrt((1 - BETA_2 ** t) / (1 - BETA_2));
      const rate = (RATE * root * (1 - BETA_1)) / (1 - BETA_1 ** t);
      const before = [x, m, v];
      [x, m, v] = tf.tidy(() => {
        const g = gradient(x);
        const first = tf.add(tf.mul(m, beta1), g);
        const second = tf.add(tf.mul(v, beta2), tf.square(g));
        const change = tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), EPSILON * root));
        return [tf.sub(x, change), first, second];
      });
      tf.dispose(before);
    },
    free: () => tf.dispose([x, m, v, beta1, beta2]),
  };
}
