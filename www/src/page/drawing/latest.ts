// Work on something that changes faster than the work can be done: at most once an animation frame, one at a time, and
// always once more after the last change.

type State = 'at rest' | 'waits for a frame' | 'works' | 'works, and is behind';

export class Latest {
  #work: () => Promise<void>;
  #state: State = 'at rest';

  /** @param work Does not reject. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Whether all that was asked for is done. */
  get isDone() {
    return this.#state === 'at rest';
  }

  /** Asks for the work to be done with what there is in the next frame, or later. */
  ask() {
    if (this.#state === 'at rest') {
      this.#wait();
    } else if (this.#state === 'works') {
      this.#state = 'works, and is behind';
    }
  }

  #wait() {
    this.#state = 'waits for a frame';
    requestAnimationFrame(() => this.#begin());
  }

  async #begin() {
    this.#state = 'works';
    await this.#work();
    // `ask` may have changed the state meanwhile, which TypeScript cannot know.
    const isBehind = (this.#state as State) === 'works, and is behind';
    this.#state = 'at rest';
    if (isBehind) {
      this.#wait();
    }
  }
}
