// Drawing with the keyboard: arrow keys move a pen over the paper, space lowers and lifts it. The pen
// is on show from the first of these keys until a pointer takes over, or the paper loses the focus.

import { h } from '../../figure/dom.ts';
import type { Point } from './ink.ts';

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** How far an arrow key moves the pen, in pixels of the paper. */
const STRIDE = 10;

export class KeyPen {
  #side: number;
  #margin: number;
  #onLine: (points: Point[]) => void;
  #onMove: () => void;
  #place: Point;
  #down = false;
  element = h('span', { className: 'pen', hidden: true, 'aria-hidden': 'true' });

  constructor(
    paper: HTMLElement,
    { side, margin, onLine, onMove }: {
      /** Of the paper, in its own pixels. */
      side: number;
      /** That the pen keeps from its border. */
      margin: number;
      /** The pen is down, and goes from the first point to the second. */
      onLine: (points: Point[]) => void;
      /** The pen is somewhere else, is lifted, comes or goes. */
      onMove: () => void;
    },
  ) {
    this.#side = side;
    this.#margin = margin;
    this.#onLine = onLine;
    this.#onMove = onMove;
    this.#place = { x: side / 2, y: side / 2 };
    paper.addEventListener('keydown', (event) => this.#key(event));
    paper.addEventListener('focus', () => {
      if (paper.matches(':focus-visible')) {
        this.#show(true);
      }
    });
    for (const type of ['blur', 'pointerdown']) {
      paper.addEventListener(type, () => this.#show(false));
    }
  }

  /** Whether the keyboard is what draws. */
  get isShown() {
    return !this.element.hidden;
  }

  /** Where the pen is, as a sentence. */
  get words() {
    const percent = (it: number) => `${Math.round((100 * it) / this.#side)}%`;
    const { x, y } = this.#place;
    return `The pen is ${this.#down ? 'down' : 'up'}, ${percent(x)} from the left, ${percent(y)} from the top.`;
  }

  #key(event: KeyboardEvent) {
    const move = MOVES[event.key as keyof typeof MOVES];
    if ((event.key !== ' ' && !move) || event.altKey || event.ctrlKey || event.metaKey) {
      return; // With those keys, it is a shortcut of the browser's.
    }
    event.preventDefault();
    event.stopPropagation();
    const before = this.#place;
    if (move) {
      const inside = (it: number) => Math.min(this.#side - this.#margin, Math.max(this.#margin, it));
      this.#place = { x: inside(before.x + STRIDE * move[0]), y: inside(before.y + STRIDE * move[1]) };
    } else if (!event.repeat) {
      this.#down = !this.#down;
    }
    if (this.#down) {
      this.#onLine([before, this.#place]);
    }
    this.#show(true);
  }

  /** @param shown A pen that is hidden is lifted, too. */
  #show(shown: boolean) {
    if (!shown && !this.isShown) {
      return;
    }
    const { element } = this;
    const { x, y } = this.#place;
    this.#down &&= shown;
    element.hidden = !shown;
    element.classList.toggle('down', this.#down);
    element.style.setProperty('--pen-x', `${(100 * x) / this.#side}%`);
    element.style.setProperty('--pen-y', `${(100 * y) / this.#side}%`);
    this.#onMove();
  }
}
