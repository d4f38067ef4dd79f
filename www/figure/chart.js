// @ts-check
// A number at every iteration, as a growing curve; one for each image.

import { h } from '../dom.js';
import uPlot from '../vendor/uPlot.esm.js';

/** Ten steps of viridis that stand out from paper, and from slate. */
const COLOURS = {
  light: [
    '#440154', '#482878', '#3e4989', '#31688e', '#26828e',
    '#1f9e89', '#35b779', '#6ece58', '#a0c93a', '#d6b600',
  ],
  dark: [
    '#4f7fc0', '#3b8bb0', '#2f98a5', '#25a596', '#2ab07f',
    '#4ec36b', '#7ad151', '#a8db34', '#d2e21b', '#fde725',
  ],
};

/** Of the curves of each network. */
const DASHES = [undefined, [5, 4], [2, 3]];

/** The most points of a curve that are drawn; a long run is drawn at every second iteration, or third … */
const MOST_POINTS = 2000;

/**
 * @typedef {object} Series
 * @property {string} kind The network's name.
 * @property {number} digit
 * @property {number} network Which of the networks on show it is of, from 0: each has its dashes.
 */

export class Chart {
  #plotElement;
  #keys = h('p', { className: 'keys' });
  #name;
  #most;
  /** @type {uPlot | undefined} */
  #plot;
  /** @type {Series[]} */
  #series = [];
  /** @type {number[][]} */
  #values = [];
  #log = false;
  /** @type {number | undefined} The iteration that is marked. */
  #at;
  #observer = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #rebuild = () => this.#build();

  /**
   * @param {string} name Of what is drawn.
   * @param {number} [most] What the scale ends at, if that does not depend on the curves.
   */
  constructor(name, most) {
    this.#name = name;
    this.#most = most;
    this.#plotElement = h('div', { className: 'chart', role: 'img', 'aria-label': name });
    this.element = h('div', {}, this.#plotElement, this.#keys);
  }

  /** Follows the size of its element and the colour scheme while it is in the document. */
  connect() {
    if (!this.#plotElement.isConnected) {
      this.disconnect();
      return;
    }
    this.#observer.observe(this.#plotElement);
    this.#dark.addEventListener('change', this.#rebuild);
    if (!this.#plot) {
      this.#build();
    }
  }

  /** Lets go of all that it follows and holds. */
  disconnect() {
    this.#observer.disconnect();
    this.#dark.removeEventListener('change', this.#rebuild);
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  /** Keeps the room that the names of the curves will take. @param {Series[]} series */
  keep(series) {
    this.#explain(series, series.map(() => 'transparent'), 'transparent');
  }

  /** Starts anew. @param {Series[]} series */
  arrange(series) {
    this.#series = series;
    this.#values = series.map(() => []);
    this.#at = undefined;
    this.#build();
  }

  /** Whether the scale is logarithmic. @param {boolean} on */
  set log(on) {
    if (on !== this.#log) {
      this.#log = on;
      this.#build();
    }
  }

  /**
   * @param {number[][]} values One list a series, one number an iteration.
   * @param {number} [at] The iteration to mark.
   */
  draw(values, at) {
    this.#values = values;
    this.#at = at;
    this.#plot?.setData(this.#data());
    const end = at ?? values[0].length - 1;
    const now = values.map((it) => it[end].toPrecision(2)).join(', ');
    this.#plotElement.setAttribute('aria-label', `${this.#name} after ${end} iterations: ${now}`);
  }

  /** @returns {uPlot.AlignedData} */
  #data() {
    const length = this.#values[0]?.length ?? 0;
    const every = Math.ceil(length / MOST_POINTS) || 1;
    // Not every iteration is looked at: there may be 100,000, and this is done in each frame.
    const iterations = Array.from({ length: Math.ceil(length / every) }, (_, at) => at * every);
    if ((length - 1) % every > 0) {
      iterations.push(length - 1);
    }
    const shown = (/** @type {number} */ value) => (this.#log && value <= 0 ? null : value);
    return [iterations, ...this.#values.map((it) => iterations.map((at) => shown(it[at])))];
  }

  #build() {
    this.#plot?.destroy();
    this.#plot = undefined;
    if (!this.#plotElement.isConnected || this.#series.length === 0) {
      return;
    }
    const ink = this.#colour('--quiet');
    const line = this.#colour('--line');
    const mark = this.#colour('--mark');
    const colours = this.#colours();
    this.#explain(this.#series, colours, ink);
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
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
          ...this.#series.map(({ kind, digit, network }, row) => ({
            label: `${kind} ${digit}`,
            stroke: colours[row],
            width: 2,
            dash: DASHES[network],
            points: { show: false },
          })),
        ],
        hooks: { draw: [(plot) => this.#drawMark(plot, mark)] },
      },
      this.#data(),
      this.#plotElement,
    );
  }

  /** @returns {uPlot.Scale} */
  #scale() {
    if (this.#log) {
      return { distr: 3 };
    }
    const most = this.#most;
    return {
      range: (_, min, max) =>
        most === undefined ? [Math.min(0, min) * 1.05, Math.max(0, max) * 1.05 || 1] : [0, most],
    };
  }

  /** @param {uPlot} plot @param {string} colour */
  #drawMark({ ctx, bbox, valToPos }, colour) {
    if (this.#at !== undefined) {
      ctx.fillStyle = colour;
      ctx.fillRect(valToPos(this.#at, 'x', true), bbox.top, 2 * devicePixelRatio, bbox.height);
    }
  }

  #colours() {
    const digits = new Set(this.#series.map(({ digit }) => digit));
    if (digits.size === 1) {
      return this.#series.map(({ network }) => this.#colour(['--after', '--accent', '--mark'][network]));
    }
    const scheme = this.#colour('--scheme') === 'rgb(0, 0, 0)' ? 'dark' : 'light';
    return this.#series.map(({ digit }) => COLOURS[scheme][digit]);
  }

  /** What a colour of the style sheet is here and now. @param {string} name */
  #colour(name) {
    const probe = h('span', {});
    probe.style.color = `var(${name})`;
    this.#plotElement.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }

  /** @param {Series[]} series @param {string[]} colours One a series. @param {string} ink */
  #explain(series, colours, ink) {
    this.#keys.hidden = series.length === 1;
    const networks = new Map(series.map((it) => [it.network, it.kind]));
    const digits = new Map(series.map((it, row) => [it.digit, colours[row]]));
    // With several of both, colours stand for the one, dashes for the other.
    const keys = series.map((it, row) => key(it.kind, colours[row], it.network));
    const both = networks.size > 1 && digits.size > 1;
    const apart = [
      ...[...networks].map(([network, kind]) => key(kind, ink, network)),
      ...[...digits].map(([digit, colour]) => key(String(digit), colour, 0)),
    ];
    const single = networks.size > 1 ? keys : apart.slice(networks.size);
    this.#keys.replaceChildren(...(both ? apart : single));
  }

  #size() {
    return {
      width: Math.max(160, this.#plotElement.clientWidth),
      height: Math.max(120, this.#plotElement.clientHeight),
    };
  }
}

/** @param {string} words @param {string} colour @param {number} network */
function key(words, colour, network) {
  const element = h('span', { className: ['', 'second', 'third'][network] }, words);
  element.style.setProperty('--key', colour);
  return element;
}
