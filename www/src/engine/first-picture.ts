// Waits until the first picture has been drawn, so that downloads that it does not need do not compete with those
// that it needs. Where no picture comes, because nobody looks, the wait ends, too.

import { nextFrame, turn } from './frames.ts';

/** Milliseconds in which nothing is loaded and no picture comes, after which none is expected. */
const QUIET = 2000;

type State = 'unasked' | 'awaited' | 'there';

export class FirstPicture {
  #state: State = 'unasked';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #arrived: () => void = () => {};
  #arrival: Promise<void> = new Promise((resolve) => (this.#arrived = resolve));

  /** Settles when the first picture has been drawn, or is not expected any more. */
  wait() {
    if (this.#state === 'unasked') {
      this.#state = 'awaited';
      this.loading();
    }
    return this.#arrival;
  }

  /** Something is being loaded: a picture may need it. */
  loading() {
    if (this.#state === 'awaited') {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.skip(), QUIET);
    }
  }

  /** Images have been computed: by the end of the next animation frame the page has drawn them. */
  async computed() {
    if (this.#state === 'there') {
      return;
    }
    // In a tab that nobody sees there is no animation frame, and in Node none at all.
    if (globalThis.document?.visibilityState === 'visible') {
      await nextFrame();
    }
    await turn();
    this.skip();
  }

  /** Ends the wait. */
  skip() {
    clearTimeout(this.#timer);
    this.#state = 'there';
    this.#arrived();
  }
}
