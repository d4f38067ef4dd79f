// @ts-check
// Compresses what is large, once for all visits:   node tests/compress.js [CACHE]
//
// Beside a file, `.br` and `.gz` are what servers send that look for them (sirv, nginx with
// `brotli_static` and `gzip_static`, Caddy with `precompressed`); others take no notice. Brotli takes
// half a minute for Burn on WebGPU, so what it made of the same bytes is kept in CACHE.

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const WWW = fileURLToPath(new URL('../www', import.meta.url));
const CACHE = process.argv[2] ?? join(tmpdir(), 'actmax-compressed');

/** @type {Record<string, (bytes: Buffer) => Buffer>} */
const WAYS = {
  br: (bytes) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
};

mkdirSync(CACHE, { recursive: true });
for (const folder of ['pkg/cpu', 'pkg/webgpu', 'weights']) {
  for (const name of readdirSync(join(WWW, folder))) {
    const file = join(WWW, folder, name);
    if (/\.(br|gz)$/.test(name)) {
      rmSync(file); // Maybe of a file that is no more.
    }
  }
  for (const name of readdirSync(join(WWW, folder)).filter((it) => /\.(wasm|safetensors)$/.test(it))) {
    const file = join(WWW, folder, name);
    const bytes = readFileSync(file);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    for (const [ending, compress] of Object.entries(WAYS)) {
      const kept = join(CACHE, `${hash}.${ending}`);
      if (!existsSync(kept)) {
        writeFileSync(kept, compress(bytes));
      }
      copyFileSync(kept, `${file}.${ending}`);
    }
  }
}
