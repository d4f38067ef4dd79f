// A discussion that is opened before its figure was run says so, with a button that runs it.

import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { h } from '../figure/dom.ts';

/** Connects the discussions of all figures that can be run. */
export function askToRunFirst() {
  for (const figure of document.querySelectorAll<Figure>('.exercise activation-maximization[controls]')) {
    const discussion = figure.closest('.part, .exercise')?.querySelector('details');
    const run = h('button', { type: 'button' }, 'Run it');
    const asking = h('p', { className: 'run-first' }, 'This speaks of the figure, which has not been run yet. ', run);
    discussion?.querySelector('summary')?.after(asking);
    run.addEventListener('click', () => {
      figure.scrollIntoView({ block: 'nearest' });
      figure.play();
    });
    const show = () => (asking.hidden = figure.iteration > 0);
    figure.addEventListener('step', show);
    show();
  }
}
