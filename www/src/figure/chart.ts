// A number at every iteration, as a growing curve; one for each image.

import uPlot from 'uplot';
import { h } from './dom.ts';
import type { Spoken } from './spoken.ts';
import { type Stroke, legendOf, strokesOf } from './strokes.ts';
import { iterations, twoDigits } from './words.ts';

/** The most points of a curve that are drawn; a long run is drawn at every second iteration, or third … */
const MOST_POINTS = 2000;
/**
 * The iterations that the axis has room for from the start. The lab's runs are no longer; a curve of a longer run would
 * begin as a dot, so the room doubles whenever it is full.
 */
const ROOM = 500;
/** The steps between the marks of the axis of iterations: there are no half ones. */
const WHOLE = Array.from({ length: 6 }, (_, power) => [1, 2, 5].map((it) => it * 10 ** power)).flat();
/** The dashes of the target, and of its gaps. */
const DASHES = [6, 4];

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
  /** The iterations that the run is to have. */
  #steps = 0;
  /** The value that the curves are to reach, if there is one. */
  #target: number | undefined;
  #log = false;
  /** The iteration that is marked. */
  #at: number | undefined;
  #observer: ResizeObserver | undefined;
  /** The size of its element, once the page has been laid out: to ask for it sooner would take a layout for each chart. */
  #box: { width: number; height: number } | undefined;
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
      this.#observer = new ResizeObserver(([{ contentRect: { width, height } }]) => {
        this.#box = { width: Math.max(80, width), height: Math.max(120, height) };
        if (this.#plot) {
          this.#plot.setSize(this.#box);
        } else {
          this.#build();
        }
      });
      this.#schemes = ['(forced-colors: active)', 'print'].map((it) => matchMedia(it));
    }
    this.#observer.observe(this.#plotElement);
    this.#schemes.forEach((it) => it.addEventListener('change', this.#rebuild));
  }

  /** Frees the chart, and stops following the size and the colors. */
  disconnect() {
    this.#observer?.disconnect();
    this.#schemes.forEach((it) => it.removeEventListener('change', this.#rebuild));
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#box = undefined;
  }

  /**
   * Says what is to come, so that it is seen before there is a curve.
   *
   * @param steps The iterations that the run is to have.
   * @param target The value that the curves are to reach, if there is one.
   */
  expect(steps: number, target?: number) {
    if (steps !== this.#steps || target !== this.#target) {
      this.#steps = steps;
      this.#target = target;
      this.#plot?.setData(this.#data());
    }
  }

  /** The colors of the style sheet have changed. */
  recolor() {
    this.#build();
  }

  /**
   * @param strokes One a series.
   * @param ink Of a line that stands for a network in all its colors.
   */
  #explain(strokes: Stroke[], ink: string) {
    this.#keys.replaceChildren(...legendOf(this.#series, strokes, ink));
    this.#keys.hidden = this.#series.length === 1;
  }

  /** Replaces all curves: until `draw`, there are the axes and the names of the curves. */
  arrange(series: Series[]) {
    this.#series = series;
    if (!this.#box) {
      // Names without colors: they have their room when the page is laid out.
      this.#explain(series.map(() => ({ color: 'transparent', dash: [] })), 'transparent');
    }
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

  /** Before there is a curve, the ends of the axis: uPlot draws no axes of nothing. */
  #data(): uPlot.AlignedData {
    if (this.#values.every((it) => it.length === 0)) {
      return [[0, this.#last()], ...this.#values.map(() => [null, null])];
    }
    const length = this.#end + 1;
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
    if (!this.#box || this.#series.length === 0) {
      return;
    }
    const ink = this.#color('--quiet');
    const line = this.#color('--grid');
    const mark = this.#color('--mark');
    const strokes = strokesOf(this.#series, (name) => this.#color(name));
    this.#explain(strokes, ink);
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
        ...this.#box,
        scales: { x: { time: false, range: () => [0, this.#last()] }, y: this.#scale() },
        axes: [
          { ...axis, size: 1.75 * rem, incrs: WHOLE },
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
            // A curve of the start alone is a point.
            points: { show: () => this.#end === 0, size: 3 * width, fill: strokes[row].color, width: 0 },
          })),
        ],
        hooks: {
          drawAxes: [(plot) => this.#drawTarget(plot, mark, axis)],
          draw: [(plot) => this.#drawMark(plot, mark)],
        },
      },
      this.#data(),
      this.#plotElement,
    );
  }

  /** The last iteration that the axis has room for. */
  #last() {
    let room = ROOM;
    while (room < this.#end) {
      room *= 2;
    }
    return Math.max(1, this.#end, Math.min(this.#steps, room));
  }

  #scale(): uPlot.Scale {
    if (this.#log) {
      return { distr: 3, range: (_, min, max) => (min === null ? [1e-3, 10] : uPlot.rangeLog(min, max, 10, true)) };
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

  #drawTarget({ ctx, bbox, valToPos }: uPlot, color: string, { stroke, font }: { stroke: string; font: string }) {
    if (this.#target === undefined) {
      return;
    }
    const y = valToPos(this.#target, 'y', true);
    const size = Number.parseFloat(font) * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.setLineDash(DASHES.map((it) => it * devicePixelRatio));
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.strokeStyle = color;
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.stroke();
    ctx.fillStyle = stroke;
    ctx.font = font.replace(/^[\d.]+/, String(size));
    ctx.textAlign = 'right';
    ctx.textBaseline = 'top'; // Below the line, where there is room for a target of 99%, too.
    ctx.fillText('target', bbox.left + bbox.width - size / 2, y + size / 3);
    ctx.restore();
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
}
