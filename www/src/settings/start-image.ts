// A drawn start image as text, short enough for an address: sixteen levels of gray, each level
// above black as a letter from A (1/15) to O (white), each run of black pixels as its length.

const PIXELS = 784;
const LEVELS = 15;
const PARTS = /\d+|[A-O]/g;

/**
 * Rounds pixels to the levels that a text can hold, so that a link restores them exactly.
 *
 * @param pixels 0 to 1.
 */
export function quantized(pixels: Float32Array) {
  return pixels.map((pixel) => Math.round(LEVELS * Math.min(1, Math.max(0, pixel))) / LEVELS);
}

/** @param pixels 784 of them, 0 to 1. */
export function writeStart(pixels: Float32Array): string {
  let text = '';
  let black = 0;
  for (const pixel of pixels) {
    const level = Math.round(LEVELS * pixel);
    if (level === 0) {
      black += 1;
      continue;
    }
    text += (black > 0 ? black : '') + String.fromCharCode(64 + level);
    black = 0;
  }
  return text + (black > 0 ? black : '');
}

/** Whether a text describes a start image of at most 784 pixels. */
export function isStart(text: string) {
  let pixels = 0;
  for (const [part] of text.matchAll(PARTS)) {
    pixels += isRun(part) ? Number(part) : 1;
    if (part.length > 3 || pixels > PIXELS) {
      return false;
    }
  }
  return pixels > 0 && /^[\dA-O]+$/.test(text);
}

function isRun(part: string) {
  return part < 'A';
}

/**
 * @param text For which `isStart` is true.
 * @returns 784 pixels, 0 to 1; what the text leaves open is black.
 */
export function readStart(text: string): Float32Array {
  const pixels = new Float32Array(PIXELS);
  let at = 0;
  for (const [part] of text.matchAll(PARTS)) {
    if (isRun(part)) {
      at += Number(part);
    } else if (at < PIXELS) {
      pixels[at] = (part.charCodeAt(0) - 64) / LEVELS;
      at += 1;
    }
  }
  return pixels;
}
