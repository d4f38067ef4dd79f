// @ts-check
// Markdown: what is printed, and kept in a file.

/** @typedef {import('./measure.js').Result} Result */

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 * @param {number} [texts] Columns that are no numbers.
 */
export function table(head, rows, texts = 1) {
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column < texts ? '---' : '--:'));
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}

/** Three figures, and no more than they say. @param {number} value */
export function short(value) {
  if (!Number.isFinite(value)) {
    return '–';
  }
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}

/** @param {number} value */
export function whole(value) {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '–';
}
