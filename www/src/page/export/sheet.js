// @ts-check
// The layout of a figure's images in one picture: five in a row, a block for each network, side by side, every pixel
// enlarged to a square with hard edges.

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const PER_ROW = 5;

/** Between images, and between networks, in pixels of an image. */
const GAP = 1;
const NETWORK_GAP = 3;

/** @typedef {Uint8Array | Uint32Array} Pixels A number each: a color, or its place in a palette. */

export class Sheet {
  #factor;
  #images;
  /** From one network to the next, in pixels of an image. */
  #stride;
  width;
  height;

  /**
   * @param {number} networks
   * @param {number} images Of each network.
   * @param {number} factor By which pixels are enlarged.
   */
  constructor(networks, images, factor) {
    this.#factor = factor;
    this.#images = images;
    this.#stride = extent(Math.min(images, PER_ROW)) + NETWORK_GAP;
    this.width = factor * (networks * this.#stride - NETWORK_GAP);
    this.height = factor * extent(Math.ceil(images / PER_ROW));
  }

  /**
   * Puts the images of a network in their places. The gaps are left as they are.
   *
   * @template {Pixels} T
   * @param {T} target Of the whole sheet.
   * @param {number} network
   * @param {T} pixels 784 for each image.
   */
  put(target, network, pixels) {
    for (let image = 0; image < this.#images; image += 1) {
      const x = network * this.#stride + (image % PER_ROW) * (SIDE + GAP);
      const y = Math.floor(image / PER_ROW) * (SIDE + GAP);
      for (let row = 0; row < SIDE; row += 1) {
        const from = image * PIXELS + row * SIDE;
        this.#putRow(target, x, y + row, pixels.subarray(from, from + SIDE));
      }
    }
  }

  /** @param {Pixels} target @param {number} x @param {number} y @param {Pixels} pixels */
  #putRow(target, x, y, pixels) {
    const factor = this.#factor;
    const start = factor * (y * this.width + x);
    for (let i = 0; i < SIDE; i += 1) {
      target.fill(pixels[i], start + i * factor, start + (i + 1) * factor);
    }
    for (let line = 1; line < factor; line += 1) {
      target.copyWithin(start + line * this.width, start, start + SIDE * factor);
    }
  }
}

/** @param {number} images In a row, or in a column. */
function extent(images) {
  return images * (SIDE + GAP) - GAP;
}
