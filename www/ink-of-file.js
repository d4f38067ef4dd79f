// @ts-check
// The ink in an image file, as a picture for the paper: white on black.

import { h } from './dom.js';
import { refusalOf } from './image-file.js';
import { inkOf } from './mnist-form.js';

/**
 * Takes a file, if it may be decoded.
 *
 * @param {Blob} file
 * @param {number} side Of the paper, in pixels: the picture gets no larger.
 * @returns {Promise<HTMLCanvasElement>} Rejects, in words for people, when it cannot be used.
 */
export async function inkOfFile(file, side) {
  const refusal = await refusalOf(file);
  if (refusal) {
    throw new Error(refusal);
  }
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error('This image is damaged: the browser cannot read it.');
  }
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(scale * bitmap.width));
  const height = Math.max(1, Math.round(scale * bitmap.height));
  const canvas = h('canvas', { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new Error('This browser gives no 2D canvas, so the image cannot be read.');
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const picture = context.getImageData(0, 0, width, height);
  for (const [at, value] of inkOf(picture.data, width).entries()) {
    picture.data.set([255 * value, 255 * value, 255 * value, 255], 4 * at);
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}
