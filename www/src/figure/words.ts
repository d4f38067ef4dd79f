// Numbers, as people read them.

export function percent(fraction: number) {
  return `${(100 * fraction).toFixed(1)}%`;
}

/** Two digits, or all before the point, however small or large it is. */
export function twoDigits(value: number) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return withMinus(value.toExponential(1).replace('+', ''));
  }
  // What rounds to three digits before the point would otherwise be 1.0e+2.
  return withMinus(size < 99.5 ? value.toPrecision(2) : value.toFixed(0));
}

/** The same for people at a distance, who need not tell one tiny number from another. */
export function roughly(value: number) {
  return value !== 0 && Math.abs(value) < 1e-3 ? '< 0.001' : twoDigits(value);
}

/** @param value −1 to 1, or NaN where it is not known. */
export function signed(value: number) {
  if (Number.isNaN(value)) {
    return '–';
  }
  const text = value.toFixed(2);
  return text === '-0.00' ? '0.00' : withMinus(text);
}

/** With a minus, which is as wide as a plus, in place of a hyphen. */
function withMinus(text: string) {
  return text.replaceAll('-', '−');
}

/** “a 3”, “an 8”. */
export function aDigit(digit: number) {
  return digit === 8 ? 'an 8' : `a ${digit}`;
}

/** With a capital letter. */
export function capital(words: string) {
  return words[0].toUpperCase() + words.slice(1);
}

export function iterations(count: number) {
  return count === 1 ? '1 iteration' : `${count} iterations`;
}

export function mean(values: number[]) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
