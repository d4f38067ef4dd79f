// @ts-check
// The loop: make some steps, read once, draw, wait for the next animation frame. Every part is awaited, so the loop
// cannot overlap itself; to pause is to stop asking for more.

import { join, leave, nextFrame, part } from '../engine/frames.js';
import { BatchSizer } from '../engine/batch-sizer.js';

/** @typedef {import('./experiment.js').Experiment} Experiment */
/** @typedef {import('../engine/run.js').StepSettings} StepSettings */

/**
 * @typedef {object} Course How an experiment is played. Asked for again in every animation frame.
 * @property {StepSettings} settings
 * @property {number} iterations Where it ends.
 * @property {number} pace Iterations a second, `Infinity` for as many as the machine makes.
 */

/**
 * @typedef {object} Callbacks
 * @property {() => Course} course
 * @property {(experiment: Experiment) => void} onFrame There is something new to show.
 * @property {(state: State) => void} onState
 * @property {(error: unknown) => void} onError
 */

/** @typedef {'playing' | 'paused' | 'done'} State */

export class Player {
  #callbacks;
  /** The number of the loop that plays: a loop that finds another number here ends. */
  #number = 0;
  /** @type {Experiment | undefined} */
  #experiment;
  /** How many steps fit into an animation frame. */
  #batchSizer = new BatchSizer();
  /** Iterations a second, waits between animation frames included; a running mean. */
  speed = 0;
  #lastFrame = 0;
  /** Iterations since `#lastFrame`. */
  #uncounted = 0;
  /** @type {Promise<unknown>} The last advance, which must settle before the next. */
  #pending = Promise.resolve();
  /** @type {Promise<unknown>} The last change of experiment: they come one after another. */
  #changing = Promise.resolve();

  /** @param {Callbacks} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  /**
   * Replaces the experiment by another, shows that, and leaves it paused.
   *
   * @param {Experiment} experiment
   * @param {() => boolean} ready Called once the last snapshot of the one before has been drawn; returns
   *   whether this one is still wanted. If it is not, it is freed.
   * @returns {Promise<boolean>} Whether its first snapshot is there. If not, `onError` has been called.
   */
  load(experiment, ready) {
    return this.#change(async () => {
      this.#experiment = experiment;
      this.#batchSizer = new BatchSizer();
      this.speed = 0;
      if (ready()) {
        return this.#advance(0);
      }
      this.#free();
      return false;
    });
  }

  /** Frees the experiment, and has none. */
  unload() {
    return this.#change(async () => false);
  }

  /**
   * Frees the experiment once all that was asked of it is done, then calls `next`.
   *
   * @param {() => Promise<boolean>} next
   * @returns {Promise<boolean>} What `next` returns.
   */
  #change(next) {
    const change = this.#changing.then(async () => {
      // Somebody may play or step it while its last snapshot is awaited.
      for (let last, number; last !== this.#pending || number !== this.#number; ) {
        this.pause();
        number = this.#number;
        last = this.#pending;
        await last.catch(() => {});
      }
      this.#free();
      return next();
    });
    this.#changing = change.catch(() => {}); // Whoever asked for the change gets the error.
    return change;
  }

  #free() {
    this.#experiment?.free();
    this.#experiment = undefined;
  }

  /** Plays until the course ends or `pause` is called. Does nothing where there is no experiment. */
  async play() {
    if (!this.#experiment) {
      return;
    }
    this.#number += 1;
    const number = this.#number;
    join(this);
    this.#callbacks.onState('playing');
    let owed = 1; // The first iteration is made at once, so that a pressed button has a visible effect.
    let last = performance.now();
    this.#lastFrame = last;
    this.#uncounted = 0;
    while (number === this.#number) {
      const { settings, iterations, pace } = this.#callbacks.course();
      const experiment = this.#experiment;
      if (number !== this.#number || !experiment) {
        return; // In `course`, the figure found that nobody sees it, and paused or unloaded this player.
      }
      const left = iterations - experiment.iteration;
      if (left <= 0) {
        leave(this);
        this.#callbacks.onState('done');
        return;
      }
      const now = await nextFrame();
      if (number !== this.#number) {
        return;
      }
      // The first animation frame may have begun before `last` was taken.
      const seconds = Math.max(0, now - last) / 1000;
      owed = pace === Infinity ? Infinity : owed + pace * seconds;
      owed = Math.min(owed, this.#batchSizer.next(experiment.kind(settings), part()));
      last = now;
      const count = Math.min(Math.floor(owed), left);
      if (count > 0) {
        owed -= count;
        if (!(await this.#advance(count))) {
          return;
        }
      }
    }
  }

  /**
   * Stops asking for iterations.
   *
   * @returns {Promise<unknown>} Settles once the snapshot that was asked for before has come, or has failed.
   *   Never rejects.
   */
  pause() {
    this.#number += 1;
    leave(this);
    this.#callbacks.onState('paused');
    return this.#pending.catch(() => {});
  }

  /** One iteration. */
  async step() {
    this.pause();
    await this.#advance(1);
  }

  /** Reads and draws the run where it is, after its settings have changed. */
  async refresh() {
    await this.#advance(0);
  }

  /**
   * Replaces the runs of the experiment by those of a restarted one, once no snapshot of it is under way.
   *
   * @param {Experiment} experiment
   * @param {Experiment} restarted Freed if the experiment is not this player's any more.
   */
  async replace(experiment, restarted) {
    const replacement = this.#pending.catch(() => {}).then(() => {
      if (experiment === this.#experiment) {
        experiment.replaceBy(restarted);
        this.#callbacks.onFrame(experiment);
      } else {
        restarted.free();
      }
    });
    this.#pending = replacement;
    await replacement;
  }

  /** @param {number} count @returns {Promise<boolean>} Whether it worked. */
  async #advance(count) {
    const advance = this.#pending.catch(() => {}).then(() => this.#next(count));
    this.#pending = advance;
    try {
      await advance;
      return true;
    } catch (error) {
      this.pause();
      this.#callbacks.onError(error);
      return false;
    }
  }

  /** @param {number} count */
  async #next(count) {
    const experiment = this.#experiment;
    if (!experiment) {
      return;
    }
    const began = performance.now();
    await experiment.advance(count, this.#callbacks.course().settings);
    if (count > 0) {
      const now = performance.now();
      this.#batchSizer.record(count, now - began);
      this.#measure(count, now);
    }
    this.#callbacks.onFrame(experiment);
  }

  /** @param {number} count Iterations. @param {number} now When they were done. */
  #measure(count, now) {
    this.#uncounted += count;
    const seconds = (now - this.#lastFrame) / 1000;
    // Browsers that protect against fingerprinting have a coarse clock: it may not have moved.
    if (seconds > 0) {
      this.speed = mean(this.speed, this.#uncounted / seconds);
      this.#lastFrame = now;
      this.#uncounted = 0;
    }
  }
}

/** A running mean that begins with the first value. @param {number} before @param {number} value */
function mean(before, value) {
  return before === 0 ? value : 0.8 * before + 0.2 * value;
}
