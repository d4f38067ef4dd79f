// A number at every iteration, as a growing curve; one for each image.

import uPlot from 'uplot';
import { h } from './dom.ts';
import type { Spoken } from './spoken.ts';
import { type Stroke, legendOf, strokesOf } from './strokes.ts';
import { iterations, twoDigits } from './words.ts';

/** The most points of a curve that are drawn; a long run is drawn at every second iteration, or third … */
const MOST_POINTS = 2000;

export interface Series {
  /** The network's name. */
  kind: string;
  /** Or the number of a neuron or channel. */
  digit: number;
  /** The index of the network among those on show. */
  network: number;
}

export class Chart {
  #plotElement: HTMLDivElement;
  #spoken: Spoken;
  #keys = h('p', { className: 'keys' });
  #name: string;
  #most: number | undefined;
  #plot: uPlot | undefined;
  #series: Series[] = [];
  #values: number[][] = [];
  /** The last iteration of the curves. */
  #end = 0;
  #log = false;
  /** The iteration that is marked. */
  #at: number | undefined;
  #observer: ResizeObserver | undefined;
  /** What the colors depend on, besides the page. */
  #schemes: MediaQueryList[] = [];
  #rebuild = () => this.#build();
  element: HTMLDivElement;

  /**
   * @param name Of what is drawn.
   * @param most The end of the scale, if it does not depend on the curves.
   */
  constructor(name: string, spoken: Spoken, most?: number) {
    this.#spoken = spoken;
    this.#name = name;
    this.#most = most;
    this.#plotElement = h('div', { className: 'chart', role: 'img', 'aria-label': name });
    this.element = h('div', {}, this.#plotElement, this.#keys);
  }

  /** Follows the size of its element while it is in the document. */
  connect() {
    if (!this.#plotElement.isConnected) {
      this.disconnect();
      return;
    }
    if (!this.#observer) {
      this.#observer = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
      this.#schemes = ['(forced-colors: active)', 'print'].map((it) => matchMedia(it));
    }
    this.#observer.observe(this.#plotElement);
    this.#schemes.forEach((it) => it.addEventListener('change', this.#rebuild));
    if (!this.#plot) {
      this.#build();
    }
  }

  /** Frees the chart, and stops following the size and the colors. */
  disconnect() {
    this.#observer?.disconnect();
    this.#schemes.forEach((it) => it.removeEventListener('change', this.#rebuild));
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  /** Keeps the room that the names of the curves will take. */
  keep(series: Series[]) {
    this.#explain(series, series.map(() => ({ color: 'transparent', dash: [] })), 'transparent');
  }

  /**
   * @param strokes One a series.
   * @param ink Of a line that stands for a network in all its colors.
   */
  #explain(series: Series[], strokes: Stroke[], ink: string) {
    this.#keys.replaceChildren(...legendOf(series, strokes, ink));
    this.#keys.hidden = series.length === 1;
  }

  /** The colors of the style sheet have changed. */
  recolor() {
    this.#build();
  }

  /** Replaces all curves. */
  arrange(series: Series[]) {
    this.#series = series;
    this.#values = series.map(() => []);
    this.#end = 0;
    this.#at = undefined;
    this.#build();
  }

  /** Whether the scale is logarithmic. */
  set log(on: boolean) {
    if (on !== this.#log) {
      this.#log = on;
      this.#build();
    }
  }

  /**
   * @param values One list a series, one number an iteration. One network may be ahead of another, or have nothing yet.
   * @param end The iteration that the curves reach.
   * @param at The iteration to mark.
   */
  draw(values: number[][], end: number, at?: number) {
    this.#values = values;
    this.#end = end;
    this.#at = at;
    this.#plot?.setData(this.#data());
    const shown = at ?? end;
    const now = this.#series.flatMap(({ kind, digit }, row) => {
      const value = values[row][shown];
      if (value === undefined) {
        return [];
      }
      return `${this.#series.length === 1 ? '' : `${kind}, ${digit}: `}${twoDigits(value)}`;
    });
    this.#spoken.say(this.#plotElement, 'aria-label', `${this.#name} after ${iterations(shown)}: ${now.join('; ')}`);
  }

  #data(): uPlot.AlignedData {
    const length = this.#values.some((it) => it.length > 0) ? this.#end + 1 : 0;
    const every = Math.ceil(length / MOST_POINTS) || 1;
    // Not every iteration is read: there may be 100,000, and this is done in each animation frame.
    const places = Array.from({ length: Math.ceil(length / every) }, (_, at) => at * every);
    if ((length - 1) % every > 0) {
      places.push(length - 1);
    }
    const shown = (value: number | undefined) => value === undefined || (this.#log && value <= 0) ? null : value;
    return [places, ...this.#values.map((it) => places.map((at) => shown(it[at])))];
  }

  #build() {
    this.#plot?.destroy();
    this.#plot = undefined;
    if (!this.#plotElement.isConnected || this.#series.length === 0) {
      return;
    }
    const ink = this.#color('--quiet');
    const line = this.#color('--grid');
    const mark = this.#color('--mark');
    const strokes = strokesOf(this.#series, (name) => this.#color(name));
    this.#explain(this.#series, strokes, ink);
    const style = getComputedStyle(this.#plotElement);
    const rem = Number.parseFloat(style.fontSize);
    const width = Number(style.getPropertyValue('--curve'));
    const axis = {
      stroke: ink,
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
      font: `${0.75 * rem}px system-ui, sans-serif`,
    };
    this.#plot = new uPlot(
      {
        ...this.#size(),
        scales: { x: { time: false }, y: this.#scale() },
        axes: [
          { ...axis, size: 1.75 * rem },
          { ...axis, size: 3.25 * rem },
        ],
        legend: { show: false },
        cursor: { show: false },
        series: [
          {},
          ...this.#series.map(({ kind, digit }, row) => ({
            label: `${kind} ${digit}`,
            stroke: strokes[row].color,
            width,
            dash: strokes[row].dash,
            points: { show: false },
          })),
        ],
        hooks: { draw: [(plot) => this.#drawMark(plot, mark)] },
      },
      this.#data(),
      this.#plotElement,
    );
  }

  #scale(): uPlot.Scale {
    if (this.#log) {
      return { distr: 3 };
    }
    const most = this.#most;
    return {
      range: (_, min, max) =>
        most === undefined ? [Math.min(0, min) * 1.05, Math.max(0, max) * 1.05 || 1] : [0, most],
    };
  }

  #drawMark({ ctx, bbox, valToPos }: uPlot, color: string) {
    if (this.#at !== undefined) {
      ctx.fillStyle = color;
      ctx.fillRect(valToPos(this.#at, 'x', true), bbox.top, 2 * devicePixelRatio, bbox.height);
    }
  }

  /** The value of a color of the style sheet, here and now. */
  #color(name: string) {
    const probe = h('span', {});
    probe.style.color = `var(${name})`;
    probe.style.setProperty('forced-color-adjust', 'none'); // The style sheet has chosen system colors.
    this.#plotElement.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }

  #size() {
    return {
      width: Math.max(80, this.#plotElement.clientWidth),
      height: Math.max(120, this.#plotElement.clientHeight),
    };
  }
}
