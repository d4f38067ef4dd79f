// The choice of networks in the form: one, or several of those that are shipped; and, once somebody
// has brought one of their own, any of them beside it.

import { networkNames, networksOf, ownNames, titleOf } from '../engine/networks.ts';
import { h } from './dom.ts';
import { segments, select } from './fields.ts';

const TOGETHER = [
  ['mlp,lenet5', 'MLP + LeNet-5'],
  ['lenet5,robust', 'LeNet-5 + robust'],
  ['control,robust', 'Control + robust'],
  ['mlp,lenet5,control,robust', 'All four'],
];

/** No network beside it. */
const ALONE = '';

export class NetworkChoice {
  /** The choices that are offered. */
  #offered = '';
  #choices = segments('network', 'Network', []);
  #beside = select('beside', 'Beside it', []);
  #main = 'mlp';
  element = h('div', { className: 'network-choice' }, this.#choices.element, this.#beside.element);

  /** What is chosen, as the configuration has it. */
  chosen(changed: HTMLInputElement | HTMLSelectElement) {
    const main = changed.name === 'network' ? changed.value : this.#main;
    const names = [...networksOf(main), this.#beside.input.value].filter((it) => it !== ALONE);
    return [...new Set(names)].join(',');
  }

  /** @param network Of the configuration. */
  show(network: string) {
    const own = ownNames();
    const offered = JSON.stringify(own.map((it) => [it, titleOf(it)]));
    if (offered !== this.#offered) {
      this.#offered = offered;
      this.#offer();
    }
    const names = networksOf(network);
    const last = names[names.length - 1];
    // The last stands beside the others, unless they are offered together.
    const together = TOGETHER.some(([it]) => it === network) || names.length === 1;
    this.#main = together ? network : names.slice(0, -1).join(',');
    this.#choices.choose(this.#main);
    this.#beside.input.value = together ? ALONE : last;
  }

  #offer() {
    const own = ownNames();
    const names = networkNames();
    const one = (it: string) => [it, titleOf(it)];
    const shipped = names.filter((it) => !own.includes(it));
    this.#choices.offer([...shipped.map(one), ...TOGETHER, ...own.map(one)]);
    this.#beside.input.replaceChildren(
      ...[[ALONE, 'Nothing'], ...names.map(one)].map(([value, words]) => h('option', { value }, words)),
    );
    this.#beside.element.hidden = own.length === 0;
  }
}
