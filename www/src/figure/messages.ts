// What a figure says in words: to everybody, one message at a time; and to people who use a screen reader, more.

import type { Progress } from '../engine/download.ts';
import { h } from './dom.ts';

/**
 * - `remarks`: what is wrong with the attributes; nothing, when all is well.
 * - `loading`, `restarting`: what is being waited for. It is shown over the images, so that nothing moves when it comes
 *   and goes.
 * - `failed`: what went wrong, with a button to try again.
 */
type Kind = 'remarks' | 'loading' | 'restarting' | 'failed';

export class Messages {
  #keepFocus: (change: () => void) => void;
  #kind: Kind = 'remarks';
  #remarks = '';
  /** The last message that was announced. */
  #told = '';
  #message = h('p', { className: 'message' });
  #retry = h('button', { type: 'button', hidden: true }, 'Try again');
  element = h('div', { className: 'status' }, this.#message, this.#retry);
  /** What a screen reader reads out. */
  announcement = h('p', { className: 'visually-hidden', role: 'status' });

  /**
   * @param onRetry What failed is to be tried again.
   * @param keepFocus Makes a change that may hide what has the focus.
   */
  constructor(onRetry: () => void, keepFocus: (change: () => void) => void) {
    this.#keepFocus = keepFocus;
    this.#retry.addEventListener('click', onRetry);
  }

  get isLoading() {
    return this.#kind === 'loading';
  }

  /** @param remarks What is wrong with the attributes, as sentences. Said when they change. */
  remark(remarks: string) {
    if (remarks !== this.#remarks) {
      this.#remarks = remarks;
      this.settle();
    }
  }

  load({ what, bytes }: Progress) {
    this.#say('loading', `Loading the ${what} … ${(bytes / 1e6).toFixed(1)} MB`);
  }

  restart() {
    this.#say('restarting', 'Restarting the run with these settings …');
  }

  fail(message: string) {
    this.#say('failed', message);
  }

  /** There is nothing to wait for any more: says what is wrong with the attributes. */
  settle() {
    this.#say('remarks', this.#remarks);
  }

  /** Says nothing, since the person has done something else. */
  forget() {
    this.#say('remarks', '');
  }

  #say(kind: Kind, message: string) {
    const isWaiting = kind === 'loading' || kind === 'restarting';
    this.#kind = kind;
    this.#keepFocus(() => {
      this.#message.textContent = message;
      this.element.classList.toggle('failed', kind === 'failed');
      this.element.classList.toggle('waiting', isWaiting);
      this.#retry.hidden = kind !== 'failed';
    });
    // A screen reader reads that something is loaded, but not every number of megabytes.
    const words = kind === 'loading' ? message.replace(/ [\d.]+ MB$/, '') : message;
    if (words !== '' || this.announcement.textContent === this.#told) {
      this.announce(words); // An empty message removes the last one, but no other announcement.
    }
    this.#told = words;
  }

  /** Says something to people who use a screen reader. */
  announce(words: string) {
    if (this.announcement.textContent !== words) {
      this.announcement.textContent = words;
    }
  }
}
