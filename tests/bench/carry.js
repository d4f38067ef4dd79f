// @ts-check
// Collects what the benchmark needs in Node into one folder: carry it to a machine with a GPU and Node
// 20, and start it there.
//
//   node tests/bench/node.js --carry DIR     and on the other machine: node DIR/start.js

import { cp, mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

import { bundle } from './bundle.js';

/** Where Dawn can run then: 20 MB each. */
const PLATFORMS = new Set(['linux-x64', platform === 'darwin' ? 'darwin-universal' : `${platform}-${arch}`]);

/** @param {string} folder */
export async function carry(folder) {
  const to = resolve(folder);
  await bundle({ start: 'node-start.js' }, to, { node: true });
  await writeFile(`${to}/package.json`, '{ "type": "module" }\n');
  const www = fileURLToPath(new URL('../../www/', import.meta.url));
  await mkdir(`${to}/pkg/webgpu`, { recursive: true });
  for (const file of ['actmax.js', 'actmax_bg.wasm']) {
    await cp(`${www}pkg/webgpu/${file}`, `${to}/pkg/webgpu/${file}`);
  }
  await mkdir(`${to}/weights`, { recursive: true });
  for (const file of ['mlp.safetensors', 'lenet5.safetensors']) {
    await cp(`${www}weights/${file}`, `${to}/weights/${file}`);
  }
  const dawn = fileURLToPath(new URL('node_modules/webgpu/', import.meta.url));
  for (const file of ['index.js', 'package.json', 'LICENSE.md', ...[...PLATFORMS].map((it) => `dist/${it}`)]) {
    await cp(dawn + file, `${to}/node_modules/webgpu/${file}`, { recursive: true });
  }
}
