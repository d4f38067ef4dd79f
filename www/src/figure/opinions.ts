// The second opinion: what the other networks make of the images. That they agree proves little: adversarial patterns
// transfer (Szegedy et al., "Intriguing properties of neural networks", 2014).

import { messageOf } from '../engine/errors.ts';
import { networkNames, titleOf } from '../engine/networks.ts';
import type { Objective } from '../engine/task.ts';
import type { NetworkResult } from '../player/experiment.ts';
import type { Moment, Room } from './card.ts';
import { h } from './dom.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { LONGEST, UNKNOWN, reserve } from './reserved.ts';
import { layerAsked, neuronOrChannel } from './words-of-objectives.ts';
import { mean, percent } from './words.ts';

export class Opinions {
  static part = 'opinions';
  #title = h('p', { className: 'title' });
  #words = h('p', { className: 'caption' });
  #body = h('tbody');
  #head = h('tr');
  #questions = new OneAtATime();
  element = h(
    'section',
    { className: 'card' },
    this.#title,
    this.#words,
    h(
      'div',
      // There may be more networks than a phone is wide.
      { className: 'sideways', tabIndex: 0, role: 'group', 'aria-label': 'What each network reads' },
      h('table', { className: 'opinions' }, h('thead', {}, this.#head), this.#body),
    ),
  );

  arrange({ name, digits, objective }: Room) {
    const judges = [name, ...networkNames().map(titleOf).filter((it) => it !== name)];
    const asked = digits.length * (judges.length - 1);
    this.#title.textContent = title(name);
    reserve(this.#words, said(layerAsked(objective) === undefined, LONGEST.percent, asked, asked));
    if (this.#body.rows.length !== digits.length) {
      const unknown = { words: `${UNKNOWN} (${LONGEST.percent.replace(/\d/g, UNKNOWN)})`, right: false };
      this.#fill(judges, digits, digits.map(() => judges.map(() => unknown)), objective);
    }
  }

  /** Asks the other networks. */
  draw({ experiment, networkResult, iteration }: Moment) {
    this.#questions.ask(async () => {
      try {
        const opinions = await experiment.opinions(networkResult, iteration);
        this.#show(experiment.digits, networkResult, iteration, opinions);
      } catch (error) {
        this.#words.textContent = messageOf(error);
        throw error;
      }
    });
  }

  #show(
    digits: number[],
    { name, history, begin }: NetworkResult,
    iteration: number,
    opinions: { name: string; probabilities: number[][] }[],
  ) {
    const objective = begin.objective ?? 'target-probability';
    const isDigit = layerAsked(objective) === undefined;
    this.#title.textContent = title(name);
    const own = digits.map((_, row) => history.said(row, iteration).probabilities);
    const judges = [{ name, probabilities: own }, ...opinions];
    const rows = digits.map((digit, row) =>
      judges.map(({ probabilities }) => {
        const ten = probabilities[row];
        const choice = ten.indexOf(Math.max(...ten));
        return { words: `${choice} (${percent(ten[choice])})`, right: isDigit && ten[digit] > 0.5 };
      }),
    );
    this.#fill(judges.map((it) => it.name), digits, rows, objective);
    if (isDigit) {
      const given = opinions.flatMap((it) => digits.map((digit, row) => it.probabilities[row][digit]));
      const agreed = given.filter((it) => it > 0.5).length;
      this.#words.textContent = said(true, percent(mean(given)), agreed, given.length);
    } else {
      this.#words.textContent = said(false, '', 0, 0);
    }
  }

  /**
   * @param rows One a digit, with a cell for each judge.
   * @param objective Where it is that of a neuron or channel, no answer is right.
   */
  #fill(judges: string[], digits: number[], rows: { words: string; right: boolean }[][], objective: Objective) {
    const layer = layerAsked(objective);
    this.#head.replaceChildren(
      h('th', { scope: 'col' }, layer === undefined ? 'image' : neuronOrChannel(layer)),
      ...judges.map((name) => h('th', { scope: 'col' }, h('span', { title: name }, name))),
    );
    this.#body.replaceChildren(
      ...rows.map((cells, row) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, String(digits[row])),
          ...cells.map(({ words, right }) => h('td', { className: right ? 'right' : '' }, words)),
        ),
      ),
    );
  }
}

function title(name: string) {
  return `Second opinion: made for the ${name}`;
}

/**
 * @param given What the other networks give to the digits that the images are made for, on average.
 * @param agreed How often that is more than a half.
 * @param asked Of how many.
 */
function said(isDigit: boolean, given: string, agreed: number, asked: number) {
  return isDigit
    ? `What each network reads. To the digit that an image was made for, the others give ${given} on average. In ${agreed} ` +
        `of ${asked} cases it is more than a half. That proves little: what misleads one network often misleads others.`
    : 'What each network reads in it.';
}
