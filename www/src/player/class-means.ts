// How much an image looks like its digit: compared with the mean training image of its class, and of the others.

const PIXELS = 784;
const CLASSES = 10;

export interface Comparison {
  /** With the mean of its own class: Pearson's, −1 to 1; 0 where all pixels of the image are equal. */
  correlation: number;
  /**
   * That correlation less the highest with the mean of another class, −2 to 2: above 0, the image looks more like
   * its own digit than like any other. A correlation alone says little: a blob in the middle has a high one with all.
   */
  margin: number;
}

/** Of what is no digit. */
export const NO_COMPARISON: Comparison = { correlation: 0, margin: 0 };

export class ClassMeans {
  /** The means, shifted to a mean of 0 and scaled to a length of 1. */
  #directions: Float64Array[];
  /** What the mean of the ten means has with each of them, on average: a blob, for comparison. */
  readonly blob: Comparison;

  /** @param means 10 · 784 pixels. */
  constructor(means: Float32Array) {
    const each = Array.from({ length: CLASSES }, (_, digit) => means.subarray(digit * PIXELS, (digit + 1) * PIXELS));
    this.#directions = each.map(direction);
    const together = Float32Array.from({ length: PIXELS }, (_, at) => average(each.map((it) => it[at])));
    const blobs = each.map((_, digit) => this.compare(together, digit));
    this.blob = averageOf(blobs);
  }

  /** @param image 784 pixels. */
  compare(image: ArrayLike<number>, digit: number): Comparison {
    const own = direction(image);
    const correlations = this.#directions.map((it) => product(own, it));
    const [correlation] = correlations.splice(digit, 1);
    return { correlation, margin: correlation - Math.max(...correlations) };
  }
}

export function averageOf(comparisons: Comparison[]): Comparison {
  return {
    correlation: average(comparisons.map((it) => it.correlation)),
    margin: average(comparisons.map((it) => it.margin)),
  };
}

/** With a mean of 0 and a length of 1; all 0 where all pixels are equal. */
function direction(image: ArrayLike<number>): Float64Array {
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
