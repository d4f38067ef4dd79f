// The colors of a figure's images: how they are painted, and which pixels become the ends of the scale.

import type { ColorMap } from '../engine/checks.ts';
import type { Objective } from '../engine/task.ts';
import type { Config } from '../settings/config.ts';
import { channelAsked, isOfDigits } from './words-of-objectives.ts';

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/**
 * @param low What becomes dark violet.
 * @param high What becomes yellow.
 * @param colors Those of the figure, unless others are named.
 */
export type Paint = (images: Float32Array, low: number, high: number, colors?: ColorMap) => ImageData;

export type Coloring = Pick<Config, 'colors' | 'colorScale'>;

export interface Scale {
  low: number;
  high: number;
  /** The pixels that are furthest down and up, which may lie outside. */
  lowest: number;
  highest: number;
}

/** The share of pixels at either end of a fitted scale that may lie outside it. */
const OUTSIDE = 0.01;

/** The end of a fixed scale: the white of MNIST. */
export const WHITE = 1;

/**
 * The range of the color scale. A fitted one is that of the pixels without a hundredth at either end: a few outliers, as
 * LeNet-5 makes at the border, would otherwise leave all other pixels in one color. Diverging colors have 0 in their
 * middle.
 */
export function scale(
  pixels: Float32Array,
  { colors, colorScale }: Coloring = { colors: 'viridis', colorScale: 'fitted' },
  share = OUTSIDE,
): Scale {
  const sorted = pixels.slice().sort();
  const outside = Math.floor(share * sorted.length);
  const last = sorted.length - 1;
  const ends = { lowest: sorted[0], highest: sorted[last] };
  if (colorScale === 'fixed') {
    return { low: -WHITE, high: WHITE, ...ends };
  }
  const [low, high] = [sorted[outside], sorted[last - outside]];
  const most = Math.max(-low, high);
  return colors === 'diverging' ? { low: -most, high: most, ...ends } : { low, high, ...ends };
}

/**
 * The scale of each image. Images of digits share one. Neurons and channels ask for very different contrasts, so each has
 * its own; at one position of a channel it has all pixels in it, since what a fitted scale leaves out would be most of
 * what is not empty.
 */
export function scalesOf(images: Float32Array, coloring: Coloring, objective?: Objective): Scale[] {
  const rows = Array.from({ length: images.length / PIXELS }, (_, row) => images.subarray(row * PIXELS, (row + 1) * PIXELS));
  if (isOfDigits(objective) || coloring.colorScale === 'fixed') {
    const shared = scale(images, coloring);
    return rows.map(() => shared);
  }
  const outside = channelAsked(objective)?.position === undefined ? OUTSIDE : 0;
  return rows.map((image) => scale(image, coloring, outside));
}

/** Images below one another, each in the colors of its scale. */
export function painted(images: Float32Array, scales: Scale[], paint: Paint): ImageData {
  const [shared] = scales;
  if (scales.every((it) => it === shared)) {
    return paint(images, shared.low, shared.high);
  }
  const picture = new ImageData(SIDE, images.length / SIDE);
  for (const [row, { low, high }] of scales.entries()) {
    picture.data.set(paint(images.subarray(row * PIXELS, (row + 1) * PIXELS), low, high).data, 4 * row * PIXELS);
  }
  return picture;
}

/** The lower end of the scale of images from MNIST, whose pixels are 0 to 1. */
export function lowOfMnist({ colors, colorScale }: Coloring) {
  return colors === 'viridis' && colorScale === 'fitted' ? 0 : -WHITE;
}
