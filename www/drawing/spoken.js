// @ts-check
// A line for screen readers, which read out every change of it. It therefore changes only when what
// it tells of has come to rest.

import { h } from '../dom.js';

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
