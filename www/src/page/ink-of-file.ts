// The ink in an image file, as a picture for the paper.

import type { Picture } from './drawing/ink.ts';
import { pixelsOf } from './drawing/pixels.ts';
import { refusalOf } from './image-file.ts';
import { inkOf } from './mnist-form.ts';

/**
 * Takes a file, if it may be decoded.
 *
 * @param side Of the paper, in pixels: the longer side of the picture gets as long.
 * @returns Rejects, in words for people, when it cannot be used.
 */
export async function inkOfFile(file: Blob, side: number): Promise<Picture> {
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
  const scale = side / Math.max(bitmap.width, bitmap.height);
  const width = Math.max(1, Math.round(scale * bitmap.width));
  const height = Math.max(1, Math.round(scale * bitmap.height));
  try {
    const pixels = await pixelsOf(width, height, (context) => {
      context.fillStyle = 'white'; // What is transparent is paper.
      context.fillRect(0, 0, width, height);
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmap, 0, 0, width, height);
    });
    return { ink: inkOf(pixels, width), width };
  } finally {
    bitmap.close();
  }
}
