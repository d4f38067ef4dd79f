// One run of a figure, from when it is asked for until it is given back, and what can be asked of it.

import type { Engine } from '../engine/engine.ts';
import type { Config } from '../settings/config.ts';
import type { Experiment } from './experiment.ts';
import { Loop } from './loop.ts';
import { RunState } from './run-state.ts';
import { allows } from './states.ts';

export interface Begun {
  experiment: Experiment;
  engine: Engine;
}

export interface Callbacks {
  /** Begins what is asked for. */
  begin: () => Promise<Begun>;
  /** What is asked for; asked again in every animation frame. */
  config: () => Config;
  /** Whether somebody sees it: only then iterations are made, but for single steps. */
  isSeen: () => boolean;
  /** A piece is about to be computed. */
  onTick: () => void;
  /** It has begun; its first snapshot comes after this. */
  onBegin: (begun: Begun) => Promise<void>;
  /** There is something new to draw. */
  onFrame: () => void;
  onState: () => void;
  /** It has come to its end. */
  onDone: () => void;
  /** Somebody waits for it to be restarted, or no longer. */
  onSlow: (slow: boolean) => void;
  onError: (error: unknown) => void;
}

export class Playback {
  #callbacks: Callbacks;
  #state: RunState;
  /** Whether it plays once it is loaded, or was asked to play since. */
  plays: boolean;
  /** Aborted once it is not wanted any more. */
  #controller = new AbortController();
  experiment: Experiment | undefined;
  /** There once the experiment has begun. */
  #loop: Loop | undefined;

  /** @param plays Whether to play it once it is loaded. */
  constructor(callbacks: Callbacks, plays: boolean) {
    this.#callbacks = callbacks;
    this.#state = new RunState(callbacks.onState);
    this.plays = plays;
  }

  get state() {
    return this.#state.value;
  }

  /** Iterations a second, 0 while it is not known. */
  get speed() {
    return this.#loop?.speed ?? 0;
  }

  /**
   * Begins, and shows the first snapshot. Then goes to the iteration on show, or plays, if that was asked for.
   *
   * @returns Settles once it is there, has failed, or is not wanted any more. Never rejects.
   */
  async begin(): Promise<void> {
    const { signal } = this.#controller;
    this.#state.to('begin');
    try {
      const begun = await this.#callbacks.begin();
      if (signal.aborted) {
        begun.experiment.free();
        return;
      }
      this.experiment = begun.experiment;
      this.#loop = new Loop(begun.experiment, this.#state, this.#callbacks, signal);
      await this.#callbacks.onBegin(begun);
      this.#loop.run();
    } catch (error) {
      if (!signal.aborted) {
        this.#state.to('fail');
        this.#callbacks.onError(error);
      }
      return;
    }
    await this.#advance(this.#loop, 0);
  }

  /** Makes iterations; those of a run that is loading make it a loaded one. */
  async #advance(loop: Loop, count: number) {
    try {
      await loop.advance(count);
    } catch (error) {
      loop.fail(error);
      return;
    }
    if (this.state !== 'loading') {
      return;
    }
    this.#state.to('load');
    const { at } = this.#callbacks.config();
    if (at !== undefined && (this.plays || at > 0)) {
      this.#state.to('seek');
    } else if (this.plays) {
      this.#state.to('play');
    }
  }

  /** Gives back what it holds. @returns Settles once its last snapshot has come, and it is free. */
  async leave(): Promise<void> {
    if (!this.#controller.signal.aborted) {
      this.#controller.abort();
      this.#state.to('leave');
    }
    await this.#loop?.settled;
  }

  /** Whether somebody sees it has changed. */
  look() {
    this.#state.look();
  }

  /** Plays it, or does so once it is loaded. Not one that is at its end, or has failed. */
  play() {
    this.plays = true;
    this.#state.to('play');
  }

  /** @returns Settles once the snapshot that was asked for before has come. Never rejects. */
  async pause(): Promise<void> {
    this.plays = false;
    this.#state.to('pause');
    await this.#loop?.settled;
  }

  /**
   * Makes one iteration, after what is being loaded or restarted.
   *
   * @returns Settles once it is made. Never rejects.
   */
  async step(): Promise<void> {
    this.plays = false;
    while (this.state === 'loading' || this.state === 'rerunning') {
      await this.#state.change();
    }
    if (this.#loop && !this.#controller.signal.aborted) {
      this.#state.to('step');
      await this.#advance(this.#loop, 1);
    }
  }

  /**
   * A setting has changed that does not need a new run. A run that plays goes on with it, and so will one that is
   * paused on its way. One at its end is restarted with it, at once.
   */
  follow() {
    if (!this.experiment || !this.#loop || !allows(this.state, 'rerun')) {
      return; // Whatever is made next is made with it.
    }
    const { iteration } = this.experiment;
    const { steps } = this.#callbacks.config();
    if (this.state === 'paused' && iteration < steps) {
      this.#advance(this.#loop, 0);
    } else {
      this.#state.to(this.#loop.isAsAsked && iteration <= steps ? 'extend' : 'rerun');
    }
  }

  /** Goes to an iteration: holds there, or first makes what is missing. */
  seek(iteration: number) {
    if (this.experiment && iteration > this.experiment.iteration && allows(this.state, 'seek')) {
      this.#state.to('seek');
      return;
    }
    if (this.state === 'playing' || this.state === 'seeking') {
      this.#state.to('pause');
    }
    this.recall();
  }

  /** Computes the images of the iteration on show, if there is no snapshot of it. */
  recall() {
    this.#loop?.recall();
  }
}
