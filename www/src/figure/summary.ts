// How a run ended, in words: for people who use a screen reader.

import type { Experiment } from '../player/experiment.ts';
import { nameOf } from './words-of-objectives.ts';
import { iterations, percent, twoDigits } from './words.ts';

export function summaryOf({ networkResults, digits, iteration, ofLayer }: Experiment) {
  const ends = networkResults.map(({ name, begin, history }) => {
    const scores = history.probabilities.map((it) => it[iteration]);
    if (ofLayer) {
      const each = digits.map((number, row) => `${twoDigits(scores[row])} for ${nameOf(begin.objective, number)}`);
      return `In the ${name}, the activation minus penalties is ${each.join(', ')}.`;
    }
    const each = digits.map((digit, row) => `${digit} ${percent(scores[row])}`);
    return `The ${name} gives the ${each.join(', the ')}.`;
  });
  return `${iterations(iteration)} made. ${ends.join(' ')}`;
}
