// @ts-check
// On which backend a page computes, decided from what is known so far. Has no side effects.

/** @typedef {import('./session.js').BackendName} BackendName */
/** @typedef {import('./probe.js').Probe} Probe */
/** @typedef {import('./trial.js').FrameTime} FrameTime */
/** @typedef {{ brief: string, reason: string }} Why In a few words, and in sentences. */

/**
 * @typedef {object} Known What is known. A property that is missing is not known yet.
 * @property {'auto' | BackendName} forced What was asked for.
 * @property {Probe} [adapter] What the browser offers.
 * @property {Why} [broken] What went wrong on WebGPU.
 * @property {FrameTime} [frame] What a frame takes there. Where WebGPU is forced, nobody measures it.
 */

/**
 * @typedef {object} Status
 * @property {BackendName} backend Which one runs.
 * @property {string} [adapter] The name of the GPU, on WebGPU.
 * @property {string} [brief] Why WebGPU does not run, in a few words, if it does not.
 * @property {string} [reason] The same in sentences, with what can be done about it.
 * @property {boolean} [retry] Whether it may be worth trying WebGPU again.
 * @property {boolean} [undecided] Whether WebGPU may still take over.
 */

const ASKED = { brief: 'as asked for', reason: 'The CPU was asked for.' };

const PREPARING = {
  brief: 'WebGPU is being prepared',
  reason: 'The CPU draws first. WebGPU is loaded and tried out behind it, and takes over if it keeps up with the display.',
};

const INSIST = 'To see WebGPU at work all the same, add ?backend=webgpu to the address.';

/**
 * WebGPU computes wherever it works and keeps up with the display, even where the CPU is faster: the CPU's
 * work is done on the page's own thread, the GPU's is not. A software adapter is the CPU by a detour. Where WebGPU is
 * forced, it only has to work.
 *
 * @param {Known} known
 * @returns {Status}
 */
export function chooseBackend({ forced, adapter, broken, frame }) {
  if (forced === 'cpu') {
    return { backend: 'cpu', ...ASKED };
  }
  if (broken) {
    return { backend: 'cpu', ...broken, retry: true };
  }
  if (!adapter) {
    return { backend: 'cpu', ...PREPARING, undecided: true };
  }
  if (adapter.lack) {
    return { backend: 'cpu', ...adapter.lack };
  }
  if (forced === 'webgpu') {
    return { backend: 'webgpu', adapter: adapter.name };
  }
  if (adapter.software) {
    return { backend: 'cpu', ...software(adapter.name) };
  }
  if (!frame) {
    return { backend: 'cpu', ...PREPARING, undecided: true };
  }
  if (!keepsUp(frame)) {
    return { backend: 'cpu', ...slow(adapter.name, frame), retry: true };
  }
  return { backend: 'webgpu', adapter: adapter.name };
}

/** Whether the work of a frame fits into a frame of the display. @param {FrameTime} frame */
function keepsUp({ whole, display }) {
  return whole <= display;
}

/** @param {string} name @returns {Why} */
function software(name) {
  return {
    brief: 'the GPU is a software adapter',
    reason: `The only GPU here (${name}) is a software adapter: it computes on the CPU, which is faster when used directly. ${INSIST}`,
  };
}

/** @param {string} name @param {FrameTime} frame @returns {Why} */
function slow(name, { whole, reading, display }) {
  const [frame, read, every] = [whole, reading, display].map((it) => `${Number(it.toPrecision(2))} ms`);
  return {
    brief: 'the GPU cannot keep up',
    reason:
      `A frame takes the GPU here (${name}) ${frame}, of which ${read} go into reading the images back; the display ` +
      `shows one every ${every}. ${INSIST}`,
  };
}
