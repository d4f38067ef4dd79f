// @ts-check
// The packages of others that the page uses are installed beside its tests, where nothing in www/ would look for them. A
// plugin for Vite that looks there.

import { fileURLToPath } from 'node:url';

const BESIDE = fileURLToPath(new URL('../package.json', import.meta.url));
const REVEAL = fileURLToPath(new URL('../node_modules/reveal.js/dist/', import.meta.url));

/** @returns {import('vite').Plugin} */
export function packages() {
  return {
    name: 'packages',
    enforce: 'pre',
    config: () => ({ server: { fs: { allow: [fileURLToPath(new URL('../..', import.meta.url))] } } }),
    // Vite's server for development takes what a page links to for an address, not for the name of a package.
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { server }) => (server ? html.replace('href="reveal.js/', `href="/@fs${REVEAL}`) : html),
    },
    resolveId: {
      filter: { id: /^[\w@]/ },
      handler(name, importer, options) {
        return importer?.includes('/www/') ? this.resolve(name, BESIDE, { ...options, skipSelf: true }) : undefined;
      },
    },
  };
}
