/**
 * Pearson's correlation of two images: −1 to 1, and 0 where all pixels of one of them are equal.
 *
 * @param b As long as `a`.
 */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>) {
  const n = a.length;
  let meanA = 0;
  let meanB = 0;
  for (let i = 0; i < n; i += 1) {
    meanA += a[i] / n;
    meanB += b[i] / n;
  }
  let together = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < n; i += 1) {
    const offA = a[i] - meanA;
    const offB = b[i] - meanB;
    together += offA * offB;
    squareA += offA * offA;
    squareB += offB * offB;
  }
  return squareA === 0 || squareB === 0 ? 0 : together / Math.sqrt(squareA * squareB);
}
