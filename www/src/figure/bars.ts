// Probabilities before and after, as bars. For one image: those of the ten digits. For several: that of each image's
// own digit.

import { h } from './dom.ts';
import { reserve } from './reserved.ts';
import { Spoken } from './spoken.ts';
import { percent } from './words.ts';

export interface Bar {
  digit: number;
  /** 0 to 1, if there was a before. */
  before?: number;
  /** 0 to 1. */
  after: number;
  /** Whether the image is made for this digit. */
  wanted: boolean;
}

export class Bars {
  #spoken: Spoken;
  #caption = h('p', { className: 'caption' });
  #list = h('div', { className: 'bars', role: 'list' });
  #bars: ReturnType<typeof bar>[] = [];
  element = h('div', {}, this.#caption, this.#list);

  /** @param spoken Of the figure. */
  constructor(spoken = new Spoken()) {
    this.#spoken = spoken;
  }

  /**
   * Keeps room for bars that are drawn later.
   *
   * @param longest The longest caption that they may have.
   * @param bars Their digits, and whether the image is made for them.
   * @param target 0 to 1, if there is one.
   */
  keep(longest: string, bars: Pick<Bar, 'digit' | 'wanted'>[], target?: number) {
    reserve(this.#caption, longest);
    if (this.#bars.length !== bars.length) {
      this.#make(bars.length);
    }
    this.#name(bars, target);
  }

  #name(bars: Pick<Bar, 'digit' | 'wanted'>[], target: number | undefined) {
    for (const [index, { digit, wanted }] of bars.entries()) {
      const made = this.#bars[index];
      made.name.textContent = String(digit);
      made.element.classList.toggle('wanted', wanted);
      made.target.style.left = `${100 * (target ?? 0)}%`;
      made.target.hidden = !wanted || target === undefined;
    }
  }

  #make(count: number) {
    this.#bars = Array.from({ length: count }, bar);
    this.#list.replaceChildren(...this.#bars.map(({ element }) => element));
  }

  /** @param target 0 to 1, if there is one. */
  draw(caption: string, bars: Bar[], target?: number) {
    this.#caption.textContent = caption;
    this.#caption.hidden = caption === '';
    if (bars.length !== this.#bars.length) {
      this.#make(bars.length);
    }
    this.#name(bars, target);
    for (const [index, { digit, before, after }] of bars.entries()) {
      const made = this.#bars[index];
      made.before.style.width = `${100 * (before ?? 0)}%`;
      made.after.style.width = `${100 * after}%`;
      made.value.textContent = percent(after);
      const words =
        before === undefined
          ? `${digit}: ${percent(after)}`
          : `${digit}: ${percent(before)} before, ${percent(after)} now`;
      this.#spoken.say(made.element, 'title', words);
      this.#spoken.say(made.element, 'aria-label', words);
    }
  }
}

function bar() {
  const name = h('b');
  const before = h('i', { className: 'before' });
  const after = h('i', { className: 'after' });
  const target = h('i', { className: 'target', hidden: true });
  const value = h('span', { className: 'value' });
  const track = h('span', { className: 'track' }, before, after, target);
  const element = h('div', { className: 'bar', role: 'listitem' }, name, track, value);
  return { element, name, before, after, target, value };
}

/** What the colors of the bars mean; `target` is hidden where there is none. */
export function barsLegend() {
  const entry = (name: string, words: string) => h('span', {}, h('span', { className: `swatch ${name}` }), words);
  const target = entry('target', 'target');
  return {
    target,
    element: h('p', { className: 'legend' }, entry('before', 'start'), entry('after', 'image now'), target),
  };
}
