// @ts-check
// Restarts a finished run with the new settings while somebody moves a slider, so that the images follow it.
// The images on show stay until all iterations are made; then the newest settings are next. Settings in
// between are skipped, but a restarted run is finished before the next begins: somebody who keeps moving the
// slider would otherwise never see a result. Only a run that takes too long is dropped.

import { join, leave, nextFrame, part } from '../engine/frames.js';
import { BatchSizer } from '../engine/batch-sizer.js';

/** @typedef {import('./experiment.js').Experiment} Experiment */
/** @typedef {import('../engine/run.js').StepSettings} StepSettings */

/**
 * @typedef {object} Task
 * @property {Experiment | undefined} experiment What is to be restarted.
 * @property {StepSettings} settings
 * @property {number} iterations
 * @property {number} [at] The iteration on show, if not the last.
 */

/**
 * @typedef {object} Callbacks
 * @property {() => Task} task Asked for again every time.
 * @property {(experiment: Experiment, restarted: Experiment) => Promise<void>} onMade
 * @property {() => unknown} onRest The settings have not been moved for a while.
 * @property {(slow: boolean) => void} onSlow It takes long, or does so no more.
 * @property {(error: unknown) => void} onError
 */

/** Milliseconds without a change after which the slider rests: dragging a slider makes one in every animation frame. */
const REST = 200;
/** Milliseconds after which somebody who waits wants to know what for. */
const SLOW = 2000;
/** Milliseconds: a slow run that newer settings will replace is dropped, if the rest of it would take longer. */
const TOO_LONG = 5000;
/** How many snapshots a run gets for its timeline afterward, evenly spread. */
const MOMENTS = 60;

export class Reoptimizer {
  #callbacks;
  /** Whether there are settings that no run has been restarted with. */
  #due = false;
  #working = false;
  #seen = false;
  /** Counts the calls of `forget`: what was begun before the last one is dropped. */
  #forgotten = 0;
  #batchSizer = new BatchSizer();
  /** @type {Experiment | undefined} The one whose batches `#batchSizer` sizes. */
  #experiment;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  /** Settles when all that was asked for is on show. Never rejects. */
  settled = Promise.resolve();

  /** @param {Callbacks} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  /** Whether the images on show are about to be replaced by those of newer settings. */
  get busy() {
    return this.#due || this.#working;
  }

  /** The settings have changed. */
  ask() {
    this.#cancelRest();
    this.#due = true;
    this.#start();
  }

  /** What was asked for is not wanted any more. */
  forget() {
    this.#cancelRest();
    this.#due = false;
    this.#forgotten += 1;
  }

  /** Somebody sees it: does what was asked for meanwhile. */
  appear() {
    this.#seen = true;
    this.#start();
  }

  /** Nobody sees it: does nothing until `appear`. */
  disappear() {
    this.#seen = false;
    if (this.#cancelRest()) {
      this.#callbacks.onRest();
    }
  }

  #start() {
    if (this.#due && this.#seen && !this.#working) {
      this.#working = true;
      this.settled = this.#work();
    }
  }

  async #work() {
    join(this);
    try {
      while (this.#due && this.#seen) {
        await nextFrame(); // By then, all changes of settings in this frame are known.
        await this.#tryRestart();
      }
    } finally {
      leave(this);
      this.#working = false;
    }
  }

  async #tryRestart() {
    const forgotten = this.#forgotten;
    try {
      await this.#restart();
    } catch (error) {
      if (forgotten === this.#forgotten) {
        this.#due = false;
        this.#callbacks.onError(error);
      }
    }
  }

  /** Makes all iterations with the newest settings, and replaces what is on show. */
  async #restart() {
    const task = this.#callbacks.task();
    const { experiment } = task;
    if (!experiment || !this.#due || !this.#seen) {
      this.#due &&= experiment !== undefined;
      return;
    }
    this.#due = false;
    if (experiment !== this.#experiment) {
      this.#experiment = experiment;
      this.#batchSizer = new BatchSizer();
    }
    const forgotten = this.#forgotten;
    const isWanted = () => this.#seen && forgotten === this.#forgotten;
    const restarted = await experiment.restarted();
    restarted.place = task.at;
    let made = false;
    try {
      made = await this.#make(restarted, task, isWanted);
    } finally {
      if (!made) {
        restarted.free();
      }
    }
    if (!made) {
      this.#due ||= forgotten === this.#forgotten; // Unless it was forgotten, it is to be made when somebody sees it.
      return;
    }
    await this.#callbacks.onMade(experiment, restarted);
    if (!this.#due && isWanted()) {
      this.#resting = setTimeout(() => this.#rest(experiment), REST);
    }
  }

  /**
   * Makes all iterations, a piece in each frame.
   *
   * @param {Experiment} restarted
   * @param {Task} task
   * @param {() => boolean} isWanted
   * @returns {Promise<boolean>} Whether it came to the end.
   */
  async #make(restarted, { settings, iterations, at = iterations }, isWanted) {
    const began = performance.now();
    let slow = false;
    try {
      while (isWanted()) {
        // A piece ends at the iteration on show, so that there is a snapshot of it.
        const end = restarted.iteration < at ? Math.min(at, iterations) : iterations;
        await this.#advance(restarted, end, settings);
        const left = iterations - restarted.iteration;
        if (left === 0) {
          return isWanted();
        }
        await nextFrame();
        const taken = performance.now() - began;
        if (taken > SLOW && this.#due && (taken * left) / restarted.iteration > TOO_LONG) {
          return false;
        }
        if (taken > SLOW && !slow) {
          slow = true;
          this.#callbacks.onSlow(true);
        }
      }
      return false;
    } finally {
      if (slow) {
        this.#callbacks.onSlow(false);
      }
    }
  }

  /** Makes a piece. @param {Experiment} restarted @param {number} end @param {StepSettings} settings */
  async #advance(restarted, end, settings) {
    const size = this.#batchSizer.next(restarted.kind(settings), part());
    const count = Math.min(size, end - restarted.iteration);
    const began = performance.now();
    await restarted.advance(count, settings);
    this.#batchSizer.record(count, performance.now() - began);
  }

  /** @param {Experiment} experiment */
  #rest(experiment) {
    this.#resting = undefined;
    this.#callbacks.onRest();
    this.#fillIn(experiment).catch((error) => this.#callbacks.onError(error));
  }

  /** @returns {boolean} Whether it was about to rest. */
  #cancelRest() {
    const resting = this.#resting !== undefined;
    clearTimeout(this.#resting);
    this.#resting = undefined;
    return resting;
  }

  /**
   * Makes the snapshots that a played run has: without them, the timeline and an animation would show the start
   * in place of every iteration between.
   *
   * @param {Experiment} experiment
   */
  async #fillIn(experiment) {
    const { networkResults, iteration: made } = experiment;
    // No more than can be kept, or each would push out another.
    const gap = Math.ceil(made / Math.min(MOMENTS, ...networkResults.map(({ history }) => Math.ceil(history.most / 2))));
    for (let iteration = gap; iteration < made; iteration += gap) {
      const isMissing = networkResults.some(({ history }) => history.at(iteration).iteration <= iteration - gap);
      if (isMissing) {
        await nextFrame();
        const isSame = experiment === this.#callbacks.task().experiment && networkResults === experiment.networkResults;
        if (!isSame || this.busy || !this.#seen) {
          return;
        }
        await experiment.recall(iteration);
      }
    }
  }
}
