// @ts-check
// A run: images on their way to their digits, on whichever backend the engine is on.

import { disagreement, sampled } from './agreement.js';
import { MOST_ITERATIONS, checkWhole, writeSettings } from './checks.js';
import { Refusal, asking } from './errors.js';
import { turn } from './frames.js';
import { Habit } from './patience.js';
import { Pieces } from './pieces.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./session.js').NetworkName} NetworkName */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./pkg/webgpu/actmax.js').Frame} Frame */
/** @typedef {Pick<Frame, 'iteration' | 'state'>} Place Where a run was: all that is needed to go on from there. */

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

/** Numbers that a frame has for an image and an iteration: ten log-probabilities, then the loss. */
const RECORD = 11;
/** The most iterations of one call, times images: its trace then has 44 MB. */
const MOST_AT_ONCE = 1e6;
/**
 * Milliseconds that a piece of a call may take. Longer than a player's part of a frame, so that its calls
 * are made in one piece; short enough for a page that answers its person in between.
 */
const PIECE = 16;

/** @typedef {'ready' | 'advancing' | 'freed'} State */

export class Run {
  #engine;
  #begin;
  #source;
  #prior;
  #session;
  #run;
  /** @type {State} */
  #state = 'ready';
  /** How long its frames take on this session, and how many iterations fit into a piece. */
  #habit = new Habit();
  #pieces = new Pieces();
  /** @type {Place | undefined} Where its last frame was; nowhere, while nothing has been read of it. */
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
   * @param {Place} [from] Where it goes on from, if not from its start.
   */
  constructor(engine, session, begin, source, prior, from) {
    this.#engine = engine;
    this.#begin = begin;
    this.#source = source;
    this.#prior = prior;
    this.#last = from;
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
    if (this.#session !== session) {
      this.#session = session;
      this.#habit = new Habit();
    }
    this.#run = moved;
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

  /** Iterations made, as of the last frame. */
  get iteration() {
    return this.#last?.iteration ?? 0;
  }

  /**
   * What the time of an iteration depends on.
   *
   * @param {StepSettings} settings
   */
  kind(settings) {
    return String([this.backend, this.path, used(settings)]);
  }

  /**
   * Makes `count` iterations (0 to look only) and reads the run. One call at a time: the next when this
   * one has settled. What takes long is made in pieces, between which the page has its turn.
   *
   * If the backend breaks down meanwhile, the run goes back to its last frame, moves to the CPU
   * and makes the iterations there.
   *
   * @param {number} count At most 1,000,000, times the number of images.
   * @param {StepSettings} settings May differ from those of the last call.
   * @returns {Promise<Frame>} Its trace has these `count` iterations. Rejects, in words for people,
   *   when the count or a setting cannot be used, and when the run is freed meanwhile; otherwise the images
   *   are then as they were.
   */
  async advance(count, settings) {
    checkWhole('number of iterations', count, Math.floor(MOST_AT_ONCE / this.#begin.digits.length));
    checkWhole('number of iterations of the whole run', this.iteration + count, MOST_ITERATIONS);
    const asked = writeSettings(settings);
    this.#checkThere();
    if (this.#state === 'advancing') {
      throw new Refusal('The run still makes the iterations of another call. Wait for that before the next.');
    }
    this.#state = 'advancing';
    const before = this.#last;
    this.busy = 0;
    try {
      return await this.#inPieces(count, asked, used(settings));
    } catch (error) {
      this.#last = before;
      throw error;
    } finally {
      if (this.#state === 'advancing') {
        this.#state = 'ready';
      }
    }
  }

  /** @param {number} count @param {string} asked @param {string} kind @returns {Promise<Frame>} */
  async #inPieces(count, asked, kind) {
    const begin = this.iteration;
    const end = begin + count;
    const piece = () =>
      this.#engine.attempt((session) => this.#piece(session, end - this.iteration, asked, kind));
    let frame = await piece();
    if (frame.iteration === end) {
      return frame;
    }
    const record = this.#begin.digits.length * RECORD;
    const trace = new Float32Array(count * record);
    trace.set(frame.trace);
    while (frame.iteration < end) {
      await turn();
      const made = this.iteration - begin;
      frame = await piece();
      trace.set(frame.trace, made * record);
    }
    return { ...frame, trace };
  }

  /**
   * Makes as many of the iterations as fit into a piece, and reads the run.
   *
   * @param {Session} session
   * @param {number} left
   * @param {string} asked
   * @param {string} kind
   */
  async #piece(session, left, asked, kind) {
    this.#checkThere();
    asking(() => session.module.checkSettings(asked));
    // A call that failed may have left it further on than its last frame.
    if (this.#session !== session || this.#run.iteration !== this.iteration) {
      this.#moveTo(session);
    }
    this.#asked = asked;
    const launch = asking(() => this.#run.largestStep(asked));
    // The CPU is at work until a step returns. A GPU takes several, and goes on while the page does.
    const most = session.name === 'cpu' ? launch : Infinity;
    const count = Math.min(left, most, this.#pieces.next(`${session.title} ${kind}`, PIECE));
    const began = performance.now();
    for (let rest = count; rest > 0; rest -= launch) {
      asking(() => this.#run.step(Math.min(rest, launch), asked));
    }
    const pending = asking(() => this.#run.frame(asked));
    this.busy += performance.now() - began;
    this.path = this.#run.path;
    const size = count + 1; // The frame itself takes about as long as a step.
    const frame = await session.wait(pending, this.#habit.patience(asked, size));
    this.#checkThere();
    if (session.name === 'webgpu' && !frame.now.every(Number.isFinite)) {
      throw new Error('The GPU gave what is no number.'); // If the settings are to blame, the CPU says the same.
    }
    if (count > 0) {
      const took = performance.now() - began;
      this.#habit.took(asked, size, took);
      this.#pieces.took(count, took);
    }
    this.#last = frame;
    return frame;
  }

  /**
   * Goes back to where it was: its next iterations are made from there.
   *
   * @param {Place | undefined} place Of an earlier frame; the start, if there is none.
   */
  goBack(place) {
    this.#last = place;
  }

  #checkThere() {
    if (this.#state === 'freed') {
      throw new Refusal('The run has been freed, and can make no more iterations. Begin another.');
    }
  }

  /** Gives back what the run holds. It cannot be used afterwards; what it is still asked for rejects. */
  free() {
    if (this.#state === 'freed') {
      return;
    }
    this.#state = 'freed';
    this.#engine.forget(this);
    this.#release();
  }

  #release() {
    if (!this.#session.fault) {
      this.#run.free(); // What a broken module holds goes with it.
    }
  }
}

/** The names of what an iteration has to do beyond the least. @param {StepSettings} settings */
function used({ penalties, moves, blur }) {
  const all = Object.entries({ ...penalties, ...moves, blur });
  return String(all.filter(([, value]) => value).map(([name]) => name));
}

/**
 * A module's run: from its start, or from a frame.
 *
 * @param {import('./pkg/webgpu/actmax.js').Network} network
 * @param {Begin} begin
 * @param {Uint8Array | undefined} prior
 * @param {Place} [frame]
 */
export function openRun(network, { digits, seed, deviation, image, goal, form, path }, prior, frame) {
  if (prior) {
    asking(() => network.usePrior(prior));
  }
  const task = JSON.stringify({ seed, deviation, goal, form, path });
  return asking(() =>
    frame
      ? network.resume(digits, task, image, frame.iteration, frame.state)
      : network.maximize(digits, task, image),
  );
}
