// A line that says what happened, and beside it a button for what can be done about it.

import { h } from '../../figure/dom.ts';

/** What can be done. */
export interface Remedy {
  words: string;
  act: () => void;
  /** Gets the focus from the button, once that goes. */
  next: HTMLElement;
}

export class StatusLine {
  #said = h('p', { className: 'save-status', role: 'status' });
  #button = h('button', { type: 'button', hidden: true });
  #remedy: Remedy | undefined;
  element = h('div', { className: 'save-line' }, this.#said, this.#button);

  constructor() {
    this.#button.addEventListener('click', ({ detail }) => {
      // The second click of a double click was meant for what stood here at the first.
      if (detail < 2) {
        this.#remedy?.act();
      }
    });
  }

  say(words: string) {
    this.#said.textContent = words;
  }

  /** Replaces what was offered before; by nothing, if there is nothing to do. */
  offer(remedy?: Remedy) {
    if (!remedy && document.activeElement === this.#button) {
      this.#remedy?.next.focus();
    }
    this.#remedy = remedy;
    this.#button.hidden = !remedy;
    this.#button.textContent = remedy?.words ?? '';
  }
}
