// @ts-check
// Writes the styles of a figure as text in a module, www/vendor/figure-styles.js: a bundler that
// takes the figure has them with it, and nothing is loaded when it runs.
//
//   node tests/figure-styles.js             writes it once
//   node tests/figure-styles.js --watch     and again whenever one of the style sheets changes

import { readFileSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WWW = fileURLToPath(new URL('../www', import.meta.url));

/** In this order: what comes later counts more. */
const SHEETS = ['vendor/uPlot.min.css', 'src/figure/base.css', 'src/figure/figure.css'];
const MODULE = 'vendor/figure-styles.js';

const COMMENT = /\/\*.*?\*\//gs;
/** The condition of a container query, and lengths in the root's font size. */
const CONTAINER = /@container[^{]*/g;
const REM = /(?<![\w.-])(-?[\d.]+)rem\b/g;

/**
 * A style sheet as it is in a figure. There, a rem is the figure's own: that of the page may be any
 * size (`html { font-size: 62.5% }` is common). A container query measures an em by its container.
 *
 * @param {string} css
 */
export function figureStyle(css) {
  return css
    .replace(COMMENT, '')
    .replace(CONTAINER, (condition) => condition.replace(REM, '$1em'))
    .replace(REM, 'calc($1 * var(--actmax-rem))')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}

/** The module. */
export function figureStyles() {
  const texts = SHEETS.map((path) => figureStyle(readFileSync(join(WWW, path), 'utf8')));
  return `// Made by tests/figure-styles.js from ${SHEETS.join(', ')}.
/** @type {string[]} */
export const STYLES = ${JSON.stringify(texts, undefined, 1)};
`;
}

export function writeFigureStyles() {
  writeFileSync(join(WWW, MODULE), figureStyles());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFigureStyles();
  if (process.argv.includes('--watch')) {
    for (const path of SHEETS) {
      // Its folder: an editor may put another file in place of the one that is watched.
      watch(join(WWW, dirname(path)), (_, name) => name === basename(path) && writeFigureStyles());
    }
  }
}
