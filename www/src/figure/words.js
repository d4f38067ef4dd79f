// @ts-check
// Numbers, as people read them.

/** @param {number} fraction */
export function percent(fraction) {
  return `${(100 * fraction).toFixed(1)}%`;
}

/** Two digits, or all before the point, however small or large it is. @param {number} value */
export function twoDigits(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return withMinus(value.toExponential(1).replace('+', ''));
  }
  // What rounds to three digits before the point would otherwise be 1.0e+2.
  return withMinus(size < 99.5 ? value.toPrecision(2) : value.toFixed(0));
}

/** @param {number} value −1 to 1. */
export function signed(value) {
  const text = value.toFixed(2);
  return text === '-0.00' ? '0.00' : withMinus(text);
}

/** With a minus, which is as wide as a plus, in place of a hyphen. @param {string} text */
function withMinus(text) {
  return text.replaceAll('-', '−');
}

/** “a 3”, “an 8”. @param {number} digit */
export function aDigit(digit) {
  return digit === 8 ? 'an 8' : `a ${digit}`;
}

/** With a capital letter. @param {string} words */
export function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

/** @param {number} count */
export function iterations(count) {
  return count === 1 ? '1 iteration' : `${count} iterations`;
}

/** @param {number[]} values */
export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
