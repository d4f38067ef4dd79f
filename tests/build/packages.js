// @ts-check
// The packages of others that the page uses are installed beside its tests, where nothing in www/ would look for them. A
// plugin for Vite that looks there.

import { fileURLToPath } from 'node:url';

const BESIDE = fileURLToPath(new URL('../package.json', import.meta.url));

/** @returns {import('vite').Plugin} */
export function packages() {
  return {
    name: 'packages',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^[\w@]/ },
      handler(name, importer, options) {
        return importer?.includes('/www/') ? this.resolve(name, BESIDE, { ...options, skipSelf: true }) : undefined;
      },
    },
  };
}
