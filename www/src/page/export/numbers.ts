// The numbers of a run, as CSV and as JSON: enough to repeat it.
//
// CSV, a line for each network, digit and iteration:
//   network,digit,iteration,loss,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9
//
// JSON:
//   {
//     settings,                the configuration, with all its defaults: the `Config` of config.ts
//     link,                    the address that shows the same
//     iterations,              how many were made
//     iteration,               the one on show: its images are here
//     networks: [{
//       network,               mlp, lenet5, control, robust, or own-… for one that somebody brought; then also
//       name, description,     what it is called and what it is, with what was chosen for it
//       image_iteration,       that of the images: not every iteration's are kept of a long run
//       digits: [{
//         digit,
//         losses,              [iteration], from 0 (the start) on
//         log_probabilities,   [iteration][10], natural logarithms
//         image,               784 pixels, row by row
//         correlation,         of its ink with the nearest of ten typical images of the digit; null if not known
//         margin               that less the highest with a typical image of another digit; null if not known
//       }]
//     }]
//   }
//
// With `settings`, a run repeats to the bit on the same backend, unless settings were changed while
// it ran. Losses, log-probabilities and pixels are in single precision, in the fewest digits that
// tell one number from the next.

import { breaks } from '../../engine/breaks.ts';
import { ownNetwork } from '../../engine/networks.ts';
import { LOSS } from '../../engine/trace.ts';
import { permalink } from './link.ts';
import type { Shown } from './shown.ts';

const PIXELS = 784;
/** Significant digits that a single-precision number needs: the least that can do, and the most. */
const FEWEST = 6;
const MOST = 9;

export async function csv({ experiment, made }: Shown): Promise<Blob> {
  const pause = breaks();
  const lines = [`network,digit,iteration,loss,${Array.from({ length: 10 }, (_, i) => `p${i}`)}\n`];
  for (const { network, history } of experiment.networkResults) {
    for (const [row, digit] of history.digits.entries()) {
      for (let iteration = 0; iteration <= made; iteration += 1) {
        const numbers = history.numbers(row, iteration);
        const probabilities = Array.from(numbers.subarray(0, LOSS), (it) => short(Math.exp(it)));
        lines.push(`${[network, digit, iteration, short(numbers[LOSS]), ...probabilities]}\n`);
        await pause();
      }
    }
  }
  return new Blob(lines, { type: 'text/csv' });
}

export async function json({ settings, experiment, made, iteration }: Shown): Promise<Blob> {
  const pause = breaks();
  const { networkResults, digits } = experiment;
  await experiment.loadTypical().catch(() => {}); // Then it says that it does not know how the images compare.
  // Taken before the first pause: a run that goes on may thin out what it keeps.
  const moments = networkResults.map((networkResult) => ({
    ...networkResult.history.at(iteration),
    comparisons: experiment.comparisons(networkResult, iteration),
  }));
  const networks = [];
  for (const [index, { network, history }] of networkResults.entries()) {
    const { images, iteration: imageIteration, comparisons } = moments[index];
    const rows = [];
    for (const [row, digit] of digits.entries()) {
      const losses = [];
      const logProbabilities = [];
      for (let at = 0; at <= made; at += 1) {
        const numbers = history.numbers(row, at);
        losses.push(short(numbers[LOSS]));
        logProbabilities.push(Array.from(numbers.subarray(0, LOSS), short));
        await pause();
      }
      const image = Array.from(images.subarray(row * PIXELS, (row + 1) * PIXELS), short);
      rows.push({ digit, losses, log_probabilities: logProbabilities, image, ...comparisons[row] });
    }
    const own = ownNetwork(network);
    const about = own ? { name: own.name, description: own.description } : {};
    networks.push({ network, ...about, image_iteration: imageIteration, digits: rows });
  }
  const all = { settings, link: permalink(settings), iterations: made, iteration, networks };
  return new Blob([JSON.stringify(all), '\n'], { type: 'application/json' });
}

/** The number of the fewest digits that is the same in single precision. */
function short(value: number) {
  const single = Math.fround(value);
  for (let digits = FEWEST; digits < MOST; digits += 1) {
    const rounded = Number(single.toPrecision(digits));
    if (Math.fround(rounded) === single) {
      return rounded;
    }
  }
  return Number(single.toPrecision(MOST));
}
