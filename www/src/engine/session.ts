// One instance of one of the two modules, ready for networks. An instance cannot be restarted:
// after a panic or a lost GPU a new session takes its place.

import type { Backend, Network } from '../../pkg/webgpu/actmax.js';
import type { Progress } from './download.ts';
import { Fault, asking } from './errors.ts';
import { type Module, type ModuleName, TITLES, instantiate } from './modules.ts';
import type { Source } from './networks.ts';
import { Refusals } from './refusals.ts';
import { withinTime } from './timeout.ts';

/** Each is a module of its own. */
export type BackendName = ModuleName;

/** Milliseconds for the GPU to give a device. */
const CONNECT_TIMEOUT = 20_000;

/** Milliseconds by which the report of a lost GPU may come after the failure that the loss caused. */
const LOST_DELAY = 100;

export class Session {
  /** Calls off every wait once the module is not to be trusted any more. */
  #end: AbortController;
  #refusals: Refusals | undefined;
  /** Each is kept as long as its source. */
  #networks = new WeakMap<Source, Network>();
  #vouched = new WeakMap<Source, Set<string>>();
  /** What the module is called. */
  title: string;
  name: BackendName;
  module: Module;
  backend: Backend;

  /** @param refusals Of its GPU. */
  private constructor(name: BackendName, module: Module, backend: Backend, end: AbortController, refusals?: Refusals) {
    this.title = TITLES[name];
    this.name = name;
    this.module = module;
    this.backend = backend;
    this.#end = end;
    this.#refusals = refusals;
    end.signal.addEventListener('abort', () => refusals?.destroy());
  }

  /**
   * Loads the module and connects to its device.
   *
   * @returns Rejects when the module cannot be loaded or has no device.
   */
  static async open(name: BackendName, report: (progress: Progress) => void): Promise<Session> {
    const module = await instantiate(name, report);
    const end = new AbortController();
    module.onPanic((message: string) => end.abort(breakdown(TITLES[name], message)));
    const connect = () =>
      withinTime(
        module.Backend.connect(),
        CONNECT_TIMEOUT,
        'The GPU gave no device within 20 seconds.',
        end.signal,
      );
    if (name === 'cpu') {
      return new Session(name, module, await connect(), end);
    }
    const refusals = new Refusals((message) => end.abort(refused(message)));
    return new Session(name, module, await refusals.during(connect), end, refusals);
  }

  /**
   * The network, read once.
   *
   * @returns Throws a `Refusal` when the file is none of a network.
   */
  network(source: Source): Network {
    let network = this.#networks.get(source);
    if (!network) {
      network = asking(() => this.backend.network(source.bytes, source.options));
      this.#networks.set(source, network);
    }
    return network;
  }

  /** The kinds of runs of a network that need no more comparison with the CPU. */
  vouchedFor(source: Source) {
    const kinds = this.#vouched.get(source) ?? new Set();
    this.#vouched.set(source, kinds);
    return kinds;
  }

  /** Why the session is not to be trusted any more. */
  get fault(): unknown {
    return this.#end.signal.aborted ? this.#end.signal.reason : this.#lost();
  }

  /**
   * Gives the session up: everything that waits for it rejects now.
   *
   * @param error Why.
   * @returns The same, in words for people; or an earlier reason, if there is one.
   */
  abandon(error: unknown): unknown {
    const trap = error instanceof WebAssembly.RuntimeError;
    this.#end.abort(trap ? breakdown(this.title, error.message) : error);
    return this.#end.signal.reason;
  }

  /**
   * Waits for the module, but neither for a broken one nor for ever.
   *
   * @param timeout Milliseconds.
   */
  async wait<T>(promise: Promise<T>, timeout: number): Promise<T> {
    const message = `The ${this.title} did not answer within ${seconds(timeout)} seconds.`;
    let value;
    try {
      value = await withinTime(promise, timeout, message, this.#end.signal);
      if (this.#refusals) {
        await withinTime(this.#refusals.known(), timeout, message, this.#end.signal);
      }
    } catch (error) {
      if (!this.fault) {
        await new Promise((resolve) => setTimeout(resolve, LOST_DELAY));
      }
      throw this.fault ?? error;
    }
    if (this.fault) {
      throw this.fault;
    }
    return value;
  }

  /** Why the GPU was lost, if it was: that is then the cause of all else. */
  #lost() {
    const reason = this.backend.lost;
    return reason === undefined ? undefined : new Fault(`The GPU was lost (${reason})`, 'the GPU was lost');
  }
}

/** @param message Of a panic, or of a WebAssembly trap. */
function breakdown(title: string, message: string) {
  // The lines of a panic's message: where, why, and details for debugging. The console has them all.
  const [first, cause] = message.split('\n');
  return new Fault(`The ${title} broke down: ${cause ?? first}`, `the ${title} broke down`);
}

function refused(message: string) {
  const [first] = message.trim().split('\n');
  return new Fault(`WebGPU refused a command: ${first}`, 'WebGPU refused a command');
}

function seconds(milliseconds: number) {
  return Number((milliseconds / 1000).toPrecision(2));
}
