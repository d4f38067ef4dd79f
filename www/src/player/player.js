// @ts-check
// Plays what a configuration asks for. A new run takes the place of the one on show once it is there: until then, that
// one goes on. Knows of no page.

import { Playback } from './playback.js';
import { allows, shownAs } from './states.js';

/** @typedef {import('./playback.js').Begun} Begun */
/** @typedef {import('./states.js').ShownState} ShownState */

/** @typedef {Omit<import('./playback.js').Callbacks, 'isSeen' | 'onBegin' | 'onState'>} Shared */
/** @typedef {{ onBegin: (begun: Begun) => void, onState: (state: ShownState) => void }} Own */

export class Player {
  #callbacks;
  #isSeen = false;
  /** @type {Playback | undefined} The run on show. */
  #shown;
  /** @type {Playback | undefined} The run that will take its place. */
  #coming;

  /** @param {Shared & Own} callbacks Of the run on show; errors, of any. */
  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  get experiment() {
    return this.#shown?.experiment;
  }

  /** @returns {ShownState} */
  get state() {
    return shownAs(this.#shown?.state ?? 'idle', this.#isSeen);
  }

  /** Whether it has been asked to begin. */
  get begun() {
    return this.#shown !== undefined || this.#coming !== undefined;
  }

  /** Whether there is nothing to show, since it could not begin. */
  get failed() {
    return this.#coming === undefined && this.#shown?.state === 'failed' && !this.experiment;
  }

  /** Whether it plays, or was to play before it was done or has failed. */
  get plays() {
    return (this.#coming ?? this.#shown)?.plays ?? false;
  }

  /** Iterations a second, 0 while it is not known. */
  get speed() {
    return this.#shown?.speed ?? 0;
  }

  /**
   * Begins a new run with the configuration as it is.
   *
   * @param {boolean} plays Whether to play it. It is taken to the iteration on show in any case.
   * @returns {Promise<void>} Settles once it is there, has failed, or is not wanted any more. Never rejects.
   */
  async begin(plays) {
    this.#coming?.leave();
    if (this.#shown?.state === 'loading') {
      this.#shown.pause(); // It is not worth playing any more.
    }
    const { onFrame, onDone, onSlow, ...callbacks } = this.#callbacks;
    const ifShown = (/** @type {() => void} */ act) => () => coming === this.#shown && act();
    const coming = new Playback(
      {
        ...callbacks,
        isSeen: () => this.#isSeen,
        onBegin: (begun) => this.#show(coming, begun),
        onFrame: ifShown(onFrame),
        onState: ifShown(() => this.#tell()),
        onDone: ifShown(onDone),
        onSlow: (slow) => {
          if (coming === this.#shown) {
            onSlow(slow);
          }
        },
      },
      plays,
    );
    this.#coming = coming;
    await coming.begin();
    if (coming === this.#coming) {
      this.#coming = undefined; // It could not begin, and what is on show goes on.
      this.#shown ??= coming;
    }
  }

  /** Puts a run in the place of the one on show, whose last snapshot is awaited. @param {Playback} coming @param {Begun} begun */
  async #show(coming, begun) {
    await this.#shown?.leave();
    if (coming === this.#coming) {
      this.#coming = undefined;
      this.#shown = coming;
      this.#callbacks.onBegin(begun);
    }
  }

  #tell() {
    this.#callbacks.onState(this.state);
  }

  /** Goes on; begins again when the run is done, or could not begin. */
  play() {
    const latest = this.#coming ?? this.#shown;
    if (latest && allows(latest.state, 'play')) {
      latest.play();
    } else {
      this.begin(true);
    }
  }

  /** @returns {Promise<void>} Settles once the run stands still. Never rejects. */
  async pause() {
    this.#coming?.pause();
    await this.#shown?.pause();
  }

  /** Makes one iteration, after a restart that is under way. @returns {Promise<void>} Settles once it is made. Never rejects. */
  async step() {
    this.#coming?.pause();
    await this.#shown?.step();
  }

  /** A setting has changed that does not need a new run. */
  follow() {
    if (!this.#coming) {
      this.#shown?.follow(); // Otherwise, the run that comes is made with it.
    }
  }

  /** Goes to an iteration: holds there, or first makes what is missing. @param {number} iteration */
  seek(iteration) {
    if (this.#coming) {
      this.#shown?.recall(); // The run that comes is taken to this iteration.
    } else {
      this.#shown?.seek(iteration);
    }
  }

  /** @param {boolean} isSeen Whether somebody sees it. Nothing is played that nobody sees. */
  see(isSeen) {
    this.#isSeen = isSeen;
    this.#shown?.look();
    this.#tell();
  }

  /** Gives back all that it holds. It can begin again. @returns {Promise<unknown>} Settles once all is free. */
  leave() {
    const left = Promise.all([this.#coming?.leave(), this.#shown?.leave()]);
    this.#coming = undefined;
    this.#shown = undefined;
    this.#tell();
    return left;
  }
}
