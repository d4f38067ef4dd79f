// @ts-check
// Measures WebGPU without a browser: in Node, on Dawn, which is Chrome's own WebGPU. It is bundled by
// carry.js, with the libraries, into a folder that needs nothing but Node.
//
//   node start.js [--rounds 15]
//
// Dawn asks the GPU for news all the time, so main-thread time is not to be had as in a browser: what
// is told is the time of the calls, until a frame is promised. And all are in one process, where the first step
// of one cell may find kernels that another has made.

import { readFile } from 'node:fs/promises';

import { adapterOf, machine } from './machine.js';
import { given, roundsOf } from './options.js';
import { play } from './play.js';
import { Report } from './report.js';
import { steps } from './steps.js';
import { NOISE_STD, SEED } from './task.js';
import { candidateOf } from './candidates/actmax-node.js';
import { fail } from './fail.js';

/** @typedef {import('./measure.js').Runner} Runner */
/** @typedef {import('./task.js').Candidate} Candidate */

const HERE = new URL('./', import.meta.url);
const { values } = given(/** @type {const} */ ({ rounds: { type: 'string', default: '7' } }));
const rounds = roundsOf(values.rounds);

// What modules for browsers expect to find.
const dawn = await import(/** @type {any} */ ('webgpu'));
const scope = /** @type {any} */ (globalThis);
Object.assign(scope, dawn.globals);
scope.Window = class {
  static [Symbol.hasInstance]() {
    return true; // wgpu asks whether the global object is a window.
  }
};
// jax-js looks for Firefox and for phones in the browser's name.
Object.defineProperty(globalThis, 'navigator', { value: { gpu: dawn.create([]), userAgent: 'Dawn' }, configurable: true });

const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
if (!adapter) {
  fail('Dawn finds no GPU here. Is a Vulkan driver installed?');
}
/** Another instance than those that are measured, which find no kernels made. */
const spare = await connect('spare');

/** @type {[string, string, boolean, () => Promise<Candidate | undefined>][]} */
const CANDIDATES = [
  ['actmax', 'webgpu, reference', true, async () => candidateOf(await connect('reference'), 'reference')],
  ['actmax', 'webgpu', true, async () => candidateOf(await connect('fused'))],
  ['TensorFlow.js', 'webgpu', false, async () => (await import('./candidates/tfjs.js')).start('webgpu')],
  ['jax-js', 'webgpu', false, async () => (await import('./candidates/jax.js')).start('webgpu')],
];

const report = new Report();
report.add(`# Measured in Node\n\n${machine(`Node ${process.version}`, adapterOf(adapter.info))}`);
report.add(`Medians of ${rounds} rounds; ± is half the distance between the least and the greatest.`);
const { text, sound } = await steps({
  runners: CANDIDATES.map(runnerOf),
  rounds,
  weights: new URL('weights/', HERE),
  noise: await noise(),
  say: (line) => console.error(`» ${line}`),
  busy: 'calls, ms a step',
});
report.add(text);
report.write(new URL('results/', HERE), 'node');
process.exit(sound ? 0 : 1); // Dawn keeps threads.

/**
 * A candidate in this process, which all share.
 *
 * @param {typeof CANDIDATES[0]} candidate
 * @returns {Runner}
 */
function runnerOf([name, backend, ours, start]) {
  /** @type {Promise<Candidate | undefined> | undefined} */
  let starting;
  /** @type {import('./task.js').Begin | undefined} */
  let begin;
  /** @type {import('./task.js').Running | undefined} */
  let run;
  /** @type {ArrayLike<number>} */
  let images = [];
  return {
    name,
    backend,
    kind: 'webgpu',
    ours,
    async prepare(work) {
      starting ??= start();
      begin = await (await starting)?.prepare(work);
      return begin !== undefined;
    },
    async play(frames, steps) {
      const began = performance.now();
      const first = run === undefined;
      run ??= await /** @type {import('./task.js').Begin} */ (begin)();
      const played = await play(run, frames, steps);
      ({ images } = played);
      return first ? { ...played, whole: performance.now() - began } : played;
    },
    images: async () => images,
    note: async () => undefined,
    async end() {
      run?.free();
      run = undefined;
    },
  };
}

/**
 * A module of its own, with a device of its own.
 *
 * @param {string} name What tells it from the others.
 * @returns {Promise<import('../../www/pkg/webgpu/actmax.js').Backend>}
 */
async function connect(name) {
  const module = await import(/* @vite-ignore */ new URL(`pkg/webgpu/actmax.js?${name}`, HERE).href);
  await module.default({ module_or_path: await readFile(new URL('pkg/webgpu/actmax_bg.wasm', HERE)) });
  return module.Backend.connect();
}

/** What this project's images start as. */
async function noise() {
  const network = spare.network(await readFile(new URL('weights/mlp.safetensors', HERE)), '{}');
  const run = network.maximize(Uint16Array.of(0), JSON.stringify({ seed: SEED, noiseStd: NOISE_STD }));
  const { images } = await run.snapshot('{}');
  run.free();
  return images;
}
