// @ts-check
// The styles of a figure stand in a shadow root on other people's pages: what a style sheet may take for granted on
// a page of its own is not so there. A plugin for Vite, applied to the sheets that are imported as text (`?inline`).

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
    .replace(CONTAINER, (condition) => condition.replace(REM, '$1em'))
    .replace(REM, 'calc($1 * var(--actmax-rem))');
}

/** @returns {import('vite').Plugin} */
export function figureStyles() {
  return {
    name: 'figure-styles',
    enforce: 'pre',
    transform: {
      filter: { id: /\.css\?inline$/ },
      handler: (css) => ({ code: figureStyle(css), map: null }),
    },
  };
}
