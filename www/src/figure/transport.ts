// What drives a figure: run, step, reset, pace, and the timeline.

import type { ShownState as State } from '../player/states.ts';
import type { Pace } from '../settings/config.ts';
import { h } from './dom.ts';
import { segments } from './fields.ts';
import type { Spoken } from './spoken.ts';

/** What the button says that runs, pauses and runs again. */
const RUN = { playing: 'Pause', paused: 'Run', done: 'Run again' };

export class Transport {
  #spoken: Spoken;
  #run = h('button', { type: 'button', className: 'primary run', disabled: true }, RUN.paused);
  #step = h('button', { type: 'button', className: 'step', disabled: true }, 'One step');
  #reset = h('button', { type: 'button', className: 'reset', disabled: true }, 'Reset');
  #pace = segments('pace', 'Pace', [
    ['slow', 'Slow'],
    ['normal', 'Normal'],
    ['full', 'Full speed'],
  ]);
  #slider = h('input', {
    type: 'range',
    className: 'timeline-slider',
    min: '0',
    max: '0', // With more, its thumb would stand in the middle until there is something to show.
    value: '0',
    step: '1',
    'aria-label': 'Iteration on show',
  });
  #words = h('span', { className: 'iteration' });
  #speed = h('span', { className: 'speed' });
  timeline = h('div', { className: 'timeline' }, this.#slider, this.#words, this.#speed);
  element = h('div', { className: 'transport' }, this.#run, this.#step, this.#reset, this.#pace.element);

  constructor(
    { onRun, onStep, onReset, onPace, onSeek }: {
      onRun: () => void;
      onStep: () => void;
      onReset: () => void;
      onPace: (pace: Pace) => void;
      onSeek: (iteration: number) => void;
    },
    spoken: Spoken,
  ) {
    this.#spoken = spoken;
    this.#run.addEventListener('click', onRun);
    this.#step.addEventListener('click', onStep);
    this.#reset.addEventListener('click', onReset);
    this.#slider.addEventListener('input', () => onSeek(this.#slider.valueAsNumber));
    this.#pace.element.addEventListener('change', (event) =>
      onPace((event.target as HTMLInputElement).value as Pace),
    );
  }

  get parts() {
    return {
      timeline: this.timeline,
      run: this.#run,
      step: this.#step,
      reset: this.#reset,
      pace: this.#pace.element,
    };
  }

  /** There is an experiment to drive: enables the buttons. */
  enable() {
    for (const button of [this.#run, this.#step, this.#reset]) {
      button.disabled = false;
    }
  }

  showState(state: State) {
    this.#run.textContent = RUN[state];
  }

  showPace(pace: Pace) {
    this.#pace.choose(pace);
  }

  /**
   * @param iteration On show.
   * @param end Where the run ends.
   * @param speed Iterations a second, 0 if it is not known.
   */
  showIteration(iteration: number, made: number, end: number, speed: number) {
    const last = Math.max(end, made); // Single steps lead further than a run.
    this.#slider.max = String(last);
    this.#slider.valueAsNumber = iteration;
    this.#spoken.say(this.#slider, 'aria-valuetext', `iteration ${iteration} of ${last}`);
    this.#words.replaceChildren('Iteration ', h('b', {}, String(iteration)), ` of ${last}`);
    this.#speed.textContent = speed > 0 ? `${Math.round(speed)} a second` : '';
  }
}
