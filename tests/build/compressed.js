// @ts-check
// Beside a file, `.br` and `.gz` are what servers send that look for them (sirv, nginx with `brotli_static` and
// `gzip_static`, Caddy with `precompressed`); others take no notice. A plugin for Vite. Brotli takes half a minute for
// Burn on WebGPU, so what it made of the same bytes is kept for the next build.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import { compression, defineAlgorithm } from 'vite-plugin-compression2';

const KEPT = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'actmax/compressed');
/** Milliseconds. */
const TWO_WEEKS = 14 * 86_400_000;

/** @type {Record<string, (bytes: Buffer) => Promise<Buffer>>} */
const WAYS = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gz: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/**
 * What was made of the same bytes before, or else is made now.
 *
 * @param {Buffer} bytes
 * @param {string} ending
 */
async function once(bytes, ending) {
  const file = join(KEPT, `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${ending}`);
  if (!existsSync(file)) {
    const made = await WAYS[ending](bytes);
    writeFileSync(`${file}.part`, made);
    renameSync(`${file}.part`, file);
  }
  return readFileSync(file);
}

/** Removes what no build has needed for long. */
function tidy() {
  mkdirSync(KEPT, { recursive: true });
  for (const name of readdirSync(KEPT)) {
    if (Date.now() - statSync(join(KEPT, name)).mtimeMs > TWO_WEEKS) {
      rmSync(join(KEPT, name), { force: true });
    }
  }
}

export function compressed() {
  tidy();
  return compression({
    algorithms: Object.keys(WAYS).map((ending) =>
      defineAlgorithm((bytes) => once(Buffer.from(/** @type {Buffer} */ (bytes)), ending), { ending }),
    ),
    filename: (path, { options }) => `${path}.${options.ending}`,
    include: /\.(html|js|css|svg|wasm|safetensors)$/,
    threshold: 1000,
  });
}
