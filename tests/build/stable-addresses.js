// @ts-check
// Copies at addresses that others know, and that stay the same in every version: the weights, for people who
// download them, and the style sheet that a page takes for the place of a figure that is still to come. The page itself
// uses their twins that have a hash in their names. A plugin for Vite.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SHEET = 'activation-maximization.css';

/** @returns {import('vite').Plugin} */
export function stableAddresses() {
  let root = '';
  return {
    name: 'stable-addresses',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    buildStart() {
      const weights = readdirSync(join(root, 'weights')).filter((it) => it.endsWith('.safetensors'));
      for (const path of [SHEET, ...weights.map((it) => `weights/${it}`)]) {
        this.emitFile({ type: 'asset', fileName: path, source: readFileSync(join(root, path)) });
      }
    },
  };
}
