// The run as an animated GIF, from its start to the last iteration made. The colors are exact: a
// GIF has room for 256, and viridis has no more.

import { breaks } from '../../engine/breaks.ts';
import { type Paint, scale } from '../../figure/stage.ts';
import type { NetworkResult } from '../../player/experiment.ts';
import { inWords } from './picture.ts';
import { Sheet } from './sheet.ts';
import type { Shown } from './shown.ts';

/** How much pixels are enlarged: half as much as in the picture, for less than half of the bytes. */
const ONE = 10;
const MANY = 4;

const MOST_FRAMES = 120;
/** Milliseconds. */
const FRAME = 50;
const LAST_FRAME = 2000;

/** @param onProgress Hears how much is done, 0 to 1. */
export async function animation(
  { experiment, paint, made }: Shown,
  onProgress: (share: number) => void,
): Promise<Blob> {
  const { networkResults, digits } = experiment;
  const moments = momentsOf(networkResults, made);
  const ranges = moments[moments.length - 1].images.map(scale);
  const { palette, indexOf } = paletteOf(paint);
  const sheet = new Sheet(networkResults.length, digits.length, digits.length === 1 ? ONE : MANY);
  const clear = palette.length - 1;
  const whole = new Uint8Array(sheet.width * sheet.height).fill(clear);
  const encoder = await newEncoder();
  /** Of each network: the colors of its images in the frame before. */
  const drawn: Uint8Array[] = [];
  const pause = breaks();
  for (const [index, { images, lasts }] of moments.entries()) {
    for (const [network, pixels] of images.entries()) {
      const { low, high } = ranges[network];
      const colors = inWords(paint(pixels, low, high));
      const indices = Uint8Array.from(colors, (it) => indexOf.get(it) ?? clear);
      const before = drawn[network];
      // Pixels that stay the same are left transparent, which makes the file smaller.
      const news = indices.map((it, pixel) => (before?.[pixel] === it ? clear : it));
      sheet.put(whole, network, news);
      drawn[network] = indices;
    }
    encoder.writeFrame(whole, sheet.width, sheet.height, {
      palette: index === 0 ? palette : null, // All frames use that of the first.
      delay: index === moments.length - 1 ? LAST_FRAME : lasts * FRAME,
      repeat: 0, // For ever.
      transparent: true,
      transparentIndex: clear,
      dispose: 1, // Each is drawn over the one before.
    });
    onProgress((index + 1) / moments.length);
    await pause();
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: 'image/gif' });
}

/**
 * The frames of the animation: those that are kept, at even steps of the run. Where more than one
 * step has passed from one to the next, the first lasts that much longer.
 */
function momentsOf(networkResults: NetworkResult[], made: number) {
  const steps = Math.min(made, MOST_FRAMES - 1);
  const moments: { images: Float32Array[]; lasts: number }[] = [];
  for (let step = 0; step <= steps; step += 1) {
    const iteration = steps === 0 ? 0 : Math.round((step * made) / steps);
    const images = networkResults.map(({ history }) => history.at(iteration).images);
    const last = moments.at(-1);
    if (last?.images.every((it, index) => it === images[index])) {
      last.lasts += 1;
    } else {
      moments.push({ images, lasts: 1 });
    }
  }
  return moments;
}

/** The colors that a figure has, and at the end one for what is transparent. */
function paletteOf(paint: Paint) {
  const ramp = Float32Array.from({ length: 784 }, (_, index) => index / 784);
  const { data } = paint(ramp, 0, 1);
  const palette: number[][] = [];
  const indexOf = new Map<number, number>();
  // Viridis has 254 in fact: two occur twice. So there is a place for the transparent one.
  for (const [pixel, color] of new Uint32Array(data.buffer).entries()) {
    if (!indexOf.has(color)) {
      indexOf.set(color, palette.length);
      palette.push([...data.subarray(4 * pixel, 4 * pixel + 3)]);
    }
  }
  palette.push([0, 0, 0]);
  return { palette, indexOf };
}

/** Loaded when it is first needed. */
async function newEncoder() {
  let gifenc;
  try {
    gifenc = await import('gifenc');
  } catch {
    throw new Error('The maker of GIFs could not be loaded: is there a connection?');
  }
  return gifenc.GIFEncoder();
}
