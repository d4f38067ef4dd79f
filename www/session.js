// @ts-check
// One instance of one of the two modules, ready for networks. An instance cannot be restarted:
// after a panic or a lost GPU a new session takes its place.

import { withinTime } from './patience.js';

/** @typedef {'webgpu' | 'cpu'} BackendName */
/** @typedef {import('./networks.js').NetworkName} NetworkName */
/** @typedef {import('./networks.js').Source} Source */
/** @typedef {typeof import('./pkg/webgpu/actmax.js')} Module */
/** @typedef {import('./pkg/webgpu/actmax.js').Network} Network */

/**
 * @typedef {object} Progress
 * @property {string} what What is being loaded, for people, to stand behind "the".
 * @property {number} bytes How much has arrived.
 */

// Written out, because this is how bundlers know what belongs to a module.
const MODULES = {
  cpu: {
    code: new URL('./pkg/cpu/actmax.js', import.meta.url),
    binary: new URL('./pkg/cpu/actmax_bg.wasm', import.meta.url),
  },
  webgpu: {
    code: new URL('./pkg/webgpu/actmax.js', import.meta.url),
    binary: new URL('./pkg/webgpu/actmax_bg.wasm', import.meta.url),
  },
};

/** Milliseconds for the GPU to give a device. */
const CONNECT_PATIENCE = 20_000;

/** Milliseconds by which word of a lost GPU may come after the failure that it caused. */
const LOST_DELAY = 100;

/** Counts the instances, to give each an address of its own: the browser keeps one per address. */
let instances = 0;

export class Session {
  /** Calls off every wait when the module panics. */
  #broken;
  /** @type {WeakMap<Source, Network>} Goes with what it was read from. */
  #networks = new WeakMap();

  /**
   * @private
   * @param {BackendName} name
   * @param {Module} module
   * @param {import('./pkg/webgpu/actmax.js').Backend} backend
   * @param {AbortSignal} broken
   */
  constructor(name, module, backend, broken) {
    this.name = name;
    this.module = module;
    this.backend = backend;
    this.#broken = broken;
  }

  /**
   * Loads the module and connects to its device.
   *
   * @param {BackendName} name
   * @param {(progress: Progress) => void} report
   * @returns {Promise<Session>} Rejects when the module cannot be loaded or has no device.
   */
  static async open(name, report) {
    instances += 1;
    const { code, binary } = MODULES[name];
    // Here, not in the import: Vite puts that off, and another session may have counted on by then.
    const address = `${code}?instance=${instances}`;
    const what = name === 'webgpu' ? 'WebGPU module' : 'CPU module';
    report({ what, bytes: 0 });
    const response = download(binary, what, report);
    response.catch(() => {}); // It is awaited below, but may fail before that.
    /** @type {Module} */
    let module;
    try {
      module = await import(/* @vite-ignore */ /* webpackIgnore: true */ address);
      await module.default({ module_or_path: await response });
    } catch (error) {
      await response; // If that failed, it is the cause.
      throw new Error(`The ${what} could not be started: ${error}`);
    }

    const panic = new AbortController();
    module.onPanic((/** @type {string} */ message) =>
      panic.abort(new Error(`The ${name} module broke down: ${message}`)),
    );
    const backend = await withinTime(
      module.Backend.connect(),
      CONNECT_PATIENCE,
      'The GPU gave no device within 20 seconds.',
      panic.signal,
    );
    return new Session(name, module, backend, panic.signal);
  }

  /**
   * The network, read once.
   *
   * @param {Source} source
   */
  network(source) {
    let network = this.#networks.get(source);
    if (!network) {
      network = this.backend.network(source.bytes, source.choices);
      this.#networks.set(source, network);
    }
    return network;
  }

  /**
   * Waits for the module, but neither for a broken one nor for ever.
   *
   * @template T
   * @param {Promise<T>} promise
   * @param {number} patience Milliseconds.
   * @returns {Promise<T>}
   */
  async wait(promise, patience) {
    const message = `The ${this.name} module did not answer within ${patience / 1000} seconds.`;
    let value;
    try {
      value = await withinTime(promise, patience, message, this.#broken);
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, LOST_DELAY));
      throw this.#lost() ?? error;
    }
    const lost = this.#lost();
    if (lost) {
      throw lost;
    }
    return value;
  }

  /** The word of a lost GPU: where there is one, it is the cause of all else. */
  #lost() {
    const reason = this.backend.lost;
    return reason === undefined ? undefined : new Error(`The GPU was lost (${reason})`);
  }
}

/**
 * Fetches a file and reports what has arrived of it.
 *
 * @param {URL} url
 * @param {string} what
 * @param {(progress: Progress) => void} report
 * @returns {Promise<Response>} Whose body is still arriving.
 */
export async function download(url, what, report) {
  let response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error(`The ${what} could not be loaded from ${url}: is there a connection?`);
  }
  if (!response.ok || !response.body) {
    throw new Error(`The ${what} could not be loaded from ${url}: the server says ${response.status}.`);
  }
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        report({ what, bytes });
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, { headers: response.headers });
}
