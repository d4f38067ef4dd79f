// A picture in MNIST's form: its ink fitted into 20×20 pixels, and centered by its mass in 28×28.
// After LeCun, Cortes and Burges, "The MNIST database of handwritten digits".

const SIDE = 28;
const BOX = 20;
/** Where MNIST's images have their center of mass, in pixels from the left and from the top. */
const CENTER = 14.5;

/** What counts as ink when its bounds are sought; paper is rarely quite white. */
const INK = 0.15;

/**
 * @param ink Of the picture, 0 to 1, row after row.
 * @returns 784 pixels; nothing where there is no ink.
 */
export function mnistForm(ink: Float32Array, width: number): Float32Array | undefined {
  const bounds = boundsOf(ink, width);
  if (!bounds) {
    return undefined;
  }
  const { left, top, right, bottom } = bounds;
  const size = Math.max(right - left, bottom - top) / BOX; // Of a pixel of the result, in pixels of the picture.
  const margin = (SIDE - BOX) / 2;
  const center = centerOf(shrink(ink, width, { left, top, size, x: margin, y: margin }));
  // By whole pixels, as in MNIST: what lies on the grid stays sharp.
  return shrink(ink, width, {
    left,
    top,
    size,
    x: margin + Math.round(CENTER - center.x),
    y: margin + Math.round(CENTER - center.y),
  });
}

/**
 * Ink is what differs from the paper: what is darker than bright paper, or brighter than dark paper. How bright the
 * paper is, the picture's border tells.
 */
export function inkOf(rgba: Uint8ClampedArray, width: number) {
  const light = Float32Array.from({ length: rgba.length / 4 }, (_, at) => {
    const [red, green, blue, alpha] = rgba.subarray(4 * at, 4 * at + 4);
    // Rec. 709 weights; what is transparent is paper.
    const luminance = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    return luminance * (alpha / 255) + 1 - alpha / 255;
  });
  const paper = paperOf(light, width);
  const ink = light.map((it) => Math.max(0, paper > 0.5 ? paper - it : it - paper));
  const most = ink.reduce((a, b) => Math.max(a, b), 0);
  return most > INK ? ink.map((it) => it / most) : ink;
}

/** The median of the border. */
function paperOf(light: Float32Array, width: number) {
  const last = light.length - width;
  const border = light.filter((_, at) => {
    const x = at % width;
    return at < width || at >= last || x === 0 || x === width - 1;
  });
  return border.sort()[border.length >> 1];
}

function boundsOf(ink: Float32Array, width: number) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  // Counted, and not iterated with `entries`: this is done in every frame while somebody draws, and
  // takes a tenth of the time.
  for (let at = 0; at < ink.length; at += 1) {
    if (ink[at] > INK) {
      const x = at % width;
      const y = Math.floor(at / width);
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  return left < right ? { left, top, right, bottom } : undefined;
}

/** Each of 28×28 pixels is the mean of the part of the picture that it covers. */
function shrink(
  ink: Float32Array,
  width: number,
  { left, top, size, x, y }: {
    /** Where the box begins in the picture. */
    left: number;
    top: number;
    /** Of a pixel of the result, in pixels of the picture. */
    size: number;
    /** Where the box begins in the result. */
    x: number;
    y: number;
  },
) {
  const height = ink.length / width;
  const samples = Math.max(2, Math.ceil(size));
  return Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
    const x0 = left + ((at % SIDE) - x) * size;
    const y0 = top + (Math.floor(at / SIDE) - y) * size;
    let sum = 0;
    for (let i = 0; i < samples; i += 1) {
      for (let j = 0; j < samples; j += 1) {
        const column = Math.floor(x0 + ((i + 0.5) / samples) * size);
        const row = Math.floor(y0 + ((j + 0.5) / samples) * size);
        if (column >= 0 && row >= 0 && column < width && row < height) {
          sum += ink[row * width + column];
        }
      }
    }
    return sum / samples ** 2;
  });
}

function centerOf(image: Float32Array) {
  let [mass, x, y] = [0, 0, 0];
  for (const [at, value] of image.entries()) {
    mass += value;
    x += value * ((at % SIDE) + 0.5);
    y += value * (Math.floor(at / SIDE) + 0.5);
  }
  return { x: x / mass, y: y / mass };
}
