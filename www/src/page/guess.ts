// A guess before a run, kept in this browser, and set against what came out.
//
//   <fieldset class="guess" id="guess-sure" data-of="three" data-needs="end">
//     <legend>…</legend>
//     <label><input type="radio" name="guess-sure" value="90%" /> 90%</label> …
//     <p class="verdict">What came out.</p>
//   </fieldset>
//
// The verdict is hidden until there is a guess, and the figure `data-of` has made the iterations that it needs. Who has
// seen it cannot guess any more.

import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { byId, h } from '../figure/dom.ts';
import { kept, keep } from './kept.ts';

/** Connects all guesses of the page. */
export function connectGuesses() {
  for (const field of document.querySelectorAll<HTMLFieldSetElement>('.guess')) {
    const figure = byId<Figure>(field.dataset.of ?? '');
    const inputs = [...field.querySelectorAll('input')];
    const verdict = field.querySelector<HTMLElement>('.verdict')!;
    const guessed = h('b');
    verdict.prepend('You guessed: ', guessed, '. ');
    const before = kept(field.id);
    let decided = false;
    for (const input of inputs) {
      input.checked = input.value === before;
    }
    const show = () => {
      const guess = inputs.find((it) => it.checked)?.value;
      guessed.textContent = guess ?? '';
      const { steps } = figure.settings;
      const least = field.dataset.needs === 'end' ? steps : Number(field.dataset.needs);
      verdict.hidden = guess === undefined || figure.iteration < least;
      decided ||= !verdict.hidden;
      for (const input of inputs) {
        input.disabled = decided;
      }
    };
    field.addEventListener('change', () => {
      keep(field.id, inputs.find((it) => it.checked)?.value ?? '');
      show();
    });
    for (const type of ['step', 'change']) {
      figure.addEventListener(type, show);
    }
    show();
  }
}
