// @ts-check
// Serves the page as it is, and under /bench/ what the benchmark adds: the bundled candidates, pages
// that run nothing, pages of the peers.

import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import { serve as servePage } from '../page/browser.js';
import { bundle } from './bundle.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BUILT = fileURLToPath(new URL('../../target/bench/', import.meta.url));
const TFJS_WASM = `${HERE}node_modules/@tensorflow/tfjs-backend-wasm/dist/`;

/** What a page may be: with threads for WebAssembly, or as any static server has it. */
export const BLANK = { isolated: 'bench/isolated.html', common: 'bench/common.html' };

/** Pages that draw ten digits and nothing else, by name. */
export const BARE = ['actmax-cpu', 'actmax-webgpu', 'tfjs-wasm', 'tfjs-webgpu', 'jax-wasm', 'jax-webgpu'];

/** @type {Record<string, string>} */
const TYPES = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };

export async function serve() {
  rmSync(BUILT, { recursive: true, force: true });
  await bundle(
    {
      play: 'play.js',
      actmax: 'candidates/actmax.js',
      tfjs: 'candidates/tfjs.js',
      jax: 'candidates/jax.js',
      ...Object.fromEntries(BARE.map((name) => [`page-${name}`, `pages/${name}.js`])),
    },
    BUILT,
  );
  return servePage((path, response) => {
    if (!path.startsWith('/bench/')) {
      return false;
    }
    if (path === `/${BLANK.isolated}`) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    }
    // For whatever an isolated page loads.
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    const body = fileOf(path.slice('/bench/'.length));
    if (body === undefined) {
      response.statusCode = 404;
    } else {
      response.setHeader('Content-Type', TYPES[path.split('.').pop() ?? ''] ?? 'application/octet-stream');
    }
    // As the files of the page are sent.
    response.setHeader('Content-Encoding', 'br').end(body && compressed(path, body));
    return true;
  });
}

/** Brotli takes seconds for a module. @type {Map<string, Buffer>} */
const kept = new Map();

/** @param {string} path @param {Buffer} body */
function compressed(path, body) {
  const made = kept.get(path) ?? brotliCompressSync(body);
  kept.set(path, made);
  return made;
}

/** The bytes of something under /bench/. @param {string} path @returns {Buffer | undefined} */
export function fileOf(path) {
  if (path === 'isolated.html' || path === 'common.html') {
    return Buffer.from('<!doctype html><link rel="icon" href="data:," />');
  }
  const bare = BARE.find((name) => path === `${name}.html`);
  if (bare) {
    return Buffer.from(pageOf(bare));
  }
  const file = path.startsWith('tfjs/') ? TFJS_WASM + path.slice(5) : BUILT + path;
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The least page that draws ten digits. @param {string} name */
function pageOf(name) {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Ten digits</title>
  <link rel="icon" href="data:," />
  <script type="module" src="page-${name}.js"></script>
  <body></body>
</html>`;
}
