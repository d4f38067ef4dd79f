// @ts-check
// The second opinion: what the other networks make of the images. An image that one network is sure
// of, and no other, is an adversarial pattern.

import { h } from '../dom.js';
import { percent } from './words.js';

/** @typedef {import('../experiment.js').Column} Column */
/** @typedef {import('../experiment.js').Experiment} Experiment */

export class Opinions {
  #title = h('p', { className: 'title' });
  #words = h('p', { className: 'caption' });
  #body = h('tbody');
  #head = h('tr');
  #asking = false;
  /** What was asked for while there was no time: the last of it. @type {(() => void) | undefined} */
  #next;
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

  /**
   * Asks the other networks, one question at a time.
   *
   * @param {Experiment} experiment
   * @param {Column} column
   * @param {number} iteration
   */
  async draw(experiment, column, iteration) {
    if (this.#asking) {
      this.#next = () => this.draw(experiment, column, iteration);
      return;
    }
    this.#asking = true;
    try {
      const opinions = await experiment.opinions(column, iteration);
      this.#show(experiment.digits, column, iteration, opinions);
    } catch (error) {
      this.#words.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.#asking = false;
      const next = this.#next;
      this.#next = undefined;
      next?.();
    }
  }

  /**
   * @param {number[]} digits
   * @param {Column} column
   * @param {number} iteration
   * @param {{ name: string, answers: number[][] }[]} opinions
   */
  #show(digits, { name, history, begin }, iteration, opinions) {
    const isDigit = !(typeof begin.goal === 'object' && 'unit' in begin.goal);
    this.#title.textContent = `Second opinion: made for the ${name}`;
    const own = digits.map((_, row) => history.said(row, iteration).probabilities);
    const judges = [{ name, answers: own }, ...opinions];
    this.#head.replaceChildren(
      h('th', { scope: 'col' }, 'image'),
      ...judges.map((judge) => h('th', { scope: 'col' }, h('span', { title: judge.name }, judge.name))),
    );
    let agreed = 0;
    this.#body.replaceChildren(
      ...digits.map((digit, row) => {
        const cells = judges.map(({ answers }, judge) => {
          const answer = answers[row];
          const choice = answer.indexOf(Math.max(...answer));
          const right = isDigit && choice === digit;
          agreed += right && judge > 0 ? 1 : 0;
          const words = `${choice} (${percent(answer[choice])})`;
          return h('td', { className: right ? 'right' : '' }, words);
        });
        return h('tr', {}, h('th', { scope: 'row' }, String(digit)), ...cells);
      }),
    );
    const asked = digits.length * opinions.length;
    this.#words.textContent = isDigit
      ? `What each network reads. The others agree on ${agreed} of ${asked}. What one network is sure ` +
        `of and no other is an adversarial pattern, not a digit.`
      : 'What each network reads in it.';
  }
}
