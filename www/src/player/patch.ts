// The part of an image that a filter of the first convolution is multiplied with at one position of its map. Knows of no
// page.

import type { MapSize } from '../engine/networks.ts';
import { centerOf } from '../engine/objectives.ts';
import type { Position } from '../engine/task.ts';

const SIDE = 28;

/**
 * @param image 784 pixels.
 * @param map Height and width of the maps.
 * @param kernel Height and width of the filters.
 * @returns As many numbers as a filter has. Those outside the image, where the convolution is padded, are 0.
 */
export function patchOf(image: Float32Array, position: Position, map: MapSize, kernel: [height: number, width: number]): Float32Array {
  const [row, column] = position === 'center' ? centerOf(map) : position;
  // With padding, maps are larger than the image less what the kernel lacks; half of that lies on either side.
  const [down, across] = [0, 1].map((axis) => (map[axis] + kernel[axis] - 1 - SIDE) / 2);
  return Float32Array.from({ length: kernel[0] * kernel[1] }, (_, at) => {
    const [y, x] = [row - down + Math.floor(at / kernel[1]), column - across + (at % kernel[1])];
    return y < 0 || x < 0 || y >= SIDE || x >= SIDE ? 0 : image[y * SIDE + x];
  });
}
