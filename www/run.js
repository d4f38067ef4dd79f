// @ts-check
// A run: images on their way to their digits, on whichever backend the engine is on.

import { disagreement, sampled } from './agreement.js';
import { checkFinite } from './checks.js';
import { asking } from './errors.js';
import { Habit } from './patience.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./session.js').NetworkName} NetworkName */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./pkg/webgpu/actmax.js').Frame} Frame */

/**
 * @typedef {object} Begin
 * @property {NetworkName} network
 * @property {number[]} digits One image for each, 0 to 9; or units, where the goal is one.
 * @property {number} seed Of the noise that all images start from, 0 to 4294967295.
 * @property {number} deviation Its standard deviation, 0 to 1.
 * @property {Float32Array} [image] A start image in place of noise: 784 pixels, or 784 a digit.
 * @property {Goal} [goal] What is asked of the images; the lab's `distance`, if nothing else.
 * @property {FormName} [form] The coordinates in which they are moved; `pixels`, if nothing else.
 * @property {'fused' | 'plain'} [path] How the iterations are made: `fused`, if nothing else, is fast;
 *   `plain` is Burn's autodiff, operation by operation. See `Network.maximize` in `src/web/mod.rs`.
 */

/**
 * See `objective.rs`.
 *
 * @typedef {'distance' | 'log-probability' | 'logit' | { difference: { other: number } } | { unit: { layer: string } }} Goal
 */

/** @typedef {'pixels' | 'sigmoid' | 'fourier' | 'prior'} FormName See `form.rs`. */

/**
 * What every step obeys. What is left out is the lab's; see `Run.step` in `src/web/mod.rs` for the ranges.
 *
 * @typedef {object} StepSettings
 * @property {number} target The probability to reach.
 * @property {number} learningRate Adam's step size.
 * @property {Partial<Record<'l1' | 'l2' | 'variation' | 'distance' | 'density' | 'diversity', number>>} [penalties]
 * @property {Partial<Record<'shift' | 'rotation' | 'scale', number>>} [moves]
 * @property {number} [blur]
 */

export class Run {
  #engine;
  #begin;
  #source;
  #prior;
  #session;
  #run;
  /** How long its frames take on this session. */
  #habit = new Habit();
  /** @type {Frame | undefined} */
  #last;
  /** What its last iterations obeyed, as JSON. */
  #asked = '{}';
  /** How the last iterations were made: `fused` or `plain`. It may change with the settings. */
  path = '';
  /** Milliseconds that the last call kept the main thread. */
  busy = 0;

  /**
   * From `engine.begin`.
   *
   * @param {Engine} engine
   * @param {Session} session
   * @param {Begin} begin
   * @param {import('./networks.js').Source} source Of the network.
   * @param {Uint8Array} [prior] The principal components, for the form `prior`.
   */
  constructor(engine, session, begin, source, prior) {
    this.#engine = engine;
    this.#begin = begin;
    this.#source = source;
    this.#prior = prior;
    this.#session = session;
    this.#run = this.#open(session);
  }

  /** The run on a session: from its last frame, if there is one. @param {Session} session */
  #open(session) {
    const network = session.network(this.#source);
    return openRun(network, this.#begin, this.#prior, this.#last);
  }

  /** @param {Session} session */
  #moveTo(session) {
    const moved = this.#open(session);
    this.#release();
    this.#session = session;
    this.#run = moved;
    this.#habit = new Habit();
  }

  /**
   * Does on a GPU what the run does next, and forgets it: the shaders that this needs are then compiled,
   * and the run can move there without a pause.
   *
   * @param {Session} gpu
   * @param {Session} cpu Does the same, for comparison.
   * @returns {Promise<string | undefined>} What is wrong with it, as a sentence, if anything is.
   */
  async prepare(gpu, cpu) {
    const open = (/** @type {Session} */ session) => this.#open(session);
    const frame = await sampled(gpu, open, this.#asked);
    return disagreement(frame, await sampled(cpu, open, this.#asked));
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
  async advance(count, settings) {
    checkFinite(settings); // JSON has no other numbers.
    const asked = JSON.stringify(settings);
    return this.#engine.attempt(async (session) => {
      asking(() => session.module.checkSettings(asked));
      if (this.#session !== session) {
        this.#moveTo(session);
      }
      this.#asked = asked;
      const began = performance.now();
      this.#run.step(count, asked);
      const pending = this.#run.frame(asked);
      this.busy = performance.now() - began;
      this.path = this.#run.path;
      const size = count + 1; // The frame itself takes about as long as a step.
      const frame = await session.wait(pending, this.#habit.patience(asked, size));
      if (session.name === 'webgpu' && !frame.now.every(Number.isFinite)) {
        throw new Error('The GPU gave what is no number.'); // If the settings are to blame, the CPU says the same.
      }
      this.#last = frame;
      if (count > 0) {
        this.#habit.took(asked, size, performance.now() - began);
      }
      return this.#last;
    });
  }

  /** Gives back what the run holds. It cannot be used afterwards. */
  free() {
    this.#engine.forget(this);
    this.#release();
  }

  #release() {
    if (!this.#session.fault) {
      this.#run.free(); // What a broken module holds goes with it.
    }
  }
}

/**
 * A module's run: from its start, or from a frame.
 *
 * @param {import('./pkg/webgpu/actmax.js').Network} network
 * @param {Begin} begin
 * @param {Uint8Array | undefined} prior
 * @param {{ iteration: number, state: Float32Array }} [frame]
 */
export function openRun(network, { digits, seed, deviation, image, goal, form, path }, prior, frame) {
  if (prior) {
    asking(() => network.usePrior(prior));
  }
  const rows = Uint16Array.from(digits);
  const task = JSON.stringify({ seed, deviation, goal, form, path });
  return asking(() =>
    frame
      ? network.resume(rows, task, image, frame.iteration, frame.state)
      : network.maximize(rows, task, image),
  );
}
