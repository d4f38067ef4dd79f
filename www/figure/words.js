// @ts-check
// Numbers, as people read them.

/** @param {number} fraction */
export function percent(fraction) {
  return `${(100 * fraction).toFixed(1)}%`;
}

/** Two digits, however small. @param {number} value */
export function twoDigits(value) {
  return value > 0 && value < 1e-3 ? value.toExponential(1) : value.toPrecision(2);
}

/** @param {number} value −1 to 1. */
export function signed(value) {
  const text = value.toFixed(2);
  return text === '-0.00' ? '0.00' : text.replace('-', '−');
}

/** @param {number[]} values */
export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
