// @ts-check
// What the files weigh.

import { readFile } from 'node:fs/promises';

import { table, whole } from './table.js';
import { weigh } from './weigh.js';

const FILES = [
  'pkg/cpu/actmax_bg.wasm',
  'pkg/webgpu/actmax_bg.wasm',
  'weights/mlp.safetensors',
  'weights/lenet5.safetensors',
  'weights/control.safetensors',
  'weights/robust.safetensors',
  'weights/means.safetensors',
  'weights/pca.safetensors',
  'weights/prototypes.safetensors',
];

export async function sizes() {
  const rows = [];
  for (const file of FILES) {
    const { raw, gzip, brotli } = weigh(await readFile(new URL(`../../www/${file}`, import.meta.url)));
    rows.push([file, whole(raw), whole(gzip), whole(brotli)]);
  }
  return { text: table(['file', 'bytes', 'gzip', 'brotli'], rows) };
}
