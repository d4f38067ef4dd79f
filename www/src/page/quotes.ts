// Sentences in the discussions that quote the runs of the figures: only what was run, and as it was run.
//
//   <span class="quote" data-of="three" data-needs="end">It ended at
//     <span class="measured" data-say="probability">…</span>.</span>
//
// A quote speaks of one figure, `data-of`. Until its run has what the quote needs, other words stand
// in its place: those in `data-instead`, or what is still to be done.

import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { byId, h } from '../figure/dom.ts';
import { iterations, mean, percent, signed, twoDigits } from '../figure/words.ts';
import { averageOf } from '../player/typical-digits.ts';
import type { Experiment, NetworkResult } from '../player/experiment.ts';

type Measurement = (experiment: Experiment, result: NetworkResult, settings: { at: number; target: number }) => string;

/** What can be said of one network of an experiment, as words. */
const MEASUREMENTS: Record<string, Measurement> = {
  network: (_, { name }) => name,
  iterations: ({ iteration }) => iterations(iteration),
  'first-choice': (_, { history }) => String(firstChoice(history.said(0, 0).probabilities)),
  'first-probability': (_, { history }) => percent(Math.max(...history.said(0, 0).probabilities)),
  'first-loss': (_, { history }) => twoDigits(history.losses[0][0]),
  fell: (_, { history }) => (lossOf(history) > history.losses[0][0] ? 'rose' : 'fell'),
  loss: (_, { history }) => twoDigits(lossOf(history)),
  before: (_, { history }) => percent(history.probabilities[0][0]),
  probability: (_, { history }) =>
    percent(mean(history.probabilities.map((it) => it[history.iteration]))),
  'probability-at': (_, { history }, { at }) => percent(history.probabilities[0][at]),
  course: (_, { history }, { target }) => course(history, target),
  correlation: (experiment, result) => signed(averageOf(experiment.comparisons(result)).correlation),
  'most-like': (experiment, result) => extreme(experiment, result, Math.max),
  'least-like': (experiment, result) => extreme(experiment, result, Math.min),
};

/** Connects all quotes of the page. */
export function connectQuotes() {
  for (const quote of document.querySelectorAll<HTMLElement>('.quote')) {
    const figure = byId<Figure>(quote.dataset.of ?? '');
    const instead = h('span', { className: 'instead' });
    quote.before(instead);
    const show = () => {
      const words = missing(quote, figure);
      put(instead, words ?? '');
      instead.hidden = !words;
      quote.hidden = words !== undefined;
      if (words === undefined) {
        say(quote, figure);
      }
    };
    for (const type of ['step', 'change']) {
      figure.addEventListener(type, show);
    }
    show();
  }
}

/** What stands in place of a quote; nothing, when the run has what it needs. */
function missing({ dataset }: HTMLElement, { experiment, settings }: Figure) {
  const { needs = 'begun', instead } = dataset;
  const { steps } = settings;
  if (!experiment || experiment.networkResults[0].history.snapshots.length === 0) {
    return instead ?? 'When the figure is there, this sentence will speak of it.';
  }
  const least = { begun: 0, some: 1, end: steps }[needs] ?? Number(needs);
  const { iteration } = experiment;
  if (iteration >= least) {
    return undefined;
  }
  if (instead !== undefined) {
    return instead;
  }
  return iteration === 0
    ? 'Run it, and this sentence will speak of your run.'
    : `Your run is at iteration ${iteration} of ${steps}: run it on, and this sentence will speak of it.`;
}

function say(quote: HTMLElement, { experiment, settings }: Figure) {
  for (const span of quote.querySelectorAll<HTMLElement>('[data-say]')) {
    const { say: what = '', column = quote.dataset.column, at } = span.dataset;
    const shown = experiment?.networkResults[Number(column ?? 0)];
    if (experiment && shown) {
      put(span, MEASUREMENTS[what](experiment, shown, { at: Number(at), target: settings.target }));
    }
  }
}

export function put(element: HTMLElement, words: string) {
  if (element.textContent !== words) {
    element.textContent = words;
  }
}

/** How the probability of an image came to its end. */
function course({ probabilities: [series], iteration }: NetworkResult['history'], target: number) {
  const wanted = `${Math.round(100 * target)}%`;
  const end = percent(series[iteration]);
  const crossing = series.findIndex((it) => it >= target);
  if (crossing < 0) {
    return `It did not pass ${wanted} in ${iterations(iteration)}, and ended at ${end}.`;
  }
  return crossing === 0
    ? `It was above ${wanted} from the start, and ended at ${end}.`
    : `It passed ${wanted} after ${iterations(crossing)} and ended at ${end}.`;
}

/** The last loss, on average over the images. */
function lossOf({ losses, iteration }: NetworkResult['history']) {
  return mean(losses.map((it) => it[iteration]));
}

function firstChoice(probabilities: number[]) {
  return probabilities.indexOf(Math.max(...probabilities));
}

/** The digit with the largest or smallest margin. */
function extreme(experiment: Experiment, result: NetworkResult, choose: (...values: number[]) => number) {
  const all = experiment.comparisons(result).map(({ margin }) => margin);
  const value = choose(...all);
  return `${experiment.digits[all.indexOf(value)]} (${signed(value)})`;
}
