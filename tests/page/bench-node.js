// @ts-check
// Measures the WebGPU module without a browser: in Node, on Dawn, which is Chrome's own WebGPU. For
// machines that have a GPU and nothing else.
//
//   ./build.sh bench --node

import { readFile } from 'node:fs/promises';

const ROUNDS = 7;
const STEPS = 50;
const WWW = new URL('../../www/', import.meta.url);

// What a module for browsers expects to find.
const dawn = await import(/** @type {any} */ ('webgpu'));
Object.assign(globalThis, dawn.globals);
const scope = /** @type {any} */ (globalThis);
scope.Window = class {
  static [Symbol.hasInstance]() {
    return true; // wgpu asks whether the global object is a window.
  }
};
Object.defineProperty(globalThis, 'navigator', { value: { gpu: dawn.create([]) } });

const adapter = await scope.navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) {
  console.error('Dawn finds no GPU here: is a Vulkan driver installed?');
  process.exit(1);
}
const { vendor, architecture, device, description } = adapter.info;
console.log([vendor, architecture, device, description].filter(Boolean).join(' '));

const { default: init, Backend } = await import(new URL('pkg/webgpu/actmax.js', WWW).href);
await init({ module_or_path: await readFile(new URL('pkg/webgpu/actmax_bg.wasm', WWW)) });
const backend = await Backend.connect();

console.log('| network | digits | ms a step | main-thread ms a step | first step, ms | p, mean |');
console.log('|---|--:|--:|--:|--:|--:|');
for (const name of ['mlp', 'lenet5']) {
  const network = backend.network(await readFile(new URL(`weights/${name}.safetensors`, WWW)));
  for (const rows of [1, 10]) {
    const digits = Uint8Array.from({ length: rows }, (_, digit) => digit);
    const run = network.maximize(digits, '{}');
    const first = await measure(run, 1);
    await measure(run, STEPS);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await measure(run, STEPS));
    }
    const step = median(rounds.map((it) => it.whole / STEPS));
    const busy = median(rounds.map((it) => it.busy / STEPS));
    const { now } = await run.frame('{}');
    const p = digits.reduce((sum, digit, row) => sum + Math.exp(now[row * 11 + digit]), 0) / rows;
    console.log(
      `| ${name} | ${rows} | ${step.toFixed(3)} | ${busy.toFixed(3)} | ${first.whole.toFixed(0)} | ${p.toFixed(3)} |`,
    );
    run.free();
  }
}
process.exit(0); // Dawn keeps threads.

/**
 * @param {import('../../www/pkg/webgpu/actmax.js').Run} run
 * @param {number} steps
 */
async function measure(run, steps) {
  const began = performance.now();
  run.step(steps, '{}');
  const pending = run.frame('{}');
  const busy = performance.now() - began;
  await pending;
  return { busy, whole: performance.now() - began };
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
