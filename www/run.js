// @ts-check
// A run: images on their way to their digits, on whichever backend the engine is on.

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./session.js').NetworkName} NetworkName */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./pkg/webgpu/actmax.js').Frame} Frame */

/**
 * @typedef {object} Begin
 * @property {NetworkName} network
 * @property {number[]} digits One image for each, 0 to 9.
 * @property {number} seed Of the noise that all images start from, 0 to 4294967295.
 * @property {number} deviation Its standard deviation, 0 to 1.
 * @property {Float32Array} [image] A start image in place of noise: 784 pixels, or 784 a digit.
 */

/** @typedef {{ target: number, learningRate: number }} StepSettings */

/** Milliseconds for a frame. A step of ten digits takes 0.3 s on a GPU simulated in software. */
export const FRAME_PATIENCE = 30_000;

export class Run {
  #engine;
  #begin;
  #file;
  /** @type {Session} */
  #session;
  /** @type {import('./pkg/webgpu/actmax.js').Run} */
  #run;
  /** @type {Frame | undefined} */
  #last;
  /** Milliseconds that the last call kept the main thread. */
  busy = 0;

  /**
   * From `engine.begin`.
   *
   * @param {Engine} engine
   * @param {Begin} begin
   * @param {Uint8Array} file
   */
  constructor(engine, begin, file) {
    this.#engine = engine;
    this.#begin = begin;
    this.#file = file;
    this.#session = engine.session;
    this.#run = this.#open();
  }

  /** The run on the current session: from its last frame, if there is one. */
  #open() {
    const { network, digits, seed, deviation, image } = this.#begin;
    const opened = this.#session.network(network, this.#file);
    const rows = Uint8Array.from(digits);
    if (this.#last) {
      return opened.resume(rows, this.#last.iteration, this.#last.state);
    }
    return image ? opened.maximizeFrom(rows, image) : opened.maximize(rows, seed, deviation);
  }

  /** Which backend the run is on. */
  get backend() {
    return this.#session.name;
  }

  /**
   * Makes `count` iterations (0 to look only) and reads the run. One call at a time.
   *
   * If the backend breaks down meanwhile, the run goes back to its last frame, moves to the CPU
   * and makes the iterations there.
   *
   * @param {number} count
   * @param {StepSettings} settings May differ from those of the last call.
   * @returns {Promise<Frame>} Its trace has these `count` iterations. Rejects, in words for people,
   *   when a setting cannot be used; the images are then as they were.
   */
  async advance(count, { target, learningRate }) {
    this.#engine.session.module.checkSettings(target, learningRate);
    return this.#engine.attempt(async (session) => {
      if (this.#session !== session) {
        this.#session = session;
        this.#run = this.#open();
      }
      const began = performance.now();
      this.#run.step(count, target, learningRate);
      const pending = this.#run.frame(target);
      this.busy = performance.now() - began;
      this.#last = await session.wait(pending, FRAME_PATIENCE);
      return this.#last;
    });
  }

  /** Gives back what the run holds. It cannot be used afterwards. */
  free() {
    this.#run.free();
  }
}
