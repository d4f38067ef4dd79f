// @ts-check
// The style sheets of a figure, loaded once for all figures of a document.

import { withinTime } from '../patience.js';

const FILES = [
  new URL('../vendor/uPlot.min.css', import.meta.url),
  new URL('../base.css', import.meta.url),
  new URL('./figure.css', import.meta.url),
];

/** Milliseconds for a few kilobytes. The figure is shown without them then. */
const PATIENCE = 20_000;

/** @type {Promise<CSSStyleSheet[]> | undefined} */
let sheets;

/**
 * @returns {Promise<CSSStyleSheet[]>} Rejects when one cannot be loaded; it can then be tried again.
 */
export function styles() {
  sheets ??= Promise.all(FILES.map(load)).catch((error) => {
    sheets = undefined;
    throw error;
  });
  return sheets;
}

/** @param {URL} url */
async function load(url) {
  const problem = `The style sheet could not be loaded from ${url}`;
  // Says what is wanted: Vite's development server would make a module of it otherwise.
  const request = fetch(url, { headers: { accept: 'text/css' } }).catch(() => {
    throw new Error(`${problem}: is there a connection?`);
  });
  const late = `${problem}: it did not arrive within 20 seconds.`;
  const response = await withinTime(request, PATIENCE, late);
  if (!response.ok) {
    throw new Error(`${problem}: the server says ${response.status}.`);
  }
  const text = await withinTime(response.text(), PATIENCE, late);
  return new CSSStyleSheet().replace(text);
}
