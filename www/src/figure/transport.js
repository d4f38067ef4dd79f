// @ts-check
// What drives a figure: run, step, reset, pace, and the timeline.

import { h } from './dom.js';
import { segments } from './fields.js';

/** @typedef {import('../settings/config.js').Pace} Pace */
/** @typedef {import('../player/states.js').ShownState} State */

/** What the button says that runs, pauses and runs again. */
const RUN = { playing: 'Pause', paused: 'Run', done: 'Run again' };

export class Transport {
  #spoken;
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

  /**
   * @param {object} callbacks
   * @param {() => void} callbacks.onRun
   * @param {() => void} callbacks.onStep
   * @param {() => void} callbacks.onReset
   * @param {(pace: Pace) => void} callbacks.onPace
   * @param {(iteration: number) => void} callbacks.onSeek
   * @param {import('./spoken.js').Spoken} spoken
   */
  constructor({ onRun, onStep, onReset, onPace, onSeek }, spoken) {
    this.#spoken = spoken;
    this.#run.addEventListener('click', onRun);
    this.#step.addEventListener('click', onStep);
    this.#reset.addEventListener('click', onReset);
    this.#slider.addEventListener('input', () => onSeek(this.#slider.valueAsNumber));
    this.#pace.element.addEventListener('change', (event) =>
      onPace(/** @type {Pace} */ (/** @type {HTMLInputElement} */ (event.target).value)),
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

  /** @param {State} state */
  showState(state) {
    this.#run.textContent = RUN[state];
  }

  /** @param {Pace} pace */
  showPace(pace) {
    this.#pace.choose(pace);
  }

  /**
   * @param {number} iteration On show.
   * @param {number} made
   * @param {number} end Where the run ends.
   * @param {number} speed Iterations a second, 0 if it is not known.
   */
  showIteration(iteration, made, end, speed) {
    const last = Math.max(end, made); // Single steps lead further than a run.
    this.#slider.max = String(last);
    this.#slider.valueAsNumber = iteration;
    this.#spoken.say(this.#slider, 'aria-valuetext', `iteration ${iteration} of ${last}`);
    this.#words.replaceChildren('Iteration ', h('b', {}, String(iteration)), ` of ${last}`);
    this.#speed.textContent = speed > 0 ? `${Math.round(speed)} a second` : '';
  }
}
