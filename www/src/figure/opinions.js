// @ts-check
// The second opinion: what the other networks make of the images. An image that one network is sure
// of, and no other, is an adversarial pattern.

import { messageOf } from '../engine/errors.js';
import { networkNames, titleOf } from '../engine/networks.js';
import { h } from './dom.js';
import { OneAtATime } from './one-at-a-time.js';
import { LONGEST, UNKNOWN, reserve } from './reserved.js';
import { layerAsked, neuronOrChannel } from './words-of-objectives.js';
import { percent } from './words.js';

/** @typedef {import('../player/experiment.js').NetworkResult} NetworkResult */
/** @typedef {import('../engine/run.js').Objective} Objective */

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

  /** @param {import('./card.js').Room} room */
  arrange({ name, digits, objective }) {
    const judges = [name, ...networkNames().map(titleOf).filter((it) => it !== name)];
    const asked = digits.length * (judges.length - 1);
    this.#title.textContent = title(name);
    reserve(this.#words, said(layerAsked(objective) === undefined, asked, asked));
    if (this.#body.rows.length !== digits.length) {
      const unknown = { words: `${UNKNOWN} (${LONGEST.percent.replace(/\d/g, UNKNOWN)})`, right: false };
      this.#fill(judges, digits, digits.map(() => judges.map(() => unknown)), objective);
    }
  }

  /** Asks the other networks. @param {import('./card.js').Moment} moment */
  draw({ experiment, networkResult, iteration }) {
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

  /**
   * @param {number[]} digits
   * @param {NetworkResult} networkResult
   * @param {number} iteration
   * @param {{ name: string, probabilities: number[][] }[]} opinions
   */
  #show(digits, { name, history, begin }, iteration, opinions) {
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
   * @param {string[]} judges
   * @param {number[]} digits
   * @param {{ words: string, right: boolean }[][]} rows One a digit, with a cell for each judge.
   * @param {Objective} objective Where it is that of a neuron or channel, no answer is right.
   */
  #fill(judges, digits, rows, objective) {
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

/** @param {string} name */
function title(name) {
  return `Second opinion: made for the ${name}`;
}

/** @param {boolean} isDigit @param {number} agreed @param {number} asked */
function said(isDigit, agreed, asked) {
  return isDigit
    ? `What each network reads. The others agree on ${agreed} of ${asked}. What one network is sure ` +
        `of and no other is an adversarial pattern, not a digit.`
    : 'What each network reads in it.';
}
