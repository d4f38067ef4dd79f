// @ts-check
// What the networks say of images, in plain JavaScript with 64 bits: none of the candidates marks its
// own work.

import { readTensors } from './safetensors.js';

/** @typedef {import('./safetensors.js').Weight} Weight */
/** @typedef {{ side: number, values: Float64Array }[]} Maps */

/**
 * The probability of its digit, for every image.
 *
 * @param {import('./task.js').Work} work
 * @param {ArrayLike<number>} images
 */
export function probabilities({ network, weights, digits }, images) {
  const net = readTensors(weights);
  return digits.map((digit, row) => {
    const pixels = Float64Array.from({ length: 784 }, (_, at) => images[784 * row + at]);
    const logits = network === 'mlp' ? mlp(net, pixels) : lenet(net, pixels);
    const highest = Math.max(...logits);
    const all = logits.map((it) => Math.exp(it - highest));
    return all[digit] / all.reduce((sum, it) => sum + it, 0);
  });
}

/** @param {Map<string, Weight>} net @param {Float64Array} x */
function mlp(net, x) {
  for (const layer of ['fc1', 'fc2', 'fc3']) {
    x = dense(net, layer, x).map(relu);
  }
  return dense(net, 'fc4', x);
}

/** @param {Map<string, Weight>} net @param {Float64Array} pixels */
function lenet(net, pixels) {
  /** @type {Maps} */
  let maps = [{ side: 28, values: pixels }];
  for (const layer of ['conv1', 'conv2']) {
    maps = pooled(convolved(net, layer, maps));
  }
  let x = Float64Array.from(maps.flatMap(({ values }) => [...values]));
  for (const layer of ['fc1', 'fc2']) {
    x = dense(net, layer, x).map(relu);
  }
  return dense(net, 'fc3', x);
}

/** @param {Map<string, Weight>} net @param {string} layer @param {Float64Array} x */
function dense(net, layer, x) {
  const { data } = of(net, `${layer}.weight`); // [out, in]
  return Float64Array.from(of(net, `${layer}.bias`).data, (sum, unit) =>
    x.reduce((sum, value, at) => sum + value * data[unit * x.length + at], sum),
  );
}

/** @param {Map<string, Weight>} net @param {string} layer @param {Maps} maps @returns {Maps} */
function convolved(net, layer, maps) {
  const { data, shape: [, , size] } = of(net, `${layer}.weight`); // [out, in, size, size]
  return Array.from(of(net, `${layer}.bias`).data, (bias, filter) => {
    const side = maps[0].side - size + 1;
    const values = Float64Array.from({ length: side * side }, (_, at) => {
      const top = Math.floor(at / side);
      const left = at % side;
      let sum = bias;
      maps.forEach((map, channel) => {
        for (let place = 0; place < size * size; place += 1) {
          const pixel = (top + Math.floor(place / size)) * map.side + left + (place % size);
          sum += map.values[pixel] * data[(filter * maps.length + channel) * size * size + place];
        }
      });
      return sum;
    });
    return { side, values };
  });
}

/** ReLU, and the highest of every 2 × 2. @param {Maps} maps @returns {Maps} */
function pooled(maps) {
  return maps.map(({ side, values }) => {
    const half = side / 2;
    const highest = Float64Array.from({ length: half * half }, (_, at) => {
      const first = 2 * Math.floor(at / half) * side + 2 * (at % half);
      return relu(Math.max(...[0, 1, side, side + 1].map((step) => values[first + step])));
    });
    return { side: half, values: highest };
  });
}

/** @param {number} value */
function relu(value) {
  return Math.max(value, 0);
}

/** @param {Map<string, Weight>} net @param {string} name */
function of(net, name) {
  const weight = net.get(name);
  if (!weight) {
    throw new Error(`The file has no ${name}.`);
  }
  return weight;
}
