// Colors for differences: gray for nothing, violet for less and yellow for more, both the stronger the further from 0.
// The ends are viridis's, so lightness rises from one end to the other, and what is lost with the hues is not the order.

const SIDE = 28;
const LESS = [68, 1, 84];
const NOTHING = [140, 140, 140];
const MORE = [253, 231, 37];

/**
 * Images, below one another.
 *
 * @param differences n · 784 numbers.
 * @param most What becomes one of the ends, or its negative the other; with 0, all are gray.
 */
export function paintDifferences(differences: Float32Array, most: number): ImageData {
  const picture = new ImageData(SIDE, differences.length / SIDE);
  for (const [at, difference] of differences.entries()) {
    const strength = most > 0 ? Math.min(1, Math.abs(difference) / most) : 0;
    const end = difference < 0 ? LESS : MORE;
    const color = NOTHING.map((gray, channel) => gray + strength * (end[channel] - gray));
    picture.data.set([...color, 255], 4 * at);
  }
  return picture;
}
