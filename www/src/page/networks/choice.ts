// A choice among the networks that there are, as they come and go.

import { type NetworkName, networkNames, onNetworks, ownNames, titleOf } from '../../engine/networks.ts';
import { h } from '../../figure/dom.ts';
import { select } from '../../figure/fields.ts';

/** No network of one's own. */
const NONE = '';

/** The choice of the network that reads what is drawn. */
export function readerChoice(pad: { network: NetworkName }): HTMLElement {
  const usual = pad.network;
  const { element, input } = select('reader', 'Read by', []);
  const offer = () => {
    const names = networkNames();
    if (!names.includes(pad.network)) {
      pad.network = usual;
    }
    input.replaceChildren(...names.map((it) => new Option(titleOf(it), it)));
    input.value = pad.network;
  };
  input.addEventListener('change', () => (pad.network = input.value as NetworkName));
  onNetworks(offer);
  offer();
  element.classList.add('reader-choice');
  return element;
}

/** The choice of the network that the exercises are shown with: hidden until somebody has brought one. */
export function exerciseChoice(onChoose: (network: NetworkName | undefined) => void): HTMLElement {
  const { element, input } = select('exercises', 'Show the exercises with', []);
  const note = h('p', { className: 'caption' }, 'Numbers in bold are of your network. All others were measured with the networks of the lab.');
  const choose = () => {
    note.hidden = input.value === NONE;
    onChoose((input.value as NetworkName) || undefined);
  };
  const offer = () => {
    const names = ownNames();
    const before = input.value;
    input.replaceChildren(
      new Option('the networks of the lab', NONE),
      ...names.map((it) => new Option(titleOf(it), it)),
    );
    input.value = (names as string[]).includes(before) ? before : NONE;
    element.hidden = names.length === 0;
    note.hidden = input.value === NONE;
    if (input.value !== before) {
      choose();
    }
  };
  input.addEventListener('change', choose);
  onNetworks(offer);
  offer();
  element.classList.add('exercise-choice');
  return h('div', {}, element, note);
}
