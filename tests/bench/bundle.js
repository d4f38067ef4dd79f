// @ts-check
// Makes of a module and the libraries that it imports what a page loads: minified, split where the
// library itself loads later.

import { fileURLToPath } from 'node:url';

import { build } from 'vite';

/**
 * @param {Record<string, string>} entries Names and modules, relative to this folder.
 * @param {string} to The folder that they go to.
 * @param {{ node?: boolean }} [options] Whether they run in Node; `webgpu` is then left to be imported.
 */
export async function bundle(entries, to, { node = false } = {}) {
  const root = fileURLToPath(new URL('.', import.meta.url));
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    base: './',
    publicDir: false,
    plugins: [scriptDir],
    ssr: { noExternal: true, external: ['webgpu'] },
    build: {
      ssr: node,
      outDir: to,
      emptyOutDir: false, // It may be anybody's.
      target: 'esnext',
      modulePreload: false,
      chunkSizeWarningLimit: Infinity,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, root + path])),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
}

/**
 * TensorFlow.js gives its workers a function as text, and a name in it that minifying has shortened
 * means nothing there. Its own builds leave this one as it is.
 *
 * @type {import('vite').Plugin}
 */
const scriptDir = {
  name: 'script-dir',
  transform: (code, id) =>
    id.includes('tfjs-backend-wasm-threaded-simd.js') ? code.replace(/(?<!var )\b_scriptDir/g, 'globalThis._scriptDir') : null,
};
