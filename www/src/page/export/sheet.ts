// The layout of a figure's images in one picture: five in a row, a block for each network, side by side, every pixel
// enlarged to a square with hard edges.

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const PER_ROW = 5;

/** Between images, and between networks, in pixels of an image. */
const GAP = 1;
const NETWORK_GAP = 3;

/** A number each: a color, or its place in a palette. */
export type Pixels = Uint8Array | Uint32Array;

export class Sheet {
  #factor: number;
  #images: number;
  /** From one network to the next, in pixels of an image. */
  #stride: number;
  width: number;
  height: number;

  /**
   * @param images Of each network.
   * @param factor By which pixels are enlarged.
   */
  constructor(networks: number, images: number, factor: number) {
    this.#factor = factor;
    this.#images = images;
    this.#stride = extent(Math.min(images, PER_ROW)) + NETWORK_GAP;
    this.width = factor * (networks * this.#stride - NETWORK_GAP);
    this.height = factor * extent(Math.ceil(images / PER_ROW));
  }

  /**
   * Puts the images of a network in their places. The gaps are left as they are.
   *
   * @param target Of the whole sheet.
   * @param pixels 784 for each image.
   */
  put<T extends Pixels>(target: T, network: number, pixels: T) {
    for (let image = 0; image < this.#images; image += 1) {
      const x = network * this.#stride + (image % PER_ROW) * (SIDE + GAP);
      const y = Math.floor(image / PER_ROW) * (SIDE + GAP);
      const corner = { x: x * this.#factor, y: y * this.#factor, factor: this.#factor };
      enlarge(target, this.width, corner, pixels.subarray(image * PIXELS, (image + 1) * PIXELS));
    }
  }
}

/**
 * Puts one image into a picture, every pixel as a square.
 *
 * @param target Of a picture of that width.
 * @param corner Where its left upper corner is, and by which its pixels are enlarged.
 * @param pixels 784.
 */
export function enlarge(
  target: Pixels,
  width: number,
  { x, y, factor }: { x: number; y: number; factor: number },
  pixels: Pixels,
) {
  for (let row = 0; row < SIDE; row += 1) {
    const start = (y + row * factor) * width + x;
    for (let i = 0; i < SIDE; i += 1) {
      target.fill(pixels[row * SIDE + i], start + i * factor, start + (i + 1) * factor);
    }
    for (let line = 1; line < factor; line += 1) {
      target.copyWithin(start + line * width, start, start + SIDE * factor);
    }
  }
}

/** @param images In a row, or in a column. */
function extent(images: number) {
  return images * (SIDE + GAP) - GAP;
}
