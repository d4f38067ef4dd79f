// The address of the page says what the laboratory shows, once a person has done something there.

import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { settingsOnShow } from '../player/on-show.ts';
import { writeConfig } from '../settings/config.ts';

/**
 * Milliseconds without a change before it is written. Browsers allow 100 changes of an address in 30
 * seconds, and a slider makes as many in one.
 */
const REST = 500;
/** Milliseconds until the next try, after the browser has refused: there were too many changes. */
const LATER = 10_000;

export class LabAddress {
  #figure: Figure;
  /** Whether a person has done something since the address was followed. */
  #touched = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(figure: Figure) {
    this.#figure = figure;
    figure.addEventListener('change', () => {
      this.#touched = true;
      this.#wait(REST);
    });
    // What a person asked for is drawn later: the start of a run, or the iteration after a step.
    figure.addEventListener('step', () => {
      if (this.#touched && figure.state !== 'playing') {
        this.#wait(REST);
      }
    });
    figure.addEventListener('done', () => this.#touched && this.#wait(REST));
    addEventListener('pagehide', () => this.#timer !== undefined && this.#write());
  }

  /** Another address is followed: nothing is written any more of what was before. */
  forget() {
    this.#touched = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param time Milliseconds. */
  #wait(time: number) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), time);
  }

  #write() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const hash = `#${writeConfig(settingsOnShow(this.#figure))}`;
    try {
      if (hash !== location.hash) {
        history.replaceState(null, '', hash);
      }
    } catch {
      this.#wait(LATER);
    }
  }
}
