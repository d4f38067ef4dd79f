// @ts-check
// A line for screen readers. They read out every change of it, so it changes only when nothing has happened for a while.

import { h } from '../../figure/dom.js';

/** Milliseconds without news. */
const REST = 700;

export class Spoken {
  element = h('p', { className: 'visually-hidden', role: 'status' });
  #words;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => string | undefined} words What there is to say; nothing, as long as there is no rest. */
  constructor(words) {
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
