// The second opinion: what the other networks make of the images. An image that one network is sure
// of, and no other, is an adversarial pattern.

import { messageOf } from '../engine/errors.ts';
import { networkNames, titleOf } from '../engine/networks.ts';
import type { Objective } from '../engine/task.ts';
import type { NetworkResult } from '../player/experiment.ts';
import type { Moment, Room } from './card.ts';
import { h } from './dom.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { LONGEST, UNKNOWN, reserve } from './reserved.ts';
import { layerAsked, neuronOrChannel } from './words-of-objectives.ts';
import { percent } from './words.ts';

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
    reserve(this.#words, said(layerAsked(objective) === undefined, asked, asked));
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
        return { words: `${choice} (${percent(ten[choice])})`, right: isDigit && choice === digit };
      }),
    );
    this.#fill(judges.map((it) => it.name), digits, rows, objective);
    const agreed = rows.flatMap(([, ...others]) => others).filter(({ right }) => right).length;
    this.#words.textContent = said(isDigit, agreed, digits.length * opinions.length);
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

function said(isDigit: boolean, agreed: number, asked: number) {
  return isDigit
    ? `What each network reads. The others agree on ${agreed} of ${asked}. What one network is sure ` +
        `of and no other is an adversarial pattern, not a digit.`
    : 'What each network reads in it.';
}
