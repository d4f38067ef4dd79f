// The cards with curves: the loss and the probability of all networks and images of a figure, at every iteration.

import type { Objective } from '../engine/task.ts';
import type { Experiment } from '../player/experiment.ts';
import type { Config } from '../settings/config.ts';
import { type CardClass, card } from './card.ts';
import { Chart } from './chart.ts';
import { h } from './dom.ts';
import type { Spoken } from './spoken.ts';
import { hasTarget, isOfDigits, lossWords } from './words-of-objectives.ts';

export class Charts {
  #loss: Chart;
  #probability: Chart;
  #log = h('input', { type: 'checkbox', name: 'log' });
  #lossCard: ReturnType<typeof card>;
  /** In the order in which they stand on the page. */
  cards: (CardClass & { element: HTMLElement })[];

  /** @param onLog A person wants the loss on a logarithmic scale, or no longer. */
  constructor(onLog: (log: boolean) => void, spoken: Spoken) {
    this.#loss = new Chart('Loss', spoken);
    this.#probability = new Chart('Probability of the digit', spoken, 1);
    this.#log.addEventListener('change', () => onLog(this.#log.checked));
    this.#lossCard = card(
      'Loss',
      lossWords('target-probability', false, false),
      this.#loss.element,
      h('label', { className: 'switch' }, this.#log, ' logarithmic scale'),
    );
    const probability = card(
      'Probability of the digit',
      'What the network gives to the digit that is asked for, at every iteration.',
      this.#probability.element,
    );
    this.cards = [
      { part: 'loss', element: this.#lossCard.element },
      { part: 'probability', suits: isOfDigits, element: probability.element },
    ];
  }

  connect() {
    this.#loss.connect();
    this.#probability.connect();
  }

  disconnect() {
    this.#loss.disconnect();
    this.#probability.disconnect();
  }

  /** Draws them with the colors of the style sheet as they are now. */
  recolor() {
    this.#loss.recolor();
    this.#probability.recolor();
  }

  /** Says what the loss is, and what is to be reached. */
  explain(objective: Objective, { l1, l2, tv, distance, density, diversity, log, steps, target }: Config) {
    const penalized = [l1, l2, tv, distance, density, diversity].some((it) => it > 0);
    this.#lossCard.caption.textContent = lossWords(objective, penalized, log);
    this.#log.checked = log;
    this.#loss.log = log;
    this.#loss.expect(steps);
    this.#probability.expect(steps, hasTarget(objective) ? target : undefined);
  }

  /** Replaces all curves. @param names Of the networks. */
  arrange(names: string[], digits: number[]) {
    const series = seriesOf(names, digits);
    this.#loss.arrange(series);
    this.#probability.arrange(series);
  }

  /** @param at The iteration on show, if not the last. */
  draw({ networkResults, iteration }: Experiment, at?: number) {
    this.#loss.draw(networkResults.flatMap(({ history }) => history.losses), iteration, at);
    this.#probability.draw(networkResults.flatMap(({ history }) => history.probabilities), iteration, at);
  }
}

/** One curve for each image of each network. */
function seriesOf(names: string[], digits: number[]) {
  return names.flatMap((kind, network) => digits.map((digit) => ({ kind, digit, network })));
}
