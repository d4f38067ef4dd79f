// The strokes of curves: colors tell digits, neurons or channels apart; dashes tell networks apart.

import type { Series } from './chart.ts';
import { h } from './dom.ts';

/** Lengths of dashes and gaps, in pixels; none is a solid line. */
export interface Stroke {
  color: string;
  dash: number[];
}

/**
 * Ten steps of viridis, alike to the eye, along the part of it that has a contrast of 4.5 with the background of a chart:
 * up to teal on white, from teal on where it is dark.
 */
const COLORS = {
  light: [
    '#440154', '#471365', '#482374', '#46327e', '#424086',
    '#3d4e8a', '#375b8d', '#31688e', '#2b758e', '#26828e',
  ],
  dark: [
    '#20928c', '#1fa188', '#29af7f', '#3dbc74', '#58c765',
    '#7ad151', '#9bd93c', '#bddf26', '#dfe318', '#fde725',
  ],
};

/** The colors of the networks, where all curves are for the same digit: names in the style sheet. */
const OF_NETWORKS = ['--after', '--accent', '--mark', '--quiet'];

/** The length of a line in the legend, in pixels. */
const SAMPLE = 28;

/**
 * @param colorOf What a color of the style sheet is here and now.
 * @returns One a series.
 */
export function strokesOf(series: Series[], colorOf: (name: string) => string): Stroke[] {
  const numbers = [...new Set(series.map(({ digit }) => digit))].sort((one, other) => one - other);
  if (numbers.length === 1) {
    return series.map(({ network }) => ({
      color: colorOf(OF_NETWORKS[network % OF_NETWORKS.length]),
      dash: dashOf(network),
    }));
  }
  const scheme = COLORS[colorOf('--scheme') === 'rgb(0, 0, 0)' ? 'dark' : 'light'];
  // A digit always has its own color. There are more neurons than colors: colors are given to them in order.
  const last = scheme.length - 1;
  const step = numbers.every((it) => it <= last) ? undefined : last / (numbers.length - 1);
  return series.map(({ digit, network }) => ({
    color: scheme[step === undefined ? digit : Math.round(step * numbers.indexOf(digit))],
    dash: dashOf(network),
  }));
}

/**
 * The dashes of a network, which no other has: the first is solid, then dashes, dots, a dash and a dot,
 * a dash and two dots …
 *
 * @param network From 0.
 */
function dashOf(network: number) {
  const dots = Array.from({ length: Math.max(0, network - 2) }, () => [2, 3]);
  return [[], [5, 4], [2, 3]][network] ?? [8, 3, ...dots.flat()];
}

/**
 * The legend: one entry for each thing that can be told apart.
 *
 * @param strokes One a series.
 * @param plain The color of a line that stands for a network in all its colors.
 * @returns Nothing, if there is one curve only.
 */
export function legendOf(series: Series[], strokes: Stroke[], plain: string): HTMLElement[] {
  if (series.length === 1) {
    return [];
  }
  const networks = new Map(series.map((it, at) => [it.network, { words: it.kind, stroke: strokes[at] }]));
  const numbers = new Map(series.map((it, at) => [it.digit, strokes[at].color]));
  if (numbers.size === 1 && networks.size > 1) {
    return [...networks.values()].map(({ words, stroke }) => entry(words, stroke));
  }
  // With several of both, dashes stand for the one, colors for the other.
  const dashes = [...networks.values()].map(({ words, stroke }) => entry(words, { ...stroke, color: plain }));
  const colors = [...numbers].map(([number, color]) => entry(String(number), { color, dash: [] }));
  return [...(networks.size > 1 ? dashes : []), ...colors];
}

function entry(words: string, { color, dash }: Stroke) {
  const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  // An SVG, unlike a background, is printed, and keeps its color where the system replaces colors.
  drawing.setAttribute('viewBox', `0 0 ${SAMPLE} 8`);
  drawing.setAttribute('aria-hidden', 'true');
  line.setAttribute('d', `M0 4H${SAMPLE}`);
  line.setAttribute('stroke', color);
  line.setAttribute('stroke-width', '2.5');
  line.setAttribute('stroke-dasharray', dash.join(' ') || 'none');
  drawing.append(line);
  return h('span', {}, drawing, words);
}
