// A line for screen readers. They read out every change of it, so it changes only when nothing has happened for a while.

import { h } from '../../figure/dom.ts';

/** Milliseconds without news. */
const REST = 700;

export class Spoken {
  element = h('p', { className: 'visually-hidden', role: 'status' });
  #words: () => string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param words What there is to say; nothing, as long as there is no rest. */
  constructor(words: () => string | undefined) {
    this.#words = words;
  }

  /** There is news: it is said once there has been no more for a while. */
  news() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const words = this.#words();
      if (words === undefined) {
        this.news();
      } else {
        this.element.textContent = words;
      }
    }, REST);
  }
}
