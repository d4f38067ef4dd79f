// Reads back the pixels of a canvas. Browsers that protect against fingerprinting return noise, with some ways of
// reading and not with others: known pixels are read along, and show whether they come back unchanged.

import { withinTime } from '../../engine/timeout.ts';

/** Rows of known pixels. */
const KNOWN = 4;
/** How far a known pixel may be off, of 255: such a difference is too small to be taken for ink. */
const TOLERANCE = 8;
/** Milliseconds. */
const TIMEOUT = 5000;

const NOISE =
  'This browser puts noise in place of the pixels of images, to protect against fingerprinting, so the ' +
  'file cannot be read. Draw the digit instead, or let this page read canvas data and choose the file again.';

/**
 * Draws an image on a canvas, the known pixels below it, and reads the pixels of the image.
 *
 * @param height Of the image.
 * @returns Red, green, blue and alpha of the image's pixels. Rejects, in words for people, when the browser gives other
 *   pixels than those of the canvas.
 */
export async function pixelsOf(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): Promise<Uint8ClampedArray> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height + KNOWN;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new Error('This browser gives no 2D canvas, so the image cannot be read.');
  }
  draw(context);
  const known = knownPixels(width);
  context.putImageData(known, 0, height);
  for (const read of [throughFrame, throughContext]) {
    const pixels = await withinTime(read(canvas, context), TIMEOUT, '').catch(() => undefined);
    const end = 4 * width * height;
    if (pixels && known.data.every((it, at) => Math.abs(it - pixels[end + at]) <= TOLERANCE)) {
      return pixels.subarray(0, end);
    }
  }
  throw new Error(NOISE);
}

function knownPixels(width: number) {
  const known = new ImageData(width, KNOWN);
  for (let at = 0; at < width * KNOWN; at += 1) {
    known.data.set([(53 * at) % 256, (101 * at + 85) % 256, (197 * at + 170) % 256, 255], 4 * at);
  }
  return known;
}

/** As a frame of a video, to which no browser is known to add noise. Some browsers have no `VideoFrame`. */
async function throughFrame(canvas: HTMLCanvasElement) {
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  try {
    const pixels = new Uint8ClampedArray(frame.allocationSize({ format: 'RGBA' }));
    await frame.copyTo(pixels, { format: 'RGBA' });
    return pixels;
  } finally {
    frame.close();
  }
}

async function throughContext({ width, height }: HTMLCanvasElement, context: CanvasRenderingContext2D) {
  return context.getImageData(0, 0, width, height).data;
}
