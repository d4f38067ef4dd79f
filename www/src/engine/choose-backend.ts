// On which backend a page computes, decided from what is known so far. Has no side effects.

import type { Probe } from './probe.ts';
import type { BackendName } from './session.ts';
import type { FrameTime } from './trial.ts';

/** In a few words, and in sentences. */
export interface Why {
  brief: string;
  reason: string;
}

/** What is known. A property that is missing is not known yet. */
export interface Known {
  /** What was asked for. */
  forced: 'auto' | BackendName;
  /** What the browser offers. */
  adapter?: Probe;
  /** What went wrong on WebGPU. */
  broken?: Why;
  /** What a frame takes there. Where WebGPU is forced, nobody measures it. */
  frame?: FrameTime;
}

export interface Status {
  /** Which one runs. */
  backend: BackendName;
  /** The name of the GPU, on WebGPU. */
  adapter?: string;
  /** Why WebGPU does not run, in a few words, if it does not. */
  brief?: string;
  /** The same in sentences, with what can be done about it. */
  reason?: string;
  /** Whether it may be worth trying WebGPU again. */
  retry?: boolean;
  /** Whether WebGPU may still take over. */
  undecided?: boolean;
}

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
 */
export function chooseBackend({ forced, adapter, broken, frame }: Known): Status {
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

/** Whether the work of a frame fits into a frame of the display. */
function keepsUp({ whole, display }: FrameTime) {
  return whole <= display;
}

function software(name: string): Why {
  return {
    brief: 'the GPU is a software adapter',
    reason: `The only GPU here (${name}) is a software adapter: it computes on the CPU, which is faster when used directly. ${INSIST}`,
  };
}

function slow(name: string, { whole, reading, display }: FrameTime): Why {
  const [frame, read, every] = [whole, reading, display].map((it) => `${Number(it.toPrecision(2))} ms`);
  return {
    brief: 'the GPU cannot keep up',
    reason:
      `A frame takes the GPU here (${name}) ${frame}, of which ${read} go into reading the images back; the display ` +
      `shows one every ${every}. ${INSIST}`,
  };
}
