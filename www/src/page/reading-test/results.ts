// What came of the reading test: a table, a row for every network and preset.

import { type NetworkName, titleOf } from '../../engine/networks.ts';
import { h } from '../../figure/dom.ts';
import { mean, percent } from '../../figure/words.ts';
import { PRESETS } from '../../settings/presets.ts';
import type { TestImage } from './images.ts';
import { type Answer, type Score, people, scores } from './score.ts';

const HEAD = ['Made for', 'with', 'The network gives', 'read right', 'saw no digit'];

export class Results {
  #words = h('p');
  #body = h('tbody');
  element = h(
    'section',
    { className: 'results', 'aria-label': 'What was read' },
    this.#words,
    h('table', {}, h('thead', {}, h('tr', {}, ...HEAD.map((it) => h('th', { scope: 'col' }, it)))), this.#body),
    h(
      'p',
      { className: 'caption' },
      'Who guesses is right one time in ten. For answers from a file it is not known how sure the network was: “–”.',
    ),
  );

  /** @param images Of the last test. */
  show(answers: Answer[], images: TestImage[]) {
    const all = scores(answers).sort((a, b) => b.right / b.asked - a.right / a.asked);
    const count = people(answers);
    this.#words.textContent =
      `${count === 1 ? 'One person' : `${count} people`}, ${answers.length} answers. ${summary(all)}`;
    this.#body.replaceChildren(
      ...all.map(({ network, preset, asked, right, none }) => {
        const made = images.filter((it) => it.network === network && it.preset === preset);
        const sure = made.length > 0 ? percent(mean(made.map(({ probability }) => probability))) : '–';
        const cells = [presetName(preset), sure, `${right} of ${asked} (${percent(right / asked)})`, String(none)];
        return h('tr', {}, h('th', { scope: 'row' }, networkName(network)), ...cells.map((it) => h('td', {}, it)));
      }),
    );
  }
}

function summary(all: Score[]) {
  const best = all.at(0);
  const worst = all.at(-1);
  if (!best || !worst || best === worst) {
    return '';
  }
  if (best.right / best.asked === worst.right / worst.asked) {
    return 'All are equally legible.';
  }
  const said = ({ network, preset, right, asked }: Score) =>
    `${networkName(network)} with “${presetName(preset)}” (${right} of ${asked})`;
  return `Most legible: ${said(best)}. Least: ${said(worst)}.`;
}

function presetName(preset: string) {
  return PRESETS[preset]?.name ?? preset;
}

/** A file may come from somebody who had brought a network that is not here. */
function networkName(network: string) {
  return titleOf(network as NetworkName) ?? network;
}
