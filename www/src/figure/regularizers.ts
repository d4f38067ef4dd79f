// The part of the form that goes beyond the lab: the objective, the parameterization, the regularizers, the
// transforms, and how all that is computed.

import { commonLayers, layerOf, objectiveIn, positionOf } from '../engine/objectives.ts';
import { type Config, type Key, fieldOf } from '../settings/config.ts';
import { h } from './dom.ts';
import { field, select } from './fields.ts';
import { PositionFields } from './position-fields.ts';
import { neuronOrChannel } from './words-of-objectives.ts';
import { capital } from './words.ts';

/** Name, title, step, most. */
const NUMBERS: [Key, string, number, number][] = [
  ['l1', 'L1: less ink', 0.01, 1000],
  ['l2', 'L2: less ink', 0.01, 1000],
  ['tv', 'Total variation: smooth', 0.01, 1000],
  ['distance', 'Distance to the start', 0.01, 1000],
  ['density', 'Density: like the data', 0.01, 1000],
  ['diversity', 'Diversity', 0.1, 1000],
  ['jitter', 'Jitter, pixels', 1, 8],
  ['rotation', 'Rotation, degrees', 1, 45],
  ['scale', 'Scale: 0.1 is ±10%', 0.01, 0.5],
  ['gradient-blur', 'Gradient blur, pixels', 0.1, 5],
];

const OBJECTIVES = [
  ['target-probability', 'Target probability (the lab’s)'],
  ['log-probability', 'Log-probability'],
  ['logit', 'Logit'],
  ...Array.from({ length: 10 }, (_, digit) => [`logit-minus-${digit}`, `Logit difference: minus the ${digit}`]),
];

export class Regularizers {
  #objective = select('objective', 'Objective', OBJECTIVES);
  position = new PositionFields();
  #parameterization = select('parameterization', 'Parameterization', [
    ['pixels', 'Pixels, unbounded'],
    ['sigmoid', 'Sigmoid: pixels from 0 to 1'],
    ['fourier', 'Fourier: waves, from 0 to 1'],
    ['pca', 'PCA: principal components of MNIST'],
  ]);
  #path = select('path', 'Path', [
    ['fused', 'Fused, where possible'],
    ['reference', 'Reference: Burn’s autodiff'],
  ]);
  #fields = NUMBERS.map(([name, title, step, most]) => ({
    name,
    ...field(name, title, { min: '0', max: String(most), step: String(step) }),
  }));
  /** The layers that are offered, as a text. */
  #layers = '';
  #objectives = h('div', { className: 'objectives' }, this.#objective.element, this.position.element);
  #grid = h('div', { className: 'regularizers' });
  /** All of it in one place. */
  element = h('details', { className: 'more' }, h('summary', {}, 'Objective and regularizers'), this.#grid);

  /** The elements of some settings. */
  of(keys: Key[]): HTMLElement[] {
    return this.#all.filter(({ name }) => keys.includes(name)).map(({ element }) => element);
  }

  /** Puts all of it in one place. */
  gather() {
    this.#grid.replaceChildren(...this.#all.map(({ element }) => element));
  }

  get #all(): { name: Key; element: HTMLElement }[] {
    return [
      { name: 'objective', element: this.#objectives },
      { name: 'parameterization', element: this.#parameterization.element },
      ...this.#fields,
      { name: 'path', element: this.#path.element },
    ];
  }

  show(config: Config) {
    const layers = commonLayers(config.network).map(([name]) => name);
    if (String(layers) !== this.#layers) {
      this.#layers = String(layers);
      this.#offer(layers);
    }
    const { objective } = config;
    // All positions are one choice; which of them is asked for stands in the fields below it.
    this.#objective.input.value = positionOf(objective) ? objectiveIn(layerOf(objective)!, 'center') : objective;
    this.position.show(config);
    this.#parameterization.input.value = config.parameterization;
    this.#path.input.value = config.path;
    for (const { name, put } of this.#fields) {
      put(Number(config[fieldOf(name)]));
    }
  }

  /** @param layers Those that all of the networks have. */
  #offer(layers: string[]) {
    const hidden = layers.flatMap((name) => {
      const words = capital(`${neuronOrChannel(name)} of ${name}`);
      return neuronOrChannel(name) === 'neuron'
        ? [[objectiveIn(name), words]]
        : [
            [objectiveIn(name), `${words}, on average`],
            [objectiveIn(name, 'center'), `${words}, at one position`],
          ];
    });
    this.#objective.input.replaceChildren(
      ...[...OBJECTIVES, ...hidden].map(([value, words]) => h('option', { value }, words)),
    );
  }
}
