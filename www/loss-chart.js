// @ts-check
// The loss of every iteration, as a growing curve; one for each digit.

import uPlot from './vendor/uPlot.esm.js';

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

export class LossChart {
  #element;
  #keys;
  #dark = matchMedia('(prefers-color-scheme: dark)');
  /** @type {uPlot | undefined} */
  #plot;
  /** @type {number[]} */
  #digits = [];

  constructor() {
    this.#element = /** @type {HTMLElement} */ (document.getElementById('loss-chart'));
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#element);
    this.#keys = /** @type {HTMLElement} */ (document.getElementById('loss-keys'));
    this.#dark.addEventListener('change', () => this.#build());
  }

  /**
   * Starts anew.
   *
   * @param {number[]} digits
   */
  arrange(digits) {
    this.#digits = digits;
    this.#build();
  }

  /**
   * @param {number[][]} losses One series a digit.
   */
  draw(losses) {
    const iterations = losses[0].map((_, iteration) => iteration);
    this.#plot?.setData([iterations, ...losses]);
    const now = losses.map((series) => series[series.length - 1].toPrecision(2)).join(', ');
    this.#element.setAttribute('aria-label', `Loss after ${iterations.length - 1} iterations: ${now}`);
  }

  #build() {
    const data = this.#plot?.data;
    this.#plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--quiet');
    const line = style.getPropertyValue('--line');
    const colours =
      this.#digits.length === 1
        ? [style.getPropertyValue('--after')]
        : this.#digits.map((digit) => COLOURS[this.#dark.matches ? 'dark' : 'light'][digit]);
    this.#explain(colours);
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { show: false } };
    const rem = Number.parseFloat(style.fontSize);
    const font = `${0.75 * rem}px system-ui, sans-serif`;
    this.#plot = new uPlot(
      {
        ...this.#size(),
        scales: { x: { time: false }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] } },
        axes: [
          { ...axis, font, size: 1.75 * rem },
          { ...axis, font, size: 2.75 * rem },
        ],
        legend: { show: false },
        cursor: { show: false },
        series: [
          {},
          ...this.#digits.map((digit, row) => ({
            label: String(digit),
            stroke: colours[row],
            width: 2,
            points: { show: false },
          })),
        ],
      },
      data?.length === this.#digits.length + 1 ? data : [[0], ...this.#digits.map(() => [0])],
      this.#element,
    );
  }

  /** @param {string[]} colours One a digit. */
  #explain(colours) {
    this.#keys.hidden = this.#digits.length === 1;
    this.#keys.replaceChildren(
      ...this.#digits.map((digit, row) => {
        const key = document.createElement('span');
        key.textContent = String(digit);
        key.style.setProperty('--key', colours[row]);
        return key;
      }),
    );
  }

  #size() {
    return {
      width: Math.max(160, this.#element.clientWidth),
      height: Math.max(120, this.#element.clientHeight),
    };
  }
}
