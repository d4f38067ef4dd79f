// @ts-check
// Scripts that are not part of a page's module, which pages mark with `vite-ignore`. A plugin for Vite:
//
// - Classic ones run before anything else is there. They are put into the page itself, which saves the time to ask for
//   them, and the Content-Security-Policy allows them by their hashes.
// - One starts the engine ahead of the page's module, with which Vite would merge it. It gets its name with the hash.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { minify } from 'vite';

import { integrity } from './integrity.js';

const CLASSIC = /<script src="(?:\.\.\/)*(src\/page\/[\w-]+\.js)"([^>]*)><\/script>/g;
const MODULE = /(?<=<script type="module" async src=")((?:\.\.\/)*)(src\/page\/[\w-]+\.[jt]s)(?=")/g;
const POLICY = "script-src 'self'";

/** @returns {import('vite').Plugin} */
export function ownScripts() {
  let root = '';
  /** @param {string} path */
  const minified = async (path) => {
    const { code } = await minify(path, readFileSync(join(root, path), 'utf8'), { module: false });
    return code.trim();
  };
  return {
    name: 'own-scripts',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle }) {
        const scripts = [...html.matchAll(CLASSIC)];
        const codes = await Promise.all(scripts.map(([, path]) => minified(path)));
        const hashes = codes.map((it) => `'${integrity(it)}'`);
        let page = html.replace(POLICY, [POLICY, ...hashes].join(' '));
        for (const [index, [whole, , attributes]] of scripts.entries()) {
          page = page.replace(whole, () => `<script${attributes.trimEnd()}>${codes[index]}</script>`);
        }
        page = page.replace(MODULE, (_, up, path) => {
          const chunk = Object.values(bundle ?? {}).find((it) => it.type === 'chunk' && it.facadeModuleId === join(root, path));
          if (!chunk) {
            throw new Error(`A page has the script ${path}, which is not built: see tests/build/vite.config.js.`);
          }
          return up + chunk.fileName;
        });
        // As a request of another origin, a style sheet would not come in a sandbox, nor from a file.
        return page.replaceAll('<link rel="stylesheet" crossorigin ', '<link rel="stylesheet" ');
      },
    },
  };
}
