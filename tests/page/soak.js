// @ts-check
// Four hours of a lecture in a short time: prints what is held after every round, draws it into
// target/soak.svg, and fails when something grew.
//
//   ./build.sh soak [scale]       1 is 10⁶ steps, 10,000 resets, 1,000 switches and 500 elements
//
// On the CPU; then, in small, on a WebGPU that is a software adapter, where a step takes a
// hundred times as long: what is counted there are the buffers on the GPU.

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';

import { svg } from './graph.js';
import { LECTURE, growth, leaks, soak } from './soaking.js';

/** @typedef {import('./soaking.js').Sample} Sample */
/** @typedef {import('./soaked.js').Use} Use */

const HOURS = 4;
const ROUNDS = 100;
const FILE = 'target/soak.svg';

/** How much of it is done on the software adapter, of each. */
const ON_WEBGPU = { steps: 0.004, resets: 0.04, switches: 0.04, elements: 0.04 };

const scale = Number(process.argv[2] ?? 1);
if (!(scale > 0 && scale <= 10)) {
  console.error(`The scale is "${process.argv[2]}". It must be a number above 0, to 10.`);
  process.exit(2);
}

/** @type {Record<keyof Sample, [name: string, unit: number, digits: number]>} */
const COLUMNS = {
  wasm: ['modules’ memory, MB', 1e6, 2],
  heap: ['JS heap, MB', 1e6, 2],
  buffers: ['array buffers, MB', 1e6, 2],
  dom: ['DOM, MB', 1e6, 2],
  nodes: ['nodes', 1, 0],
  listeners: ['listeners', 1, 0],
  runs: ['runs', 1, 0],
  gpuBuffers: ['GPU buffers', 1, 0],
  gpuBytes: ['in GPU buffers, MB', 1e6, 2],
  step: ['ms a step', 1, 2],
};
const NAMES = /** @type {(keyof Sample)[]} */ (Object.keys(COLUMNS));

/** @param {Use} of @param {Use} by @returns {Use} */
function times(of, by) {
  const part = (/** @type {keyof Use} */ what) => Math.max(1, Math.round(of[what] * by[what]));
  return { steps: part('steps'), resets: part('resets'), switches: part('switches'), elements: part('elements') };
}

/** @param {keyof Sample} name @param {number} value */
function shown(name, value) {
  const [, unit, digits] = COLUMNS[name];
  return (value / unit).toFixed(digits);
}

/** @param {'cpu' | 'webgpu'} backend @param {Use} use @param {number} rounds */
async function lecture(backend, use, rounds) {
  console.log(
    `\n${backend === 'cpu' ? 'CPU' : 'WebGPU, software adapter'}: ${use.steps.toLocaleString('en')} steps, ` +
      `${use.resets.toLocaleString('en')} resets, ${use.switches.toLocaleString('en')} switches, ` +
      `${use.elements} elements, in ${rounds} rounds\n`,
  );
  const every = Math.ceil(rounds / 20);
  console.log(`| round | ${NAMES.map((it) => COLUMNS[it][0]).join(' | ')} |`);
  console.log(`|--:|${'--:|'.repeat(NAMES.length)}`);
  const samples = await soak(backend, use, rounds, (round, sample) => {
    if (round === 0 || (round + 1) % every === 0) {
      console.log(`| ${round + 1} | ${NAMES.map((it) => shown(it, sample[it])).join(' | ')} |`);
    }
  });
  const change = NAMES.map((it) => {
    const { more } = growth(samples, it);
    return `${more > 0 ? '+' : ''}${shown(it, more)}`;
  });
  console.log(`| growth | ${change.join(' | ')} |`);
  return samples;
}

const same = { steps: scale, resets: scale, switches: scale, elements: scale };
const use = times(LECTURE, same);
const began = performance.now();
console.log(`${cpus()[0].model}, ${cpus().length} cores`);
const onCpu = await lecture('cpu', use, Math.min(ROUNDS, Math.max(12, use.elements)));
const small = times(use, ON_WEBGPU);
const onWebGPU = await lecture('webgpu', small, Math.min(20, Math.max(8, small.elements)));
console.log(`\nin ${((performance.now() - began) / 60_000).toFixed(0)} minutes; growth is from the second quarter to the last`);

/** @param {Sample[]} samples @param {keyof Sample} name @param {string} color @param {string} label */
const curve = (samples, name, color, label = '') => ({
  name: label,
  color,
  values: samples.map((it) => it[name] / COLUMNS[name][1]),
});
await mkdir('target', { recursive: true });
await writeFile(
  FILE,
  svg({
    title: `What the page holds in ${HOURS * scale} hours of lecture`,
    subtitle:
      `CPU: ${use.steps.toLocaleString('en')} steps, ${use.resets.toLocaleString('en')} resets, ` +
      `${use.switches.toLocaleString('en')} switches, ${use.elements} elements. WebGPU, software adapter: ` +
      `${small.steps.toLocaleString('en')}, ${small.resets}, ${small.switches}, ${small.elements}.`,
    time: 'simulated hours (of WebGPU, the same in small)',
    end: HOURS * scale,
    panels: [
      {
        title: 'Memory of the modules, MB:',
        curves: [
          curve(onCpu, 'wasm', '#31688e', 'CPU'),
          curve(onWebGPU, 'wasm', '#b5367a', 'WebGPU'),
        ],
      },
      {
        title: 'CPU, MB of JavaScript:',
        curves: [
          curve(onCpu, 'heap', '#31688e', 'heap'),
          curve(onCpu, 'dom', '#35b779', 'DOM'),
          curve(onCpu, 'buffers', '#b5367a', 'array buffers'),
        ],
      },
      { title: 'CPU, nodes of the document', curves: [curve(onCpu, 'nodes', '#31688e')] },
      { title: 'WebGPU, buffers made less destroyed', curves: [curve(onWebGPU, 'gpuBuffers', '#b5367a')] },
      { title: 'WebGPU, MB in these buffers', curves: [curve(onWebGPU, 'gpuBytes', '#b5367a')] },
      { title: 'CPU, milliseconds a step, drawing included', curves: [curve(onCpu, 'step', '#31688e')] },
    ],
  }),
);
console.log(`the graph is ${FILE}`);

const found = [
  ...leaks(onCpu).map((it) => `On the CPU, ${it}`),
  ...leaks(onWebGPU).map((it) => `On WebGPU, ${it}`),
];
for (const leak of found) {
  console.error(`error: ${leak}`);
}
process.exitCode = found.length > 0 ? 1 : 0;
