// Where a file is chosen, and what becomes of it: progress, or what is wrong with it. What is dropped
// comes from dropped-files.ts.

import { h } from '../../figure/dom.ts';

export class DropZone {
  #file = h('input', { type: 'file', accept: '.safetensors,.pt,.pth', hidden: true });
  #choose = h('button', { type: 'button', className: 'choose' }, 'Choose a file …');
  #progress = h('progress', { 'aria-label': 'Tried so far' });
  #stop = h('button', { type: 'button' }, 'Stop');
  #working = h('div', { className: 'working', hidden: true }, this.#progress, this.#stop);
  #said = h('p', { className: 'caption said', role: 'status' });
  #error = h('p', { className: 'wrong', role: 'alert' });
  element: HTMLDivElement;

  constructor({ onFile, onStop }: { onFile: (file: File) => void; onStop: () => void }) {
    this.element = h(
      'div',
      { className: 'drop-zone' },
      h(
        'p',
        { className: 'invitation' },
        this.#choose,
        h('span', { className: 'caption' }, 'or drop it anywhere on the page: .safetensors, .pt, .pth'),
      ),
      this.#file,
      this.#working,
      this.#said,
      this.#error,
    );
    this.#choose.addEventListener('click', () => this.#file.click());
    this.#stop.addEventListener('click', onStop);
    this.#file.addEventListener('change', () => {
      const [file] = this.#file.files ?? [];
      if (file) {
        onFile(file);
      }
      this.#file.value = ''; // So that the same can be chosen again.
    });
  }

  say(words: string) {
    this.#said.textContent = words;
    this.#error.textContent = '';
    this.#working.hidden = true;
  }

  /** What went wrong. */
  complain(words: string) {
    this.say('');
    this.#error.textContent = words;
  }

  /**
   * Work goes on.
   *
   * @param share How much of it is done, 0 to 1, if that is known.
   */
  work(words: string, share?: number) {
    if (this.#said.textContent !== words) {
      this.say(words); // Once: a screen reader reads out each.
    }
    this.#working.hidden = false;
    if (share !== undefined) {
      this.#progress.value = share;
    } else {
      this.#progress.removeAttribute('value');
    }
  }

  /** Takes the focus, from a button that is about to be hidden. */
  focus() {
    this.#choose.focus({ preventScroll: true });
  }
}
