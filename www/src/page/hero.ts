// The first figure: one noise, two networks, and one digit after another. It can be stopped, and does not move by
// itself where less motion is wanted.

import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { byId } from '../figure/dom.ts';
import { percent } from '../figure/words.ts';

/** The robust network's most legible ones first. */
const DIGITS = [9, 0, 3, 8, 5, 2, 4, 6, 7, 1];
/** Milliseconds for which finished images stand. */
const REST = 3000;

/** Connects it. */
export function hero() {
  const figure = byId<Figure>('hero');
  const said = document.querySelectorAll<HTMLElement>('.hero-said');
  const together = byId('hero-together');
  const stop = byId<HTMLButtonElement>('hero-stop');
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  let goesOn = !isStill;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const say = () => {
    const [digit] = figure.settings.digits;
    const results = figure.experiment?.networkResults ?? [];
    const choices = results.map(({ history }, index) => {
      const { probabilities } = history.said(0, figure.settings.at ?? figure.iteration);
      const choice = probabilities.indexOf(Math.max(...probabilities));
      said[index].textContent = `${percent(probabilities[choice])} sure: ${choice}`;
      return choice;
    });
    together.textContent = choices.every((it) => it === digit) ? `Both networks say ${digit}.` : `Both are asked for ${digit}.`;
  };
  const next = () => {
    clearTimeout(resting);
    const [digit] = figure.settings.digits;
    const following = DIGITS[(DIGITS.indexOf(digit) + 1) % DIGITS.length];
    figure.settings = { ...figure.settings, digits: [following], at: isStill ? figure.settings.steps : undefined };
  };
  const show = () => (stop.textContent = goesOn ? 'Pause' : 'Play');

  figure.addEventListener('step', say);
  figure.addEventListener('done', () => {
    if (goesOn) {
      resting = setTimeout(next, REST);
    }
  });
  stop.addEventListener('click', () => {
    goesOn = !goesOn;
    clearTimeout(resting);
    if (goesOn && figure.state === 'done') {
      next();
    } else if (goesOn) {
      figure.play();
    } else {
      figure.pause();
    }
    show();
  });
  byId('hero-next').addEventListener('click', next);
  if (isStill) {
    figure.seek(figure.settings.steps);
    stop.hidden = true;
  }
  show();
}
