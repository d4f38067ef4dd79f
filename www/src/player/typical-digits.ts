// How much an image looks like its digit: compared with typical images of it, and of the other digits.
//
// The obvious measure, the correlation with the mean image of the class, is none: images that nobody can read have it
// as high as images that everybody can, and a blob in the middle has more than either. What people see goes by strokes
// of ink, so pixels below 0 count as black, and by one way of writing the digit, so the nearest of ten typical images
// counts. tests/page/claims-networks.test.js has the numbers.

const PIXELS = 784;
/** Typical images of each class. */
const EACH = 10;

export interface Comparison {
  /** With the nearest typical image of its own digit: Pearson's, −1 to 1; 0 where there is no ink. */
  correlation: number;
  /**
   * That correlation less the highest with a typical image of another digit, −2 to 2: above 0, the image looks more like
   * its own digit than like any other.
   */
  margin: number;
}

/** Of what is no digit, and as long as there are no typical images. */
export const UNKNOWN: Comparison = { correlation: NaN, margin: NaN };

export class TypicalDigits {
  /** The images, shifted to a mean of 0 and scaled to a length of 1. */
  #directions: Float64Array[];

  /** @param prototypes 10 · 10 · 784 pixels. */
  constructor(prototypes: Float32Array) {
    this.#directions = Array.from({ length: prototypes.length / PIXELS }, (_, index) =>
      direction(prototypes.subarray(index * PIXELS, (index + 1) * PIXELS)),
    );
  }

  /** @param image 784 pixels. */
  compare(image: Float32Array, digit: number): Comparison {
    const ink = direction(image.map((pixel) => Math.max(0, pixel)));
    let own = -Infinity;
    let other = -Infinity;
    for (const [index, it] of this.#directions.entries()) {
      const r = product(ink, it);
      if (Math.floor(index / EACH) === digit) {
        own = Math.max(own, r);
      } else {
        other = Math.max(other, r);
      }
    }
    return { correlation: own, margin: own - other };
  }
}

export function averageOf(comparisons: Comparison[]): Comparison {
  return {
    correlation: average(comparisons.map((it) => it.correlation)),
    margin: average(comparisons.map((it) => it.margin)),
  };
}

/** With a mean of 0 and a length of 1; all 0 where all pixels are equal. */
function direction(image: Float32Array): Float64Array {
  const centered = Float64Array.from(image);
  if (centered.every((it) => it === centered[0])) {
    return centered.fill(0); // Less the mean it would be rounding errors.
  }
  const mean = average(centered);
  for (let at = 0; at < centered.length; at += 1) {
    centered[at] -= mean;
  }
  const length = Math.sqrt(product(centered, centered));
  return centered.map((it) => it / length);
}

function product(a: Float64Array, b: Float64Array) {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) {
    sum += a[at] * b[at];
  }
  return sum;
}

function average(values: ArrayLike<number>) {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    sum += values[at];
  }
  return sum / values.length;
}
