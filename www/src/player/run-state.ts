// The state of one run, for those who change it and those who wait for it to change.

import { type Event, type State, after } from './states.ts';

export class RunState {
  #value: State = 'idle';
  #onChange: () => void;
  #waiting = new Set<() => void>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get value() {
    return this.#value;
  }

  /** Changes the state: nothing else does. @param event Throws if it may not happen now. */
  to(event: Event) {
    this.#value = after(this.#value, event);
    this.look();
    this.#onChange();
  }

  /** Those who wait are to look again: the state has changed, or whether somebody sees the run. */
  look() {
    this.#waiting.forEach((wake) => wake());
  }

  /**
   * Waits for the next change.
   *
   * @param timeout Milliseconds after which it waits no longer.
   * @returns Whether something has changed.
   */
  change(timeout?: number): Promise<boolean> {
    return new Promise((resolve) => {
      const wake = (changed = true) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(changed);
      };
      const timer = timeout === undefined ? undefined : setTimeout(wake, timeout, false);
      this.#waiting.add(wake);
    });
  }
}
