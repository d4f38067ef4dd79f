// @ts-check
// What the API is given, checked where it comes in: a RangeError in words for people.

import { isNetwork, networkNames } from './networks.js';

const PIXELS = 784;
/** How many images can be asked about at once; also in `settings.rs`. */
const MOST_IMAGES = 100;

/** @param {string} name */
export function checkNetwork(name) {
  if (!isNetwork(name)) {
    throw new RangeError(`There is no network "${name}". There are: ${networkNames().join(', ')}.`);
  }
}

/** @param {Float32Array} images */
export function checkImages(images) {
  const { length } = images;
  if (length === 0 || length % PIXELS !== 0 || length > MOST_IMAGES * PIXELS) {
    throw new RangeError(
      `There are ${length} pixels. There must be 784 (28 × 28) for each of 1 to ${MOST_IMAGES} images.`,
    );
  }
  const bad = images.findIndex((pixel) => !Number.isFinite(pixel));
  if (bad >= 0) {
    throw new RangeError(`Pixel ${bad} is ${images[bad]}. Every pixel must be a finite number.`);
  }
}

/** @param {string} name @param {number} value @param {number} most */
export function checkWhole(name, value, most) {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new RangeError(`The ${name} is ${value}. It must be a whole number from 0 to ${most}.`);
  }
}

/** Every number in there, at any depth. @param {object} settings */
export function checkFinite(settings) {
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new RangeError(`The setting "${name}" is ${value}. It must be a finite number.`);
    }
    if (typeof value === 'object' && value !== null) {
      checkFinite(value);
    }
  }
}
