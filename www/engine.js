// @ts-check
// The bare JavaScript API: networks, runs, and the backend they are on. It knows of no page.
//
//   const engine = await Engine.start();
//   const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, deviation: 0.01 });
//   const frame = await run.advance(50, { target: 0.9, learningRate: 0.005 });
//   frame.images;                         // 784 numbers for each digit
//
// A run does not notice on which backend it is. It begins on the CPU, whose module is small, moves
// to WebGPU when that is ready, and back should WebGPU break down: from the last frame, with
// Adam's moments, so that nothing is lost.

import { checkImages, checkNetwork, checkWhole } from './checks.js';
import { Files } from './files.js';
import { MOST_UNITS } from './goals.js';
import { probe } from './probe.js';
import { FRAME_PATIENCE, Run, openRun } from './run.js';
import { Session } from './session.js';

/** @typedef {import('./session.js').BackendName} BackendName */
/** @typedef {import('./session.js').NetworkName} NetworkName */
/** @typedef {import('./session.js').Progress} Progress */
/** @typedef {import('./run.js').Begin} Begin */

/**
 * @typedef {object} Status
 * @property {BackendName} backend Which one runs.
 * @property {string} [adapter] The name of the GPU, on WebGPU.
 * @property {string} [reason] Why WebGPU does not run, as a sentence, if it does not.
 */

/**
 * @typedef {object} Options
 * @property {'auto' | BackendName} [backend] `auto` (the default) takes WebGPU where there is a real
 *   GPU for it, and the CPU else.
 * @property {(status: Status) => void} [onStatus] Hears of every change of backend.
 * @property {(progress: Progress) => void} [onProgress] Hears of everything that is loaded.
 * @property {typeof probe} [probe] Asks for WebGPU; replaced in tests.
 */

/**
 * @typedef {object} Card What is known of a network; see `weights.rs`. Accuracies are 0 to 1.
 * @property {string} description
 * @property {string} training
 * @property {string} date
 * @property {number} seed
 * @property {{ loss: number, train: number, validation: number }[]} epochs
 * @property {{ train: number, validation: number, test: number }} accuracy
 * @property {{ accuracy: number, attack: string }} [robust] What it reads under attack.
 */

/** How often a backend may break down before the engine gives up. */
const MOST_RESTARTS = 3;

/** @type {Required<Options>} */
const DEFAULTS = { backend: 'auto', onStatus: () => {}, onProgress: () => {}, probe };

const REASONS = {
  asked: 'The CPU was asked for.',
  preparing: 'WebGPU is being prepared.',
  software:
    'The only GPU here is simulated on the CPU, which is faster when used directly. ' +
    'To see WebGPU at work all the same, add ?backend=webgpu to the address.',
};

export class Engine {
  /** @type {Session} */
  #session;
  #files;
  /** @type {WeakMap<import('./networks.js').Source, Promise<number[][]>>} */
  #meanAnswers = new WeakMap();
  /** @type {Float32Array | undefined} */
  #prototypes;
  #options;
  #restarts = 0;
  /** @type {Promise<void> | undefined} */
  #leaving;

  /**
   * @private
   * @param {Session} session
   * @param {Status} status
   * @param {Required<Options>} options
   */
  constructor(session, status, options) {
    this.#session = session;
    this.#options = options;
    this.#files = new Files(options.onProgress);
    this.status = status;
    options.onStatus(status);
  }

  /**
   * Loads a backend and returns an engine that can begin runs.
   *
   * @param {Options} [options]
   * @returns {Promise<Engine>} Rejects when not even the CPU module can be loaded.
   */
  static async start(options = {}) {
    const all = { ...DEFAULTS, ...options };
    if (all.backend === 'webgpu') {
      const found = await all.probe();
      const { session, reason } = await openWebGPU(found, all.onProgress);
      return session
        ? new Engine(session, { backend: 'webgpu', adapter: found.adapter }, all)
        : new Engine(await Session.open('cpu', all.onProgress), { backend: 'cpu', reason }, all);
    }
    const session = await Session.open('cpu', all.onProgress);
    const reason = all.backend === 'cpu' ? REASONS.asked : REASONS.preparing;
    const engine = new Engine(session, { backend: 'cpu', reason }, all);
    if (all.backend === 'auto') {
      engine.upgraded = engine.#upgrade();
    }
    return engine;
  }

  /** Settles when it is decided whether WebGPU takes over. Never rejects. */
  upgraded = Promise.resolve();

  /** Loads WebGPU behind a running CPU, and moves there if all is well. */
  async #upgrade() {
    const found = await this.#options.probe();
    const { session, reason } = found.software
      ? { reason: REASONS.software }
      : await openWebGPU(found, this.#options.onProgress, (opened) => this.#warmUp(opened));
    if (session) {
      this.#session = session;
      this.#say({ backend: 'webgpu', adapter: found.adapter });
    } else {
      this.#say({ backend: 'cpu', reason });
    }
  }

  /**
   * One step of what is likely to run, so that its shaders are compiled before they are needed.
   *
   * @param {Session} session
   */
  async #warmUp(session) {
    for (const source of this.#files.sources) {
      const network = session.network(await source);
      for (const rows of [1, 10]) {
        const run = network.maximize(new Uint16Array(rows), '{}');
        run.step(1, '{}');
        await session.wait(run.frame('{}'), FRAME_PATIENCE);
        run.free();
      }
    }
  }

  /** @param {Status} status */
  #say(status) {
    this.status = status;
    this.#options.onStatus(status);
  }

  /** The session that runs are to be on. */
  get session() {
    return this.#session;
  }

  /**
   * Leaves a session that broke down for a fresh one on the CPU.
   *
   * @param {Session} broken
   * @param {unknown} error Why it is left.
   * @returns {Promise<void>} Rejects with the error when that has happened too often.
   */
  async leave(broken, error) {
    if (this.#session === broken) {
      this.#leaving ??= this.#restart(error).finally(() => (this.#leaving = undefined));
      await this.#leaving;
    }
  }

  /** @param {unknown} error */
  async #restart(error) {
    this.#restarts += 1;
    if (this.#restarts > MOST_RESTARTS) {
      throw error;
    }
    this.#session = await Session.open('cpu', this.#options.onProgress);
    this.#say({ backend: 'cpu', reason: messageOf(error) });
  }

  /**
   * The mean training image of every class: 10 · 784 pixels from 0 to 1.
   *
   * @returns {Promise<Float32Array>}
   */
  async means() {
    return this.#session.module.classMeans(await this.#files.means());
  }

  /**
   * Ten typical images of each class, its k-means centres: 100 · 784 pixels from 0 to 1.
   *
   * @returns {Promise<Float32Array>}
   */
  async prototypes() {
    this.#prototypes ??= this.#session.module.prototypes(await this.#files.prototypes());
    return this.#prototypes;
  }

  /**
   * What a network says of images that nothing is done to.
   *
   * @param {NetworkName} name
   * @param {Float32Array} images n · 784 pixels.
   * @returns {Promise<number[][]>} The probabilities of 0 to 9, for each image.
   */
  async answers(name, images) {
    checkNetwork(name);
    checkImages(images);
    const source = await this.#files.network(name);
    const answers = await this.attempt((session) =>
      session.wait(session.network(source).logProbabilities(images), FRAME_PATIENCE),
    );
    return Array.from({ length: answers.length / 10 }, (_, row) =>
      Array.from(answers.subarray(10 * row, 10 * row + 10), Math.exp),
    );
  }

  /**
   * What a network says of the mean training images of the ten classes, asked once.
   *
   * @param {NetworkName} name
   * @returns {Promise<number[][]>}
   */
  async meanAnswers(name) {
    checkNetwork(name);
    const source = await this.#files.network(name);
    let answers = this.#meanAnswers.get(source);
    if (!answers) {
      answers = this.means().then((means) => this.answers(name, means));
      answers.catch(() => this.#meanAnswers.delete(source)); // So that it can be tried again.
      this.#meanAnswers.set(source, answers);
    }
    return answers;
  }

  /**
   * Goes from a frame that was kept to a later one, beside the run that it is of.
   *
   * @param {Begin} begin How the run began.
   * @param {{ iteration: number, state: Float32Array }} frame
   * @param {{ count: number, settings: import('./run.js').StepSettings }[]} steps
   * @returns {Promise<import('./run.js').Frame>}
   */
  async replay(begin, frame, steps) {
    const [source, prior] = await this.#needs(begin);
    return this.attempt(async (session) => {
      const run = openRun(session.network(source), begin, prior, frame);
      try {
        let asked = '{}';
        for (const { count, settings } of steps) {
          asked = JSON.stringify(settings);
          run.step(count, asked);
        }
        return await session.wait(run.frame(asked), FRAME_PATIENCE);
      } finally {
        run.free();
      }
    });
  }

  /**
   * Does something with the session; if that breaks down, again with the next.
   *
   * @template T
   * @param {(session: Session) => Promise<T>} work
   * @returns {Promise<T>} Rejects when it broke down too often.
   */
  async attempt(work) {
    for (;;) {
      const session = this.#session;
      try {
        return await work(session);
      } catch (error) {
        await this.leave(session, error);
      }
    }
  }

  /**
   * What is known of a network.
   *
   * @param {NetworkName} name
   * @returns {Promise<Card | undefined>}
   */
  async card(name) {
    checkNetwork(name);
    const json = this.#session.network(await this.#files.network(name)).card;
    return json === undefined ? undefined : JSON.parse(json);
  }

  /**
   * Begins a run.
   *
   * @param {Begin} begin
   * @returns {Promise<Run>} Rejects, in words for people, when a setting cannot be used.
   */
  async begin(begin) {
    checkNetwork(begin.network);
    checkWhole('seed', begin.seed, 2 ** 32 - 1);
    for (const row of begin.digits) {
      checkWhole('digit', row, typeof begin.goal === 'object' && 'unit' in begin.goal ? MOST_UNITS - 1 : 9);
    }
    const [source, prior] = await this.#needs(begin);
    return new Run(this, begin, source, prior);
  }

  /** The files of a run. @param {Begin} begin @returns {Promise<[import('./networks.js').Source, Uint8Array | undefined]>} */
  async #needs({ network, form }) {
    checkNetwork(network); // It may have been removed since.
    const prior = form === 'prior' ? this.#files.prior() : undefined;
    return [await this.#files.network(network), await prior];
  }

  /**
   * Images in viridis, below one another: 28 wide and n · 28 high.
   *
   * @param {Float32Array} images n · 784 pixels.
   * @param {number} low What becomes dark blue.
   * @param {number} high What becomes yellow.
   */
  paint(images, low, high) {
    return this.#session.module.paint(images, low, high);
  }
}

/**
 * A session on WebGPU, or why there is none.
 *
 * @param {import('./probe.js').Probe} found
 * @param {(progress: Progress) => void} report
 * @param {(session: Session) => Promise<void>} [prepare] What must work before it is used.
 * @returns {Promise<{ session?: Session, reason?: string }>}
 */
async function openWebGPU(found, report, prepare) {
  if (found.reason) {
    return { reason: found.reason };
  }
  try {
    const session = await Session.open('webgpu', report);
    await prepare?.(session);
    return { session };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
