// Plays what a configuration asks for. A new run takes the place of the one on show once it is there: until then, that
// one goes on. Knows of no page.

import { type Begun, type Callbacks, Playback } from './playback.ts';
import { type ShownState, allows, shownAs } from './states.ts';

export type Shared = Omit<Callbacks, 'isSeen' | 'onBegin' | 'onState'>;

export interface Own {
  onBegin: (begun: Begun) => void;
  onState: (state: ShownState) => void;
}

export class Player {
  #callbacks: Shared & Own;
  #isSeen = false;
  /** The run on show. */
  #shown: Playback | undefined;
  /** The run that will take its place. */
  #coming: Playback | undefined;

  /** @param callbacks Of the run on show; errors, of any. */
  constructor(callbacks: Shared & Own) {
    this.#callbacks = callbacks;
  }

  get experiment() {
    return this.#shown?.experiment;
  }

  get state(): ShownState {
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
   * @param plays Whether to play it. It is taken to the iteration on show in any case.
   * @returns Settles once it is there, has failed, or is not wanted any more. Never rejects.
   */
  async begin(plays: boolean): Promise<void> {
    this.#coming?.leave();
    if (this.#shown?.state === 'loading') {
      this.#shown.pause(); // It is not worth playing any more.
    }
    const { onFrame, onDone, onSlow, ...callbacks } = this.#callbacks;
    const ifShown = (act: () => void) => () => coming === this.#shown && act();
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

  /** Puts a run in the place of the one on show, whose last snapshot is awaited. */
  async #show(coming: Playback, begun: Begun) {
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

  /** @returns Settles once the run stands still. Never rejects. */
  async pause(): Promise<void> {
    this.#coming?.pause();
    await this.#shown?.pause();
  }

  /** Makes one iteration, after a restart that is under way. @returns Settles once it is made. Never rejects. */
  async step(): Promise<void> {
    this.#coming?.pause();
    await this.#shown?.step();
  }

  /** A setting has changed that does not need a new run. */
  follow() {
    if (!this.#coming) {
      this.#shown?.follow(); // Otherwise, the run that comes is made with it.
    }
  }

  /** Goes to an iteration: holds there, or first makes what is missing. */
  seek(iteration: number) {
    if (this.#coming) {
      this.#shown?.recall(); // The run that comes is taken to this iteration.
    } else {
      this.#shown?.seek(iteration);
    }
  }

  /** @param isSeen Whether somebody sees it. Nothing is played that nobody sees. */
  see(isSeen: boolean) {
    this.#isSeen = isSeen;
    this.#shown?.look();
    this.#tell();
  }

  /** Gives back all that it holds. It can begin again. @returns Settles once all is free. */
  leave(): Promise<unknown> {
    const left = Promise.all([this.#coming?.leave(), this.#shown?.leave()]);
    this.#coming = undefined;
    this.#shown = undefined;
    this.#tell();
    return left;
  }
}
