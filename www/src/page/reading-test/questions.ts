// One image after another, and a button for every answer. The keys 0 to 9 answer, too, and N: no digit.

import { h } from '../../figure/dom.ts';
import { ALL_DIGITS } from '../../settings/config.ts';
import type { Reading } from './score.ts';

const SIDE = 28;

export class Questions {
  #canvas = h('canvas', { width: SIDE, height: SIDE, role: 'img' });
  #words = h('p', { role: 'status' });
  #buttons: HTMLButtonElement[];
  element: HTMLDivElement;

  constructor({ onAnswer, onStop }: { onAnswer: (answer: Reading) => void; onStop: () => void }) {
    const button = (answer: Reading, words: string) => {
      const element = h('button', { type: 'button' }, words);
      element.addEventListener('click', () => onAnswer(answer));
      return element;
    };
    this.#buttons = [...ALL_DIGITS.map((it) => button(it, String(it))), button('none', 'No digit')];
    const stop = h('button', { type: 'button', className: 'stop' }, 'Stop');
    stop.addEventListener('click', onStop);
    this.element = h(
      'div',
      { className: 'reading-questions', hidden: true },
      h('div', { className: 'image' }, this.#canvas),
      h(
        'div',
        { className: 'question-side' },
        this.#words,
        h('div', { className: 'digit-choice', role: 'group', 'aria-label': 'What you read' }, ...this.#buttons),
        h('p', { className: 'caption' }, 'Do not think long. The keys 0 to 9 answer, too, and N: no digit.'),
        stop,
      ),
    );
    this.element.addEventListener('keydown', (event) => {
      const { key, ctrlKey, altKey, metaKey } = event;
      const answer = /^\d$/.test(key) ? Number(key) : /^n$/i.test(key) ? 'none' : undefined;
      if (answer !== undefined && !ctrlKey && !altKey && !metaKey && !event.repeat) {
        event.preventDefault();
        onAnswer(answer);
      }
    });
  }

  show(picture: ImageData, number: number, count: number) {
    this.element.hidden = false;
    this.#words.textContent = `Image ${number} of ${count}: which digit is it?`;
    this.#canvas.setAttribute('aria-label', `Image ${number} of ${count}`);
    this.#canvas.getContext('2d', { willReadFrequently: true })?.putImageData(picture, 0, 0);
  }

  hide() {
    this.element.hidden = true;
  }

  focus() {
    this.#buttons[0].focus({ preventScroll: true });
  }
}
