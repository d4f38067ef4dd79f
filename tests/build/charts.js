// @ts-check
// The chart library asks for the density of pixels when it is imported. In jsdom, which has no `matchMedia`, an import
// of the element would fail, though no chart is ever drawn there. A plugin for Vite that lets it ask only where it can.

const ASKS = 'domEnv && setPxRatio();';

/** @returns {import('vite').Plugin} */
export function charts() {
  return {
    name: 'charts',
    transform: {
      filter: { id: /\/uplot\/dist\/uPlot\.esm\.js$/ },
      handler(code, id) {
        if (!code.includes(ASKS)) {
          throw new Error(`${id} does not have "${ASKS}" any more: see whether it can be imported in jsdom.`);
        }
        return { code: code.replace(ASKS, "typeof matchMedia === 'function' && setPxRatio();"), map: null };
      },
    },
  };
}
