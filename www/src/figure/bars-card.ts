// What a network says of its images, before and after: of one image all ten probabilities, of several each one's own.

import { ALL_DIGITS } from '../settings/config.ts';
import { Bars, barsLegend } from './bars.ts';
import { type Moment, type Room, card } from './card.ts';
import type { Spoken } from './spoken.ts';
import { hasTarget, layerAsked, nameOf } from './words-of-objectives.ts';
import { iterations } from './words.ts';

export class BarsCard {
  static part = 'bars';
  #bars: Bars;
  #legend = barsLegend();
  #card: ReturnType<typeof card>;
  element: HTMLElement;

  constructor(spoken: Spoken) {
    this.#bars = new Bars(spoken);
    this.#card = card('', '', this.#bars.element, this.#legend.element);
    this.element = this.#card.element;
  }

  arrange({ name, several, digits, objective, config: { row, steps, target } }: Room) {
    const ofLayer = layerAsked(objective) !== undefined;
    const isOne = digits.length === 1 || ofLayer || row !== undefined;
    const aim = nameOf(objective, digits[row ?? 0] ?? digits[0]);
    this.#card.title.textContent = `Probabilities, before and after${several ? `: ${name}` : ''}`;
    this.#bars.keep(
      isOne ? ofOne(name, aim, steps) : ofSeveral(name),
      (isOne ? ALL_DIGITS : digits).map((digit) => ({ digit, wanted: !isOne || (!ofLayer && digit === digits[row ?? 0]) })),
      hasTarget(objective) ? target : undefined,
    );
    this.#legend.target.hidden = !hasTarget(objective);
  }

  draw(
    { experiment: { digits, ofLayer }, networkResult: { name, history, begin }, iteration, config: { row, target } }: Moment,
  ) {
    const objective = begin.objective ?? 'target-probability';
    const mark = hasTarget(objective) ? target : undefined;
    const one = digits.length === 1 || ofLayer ? (row ?? 0) : row;
    if (one === undefined) {
      this.#bars.draw(
        ofSeveral(name),
        digits.map((digit, index) => ({
          digit,
          before: history.probabilities[index][0],
          after: history.probabilities[index][iteration],
          wanted: true,
        })),
        mark,
      );
      return;
    }
    const before = history.said(one, 0).probabilities;
    this.#bars.draw(
      ofOne(name, nameOf(objective, digits[one]), iteration),
      history.said(one, iteration).probabilities.map((after, digit) => ({
        digit,
        before: before[digit],
        after,
        wanted: !ofLayer && digit === digits[one],
      })),
      mark,
    );
  }
}

/** The caption of the bars of one image. */
function ofOne(name: string, aim: string, iteration: number) {
  return `What the ${name} says of the image for ${aim}, after ${iterations(iteration)}.`;
}

/** The caption of the bars of several images. */
function ofSeveral(name: string) {
  return `What the ${name} gives each image for its own digit. Choose an image to see all of its ten.`;
}
