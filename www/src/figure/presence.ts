// When a figure is to run: while it is in a document and seen or, with `loading="eager"`, whether it is seen or not.

import { Paper } from './paper.ts';
import { Visibility } from './visibility.ts';

/** Milliseconds for which an element may be out of the document, as when it is moved, and keep its run. */
const GRACE = 500;

/**
 * - `out`: it is in no document.
 * - `moving`: it was taken out of its document a moment ago. Slides and frameworks move elements about: that takes
 *   them out and puts them in again.
 * - `placed`: it is in a document, and its attributes have not been read there.
 * - `lazy`: it runs while it is seen.
 * - `unseen`: it would, but the page is on paper, and nobody had scrolled to it. To be laid out there is not to be seen.
 * - `eager`: it runs.
 */
type State = 'out' | 'moving' | 'placed' | 'lazy' | 'unseen' | 'eager';

export interface Callbacks {
  /** It is to run, or to stop for now. May say the same again. */
  onSeen: (seen: boolean) => void;
  /** The page is printed. @param deadline See `paper.ts`. @returns Settles once the figure is ready for that. */
  onPaper: (deadline: number) => Promise<unknown>;
  /** It is back on the screen. */
  onScreen: () => void;
  /** It is out of the document, and not only to be moved. */
  onLeave: () => void;
}

export class Presence {
  #callbacks: Callbacks;
  #state: State = 'out';
  #visibility: Visibility;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  paper: Paper;

  /** @param box Says where the figure is on the screen. */
  constructor(box: HTMLElement, callbacks: Callbacks) {
    this.#callbacks = callbacks;
    this.#visibility = new Visibility(box, callbacks.onSeen);
    this.paper = new Paper(
      (deadline) => {
        if (this.#state === 'lazy' && !this.#visibility.visible) {
          this.#to('unseen');
        }
        return callbacks.onPaper(deadline);
      },
      () => {
        if (this.#state === 'unseen') {
          this.#to('lazy');
        }
        callbacks.onScreen();
      },
    );
  }

  connect() {
    this.#to('placed');
    this.paper.connect();
  }

  disconnect() {
    this.paper.disconnect();
    this.#to('moving');
  }

  /** Its attributes have been read. @param eager What `loading` says. */
  watch(eager: boolean) {
    const isPlaced = this.#state === 'placed';
    const isLazy = this.#state === 'lazy' || this.#state === 'unseen';
    if (eager && (isPlaced || isLazy)) {
      this.#to('eager');
    } else if (!eager && (isPlaced || this.#state === 'eager')) {
      this.#to(this.paper.active ? 'unseen' : 'lazy');
    }
  }

  /** Looks whether it has been hidden by a style, of which no observer tells. */
  look() {
    this.#visibility.look();
  }

  #to(state: State) {
    this.#state = state;
    clearTimeout(this.#leaving);
    this.#visibility.disconnect();
    this.#callbacks.onSeen(state === 'eager');
    if (state === 'lazy') {
      this.#visibility.connect();
    } else if (state === 'moving') {
      this.#leaving = setTimeout(() => this.#to('out'), GRACE);
    } else if (state === 'out') {
      this.#callbacks.onLeave();
    }
  }
}
