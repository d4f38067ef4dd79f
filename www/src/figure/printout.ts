// What a figure shows on paper: the last iteration, if nobody has seen the figure yet, or if the page asks for it. It is
// computed at once.

import type { Begun } from '../player/playback.ts';
import type { Player } from '../player/player.ts';
import { type Config, stepSettingsOf } from '../settings/config.ts';
import { begin } from './begin.ts';
import { type Paper, printed } from './paper.ts';
import type { View } from './view.ts';

/** Iterations at a time when nobody waits. */
const AT_ONCE = 50;

/** One figure after another: if time runs out, some are finished. */
let last: Promise<unknown> = Promise.resolve();

/** The figure that is printed. */
export interface Printed {
  element: Element;
  player: Player;
  /** Whether it only shows the start of a run. */
  onlyStands: boolean;
}

export class Printout {
  #view: View;
  #onError: (error: unknown) => void;
  #making: Promise<void> | undefined;
  /** Whether the end of a run is on show, in place of the run that the figure is at. */
  #isShown = false;

  constructor(view: View, onError: (error: unknown) => void) {
    this.#view = view;
    this.#onError = onError;
  }

  /**
   * Draws the end of a run, or says what is missing.
   *
   * @param deadline See `makeFinished`.
   * @returns Settles once it is drawn.
   */
  async make(config: Config, deadline: number, paper: Paper, { element, player, onlyStands }: Printed): Promise<void> {
    const asked = printed(element);
    const isOfStart = asked === 'ends' && onlyStands; // A figure of nothing but noise.
    const isOfEnd = paper.isAllPages || (asked === 'ends' && !isOfStart);
    const isUnfinished = () => this.#view.isWaiting || (isOfEnd && player.state !== 'done' && !this.#isShown);
    const isWanted = () => asked !== 'none' && paper.active && element.isConnected && isUnfinished();
    if (!isWanted()) {
      return;
    }
    this.#view.excuse();
    const show = (begun: Begun) => {
      this.#view.arrange(begun);
      this.#view.draw(begun.experiment, 0);
      this.#isShown = player.begun;
    };
    this.#making ??= makeFinished(isOfStart ? { ...config, at: 0 } : config, deadline, isWanted, show)
      .catch(this.#onError)
      .finally(() => (this.#making = undefined));
    await this.#making;
  }

  get isShown() {
    return this.#isShown;
  }

  /** The page is back on the screen. @param showAgain Shows the figure's own run, in place of its end. */
  putAway(showAgain: () => void) {
    if (this.#isShown) {
      this.#isShown = false;
      showAgain();
    }
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
      await experiment.loadTypical().catch(() => {}); // Without it, it is not known how the images compare.
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
