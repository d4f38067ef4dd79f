// @ts-check
// The style sheets of a figure, loaded once for all figures of a document.

const FILES = [
  new URL('../vendor/uPlot.min.css', import.meta.url),
  new URL('../base.css', import.meta.url),
  new URL('./figure.css', import.meta.url),
];

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
  let response;
  try {
    // Says what is wanted: Vite's development server would make a module of it otherwise.
    response = await fetch(url, { headers: { accept: 'text/css' } });
  } catch {
    throw new Error(`The style sheet could not be loaded from ${url}: is there a connection?`);
  }
  if (!response.ok) {
    throw new Error(
      `The style sheet could not be loaded from ${url}: the server says ${response.status}.`,
    );
  }
  return new CSSStyleSheet().replace(await response.text());
}
