// What a figure shows on paper: the last iteration, if nobody has seen the figure yet. It is computed at once.

import type { Begun } from '../player/playback.ts';
import { type Config, stepSettingsOf } from '../settings/config.ts';
import { begin } from './begin.ts';
import type { View } from './view.ts';

/** Iterations at a time when nobody waits. */
const AT_ONCE = 50;

/** One figure after another: if time runs out, some are finished. */
let last: Promise<unknown> = Promise.resolve();

export class Printout {
  #view: View;
  #onError: (error: unknown) => void;
  #making: Promise<void> | undefined;

  constructor(view: View, onError: (error: unknown) => void) {
    this.#view = view;
    this.#onError = onError;
  }

  /**
   * Draws the end of a run, or says what is missing.
   *
   * @param deadline See `makeFinished`.
   * @param isWanted Whether it is still to be printed.
   */
  make(config: Config, deadline: number, isWanted: () => boolean) {
    if (!isWanted()) {
      return;
    }
    this.#view.excuse();
    const show = (begun: Begun) => {
      this.#view.arrange(begun);
      this.#view.draw(begun.experiment, 0);
    };
    this.#making ??= makeFinished(config, deadline, isWanted, show)
      .catch(this.#onError)
      .finally(() => (this.#making = undefined));
  }
}

/**
 * Makes what a configuration asks for, to its end, beside whatever is played.
 *
 * @param deadline Until then the browser waits, and iterations are made without a pause; later, with pauses.
 * @param isWanted Whether the result is still wanted.
 * @param show The experiment is freed afterward.
 * @returns Rejects, in words for people, when something cannot be had.
 */
async function makeFinished(
  config: Config,
  deadline: number,
  isWanted: () => boolean,
  show: (begun: Begun) => void,
): Promise<void> {
  const begun = await begin(() => config);
  const { experiment } = begun;
  const make = async () => {
    try {
      const { at, steps } = config;
      const settings = stepSettingsOf(config);
      await experiment.advance(0, settings);
      for (let left = Math.min(at ?? steps, steps); left > 0 && isWanted(); ) {
        // Before the deadline, there are only microtasks: with a task in between, the browser would print at once.
        const count = performance.now() < deadline ? 1 : Math.min(left, AT_ONCE);
        if (count > 1) {
          await new Promise((resolve) => setTimeout(resolve));
        }
        await experiment.advance(count, settings);
        left -= count;
      }
      if (isWanted()) {
        show(begun);
      }
    } finally {
      experiment.free();
    }
  };
  const made = last.then(make);
  last = made.catch(() => {});
  return made;
}
