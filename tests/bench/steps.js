// @ts-check
// The steps: what each takes, of everybody, and how many times what ours takes.

import { readFile } from 'node:fs/promises';

import { measureCell } from './measure.js';
import { short, table, whole } from './table.js';

/** @typedef {import('./measure.js').Result} Result */
/** @typedef {import('./measure.js').Runner} Runner */
/** @typedef {import('./task.js').NetworkName} NetworkName */

const TITLES = { mlp: 'MLP', lenet5: 'LeNet-5' };
const CELLS = /** @type {[NetworkName, number[]][]} */ ([
  ['mlp', [3]],
  ['mlp', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['lenet5', [3]],
  ['lenet5', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
]);

/**
 * @typedef {object} Cell
 * @property {string} title
 * @property {Result[]} results
 */

/**
 * @param {object} given
 * @param {Runner[]} given.runners
 * @param {number} given.rounds
 * @param {URL} given.weights The folder with the networks.
 * @param {Float32Array} given.noise 784 pixels.
 * @param {(line: string) => void} given.say
 * @param {string} given.busy What is told of the main thread.
 * @returns {Promise<{ text: string, sound: boolean }>}
 */
export async function steps({ runners, rounds, weights, noise, say, busy }) {
  /** @type {Cell[]} */
  const cells = [];
  for (const [network, digits] of CELLS) {
    const title = `${TITLES[network]}, ${digits.length}`;
    say(`${title} of ${runners.length} candidates`);
    const images = new Float32Array(784 * digits.length);
    digits.forEach((_, row) => images.set(noise, 784 * row));
    const file = await readFile(new URL(`${network}.safetensors`, weights));
    const results = await measureCell(runners, { network, weights: file, digits, images }, rounds);
    cells.push({ title, results });
  }
  const problems = cells.flatMap(({ title, results }) =>
    results.flatMap(({ runner, problem }) => (problem ? `${title}: ${runner.name}, ${runner.backend}: ${problem}` : [])),
  );
  const unsound = problems.length > 0 ? `**Not sound**\n\n${problems.map((it) => `- ${it}`).join('\n')}` : '';
  const text = [tableOf(cells, busy), notesOf(cells), ratios(cells, busy), unsound].filter(Boolean).join('\n\n');
  return { text, sound: problems.length === 0 };
}

/** @param {Cell[]} cells @param {string} busy */
function tableOf(cells, busy) {
  const rows = cells.flatMap(({ title, results }) =>
    results.map(({ runner, step, spread, busy, first, differs, problem }) => [
      title,
      runner.name,
      runner.backend,
      problem ? `not sound` : `${short(step)} ± ${short(spread)}`,
      short(busy),
      whole(first),
      Number.isFinite(differs) ? differs.toExponential(0) : '–',
    ]),
  );
  const head = ['network, digits', 'library', 'backend', 'ms a step', busy, 'first step, ms', 'p is off by'];
  return table(head, rows, 3);
}

/** @param {Cell[]} cells */
function notesOf(cells) {
  const notes = cells
    .flatMap(({ results }) => results)
    .flatMap(({ runner, note }) => (note ? `${runner.name} on ${runner.backend}: ${note}.` : []));
  return [...new Set(notes)].join(' ');
}

/** The best of the others, in multiples of ours. @param {Cell[]} cells @param {string} busy */
function ratios(cells, busy) {
  const rows = cells.flatMap(({ title, results }) =>
    ['cpu', 'webgpu'].flatMap((kind) => {
      const sound = results.filter((it) => it.runner.kind === kind && !it.problem);
      const ours = sound.findLast((it) => it.runner.ours); // The reference path is before it.
      const peers = sound.filter((it) => !it.runner.ours);
      if (!ours || peers.length === 0) {
        return [];
      }
      return [[title, kind, ratio(ours, peers, 'step'), ratio(ours, peers, 'busy'), ratio(ours, peers, 'first')]];
    }),
  );
  const head = ['best of the others ÷ ours', 'backend', 'ms a step', busy, 'first step'];
  return table(head, rows, 2);
}

/** @param {Result} ours @param {Result[]} peers @param {'step' | 'busy' | 'first'} what */
function ratio(ours, peers, what) {
  const best = peers.reduce((best, it) => (it[what] < best[what] ? it : best));
  const { name, backend } = best.runner;
  return `${short(best[what] / ours[what])} (${name}${backend.startsWith('wasm,') ? `, ${backend.slice(6)}` : ''})`;
}
