// @ts-check
// Ten digits that draw themselves, with whichever library: the same for all of them, and no more than
// it takes.

/** All of them. */
export const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** @param {Promise<import('../task.js').Running>} starting */
export async function show(starting) {
  const pictures = DIGITS.map(() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 28;
    document.body.append(canvas);
    return /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  });
  const run = await starting;
  for (let iteration = 1; ; iteration += 1) {
    const images = await run.frame(1);
    pictures.forEach((picture, row) => picture.putImageData(gray(images.subarray(784 * row, 784 * row + 784)), 0, 0));
    /** @type {any} */ (window).iteration = iteration;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** @param {Float32Array} pixels From black to white: these. */
function gray(pixels) {
  const low = pixels.reduce((low, it) => Math.min(low, it), Infinity);
  const high = pixels.reduce((high, it) => Math.max(high, it), -Infinity);
  const image = new ImageData(28, 28);
  pixels.forEach((pixel, at) => {
    const value = (255 * (pixel - low)) / (high - low);
    image.data.set([value, value, value, 255], 4 * at);
  });
  return image;
}
