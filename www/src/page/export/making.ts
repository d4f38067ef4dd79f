// What takes a while: one at a time is made. Its progress is said, and it can be canceled.

import type { StatusLine } from './status-line.ts';
import type { Work } from './work.ts';

/** Progress is said in steps of this much: a screen reader reads out each. */
const STEP = 0.1;

export class Making {
  #status: StatusLine;
  /** Those that begin it, which do nothing meanwhile. */
  #buttons: HTMLButtonElement[] = [];
  #busy = false;

  constructor(status: StatusLine) {
    this.#status = status;
  }

  get busy() {
    return this.#busy;
  }

  add(button: HTMLButtonElement) {
    this.#buttons.push(button);
  }

  /**
   * @param what In a sentence.
   * @param button Was pressed.
   * @returns What was made; nothing, if it was canceled, or if something else is made now.
   */
  async make<T>(what: string, button: HTMLButtonElement, make: (work: Work) => Promise<T>): Promise<T | undefined> {
    if (this.#busy) {
      return undefined;
    }
    const canceling = new AbortController();
    const { signal } = canceling;
    this.#setBusy(true);
    this.#status.offer({ words: 'Cancel', act: () => canceling.abort(), next: button });
    try {
      const made = await make({ signal, onProgress: this.#progress(what) });
      if (!signal.aborted) {
        return made;
      }
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
    } finally {
      this.#setBusy(false);
      this.#status.offer();
    }
    this.#status.say('Canceled. Nothing was saved.');
    return undefined;
  }

  #setBusy(busy: boolean) {
    this.#busy = busy;
    for (const button of this.#buttons) {
      button.setAttribute('aria-disabled', String(busy)); // Disabled, it would lose the focus.
    }
  }

  #progress(what: string) {
    let said = -1;
    const onProgress = (share: number) => {
      const step = Math.floor(share / STEP);
      if (step > said) {
        said = step;
        this.#status.say(`Making the ${what} … ${Math.round(100 * STEP * step)}%`);
      }
    };
    onProgress(0);
    return onProgress;
  }
}
