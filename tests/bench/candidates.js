// @ts-check
// Who is measured in the browser.

/** @typedef {Pick<import('./measure.js').Runner, 'name' | 'backend' | 'kind' | 'ours'>} Known */

/** Ours first: the first is whom the others must agree with. */
export const CANDIDATES = /** @type {(Known & { module: string, options: string[], isolated: boolean })[]} */ ([
  ...ours('cpu'),
  ...ours('webgpu'),
  peer('TensorFlow.js', 'tfjs', 'wasm', 'cpu'),
  peer('TensorFlow.js', 'tfjs', 'webgl', 'other'),
  peer('TensorFlow.js', 'tfjs', 'webgpu', 'webgpu'),
  // Which of the two is faster depends on the network: a thread must be told of each kernel.
  { ...peer('jax-js', 'jax', 'wasm', 'cpu'), backend: 'wasm, threads' },
  { ...peer('jax-js', 'jax', 'wasm', 'cpu'), backend: 'wasm, one thread', isolated: false },
  peer('jax-js', 'jax', 'webgpu', 'webgpu'),
]);

/** @param {'cpu' | 'webgpu'} backend */
function ours(backend) {
  const known = { name: 'actmax', kind: backend, ours: true, module: 'actmax', isolated: true };
  return [
    { ...known, backend: `${backend}, reference`, options: [backend, 'reference'] },
    { ...known, backend, options: [backend] },
  ];
}

/** @param {string} name @param {string} module @param {string} backend @param {string} kind */
function peer(name, module, backend, kind) {
  return { name, module, backend, kind, ours: false, options: [backend], isolated: true };
}
