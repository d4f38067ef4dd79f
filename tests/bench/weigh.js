// @ts-check
// Bytes as they are, and as a server sends them.

import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** @typedef {{ raw: number, gzip: number, brotli: number }} Weight Bytes. */

/** Brotli takes seconds for a module, and the same file is asked for often. @type {Map<string, Weight>} */
const known = new Map();

/** @param {Buffer} bytes @returns {Weight} With gzip at 9 and brotli at 11, which is its default. */
export function weigh(bytes) {
  const key = createHash('sha256').update(bytes).digest('hex');
  let weight = known.get(key);
  if (!weight) {
    weight = {
      raw: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
      brotli: brotliCompressSync(bytes).length,
    };
    known.set(key, weight);
  }
  return weight;
}

/** @param {Weight[]} weights @returns {Weight} */
export function together(weights) {
  return weights.reduce(
    (sum, it) => ({ raw: sum.raw + it.raw, gzip: sum.gzip + it.gzip, brotli: sum.brotli + it.brotli }),
    { raw: 0, gzip: 0, brotli: 0 },
  );
}
