// The form for the import options: what the shapes of a network do not say. Every answer shows how many prototypes the
// network reads with it, and the best is preselected; the person decides.

import {
  ACTIVATIONS, FEW, INPUTS, type ImportOptions, type Inputs, POOLINGS, areSame, best,
} from '../../engine/import-options.ts';
import { h } from '../../figure/dom.ts';
import { field, select } from '../../figure/fields.ts';
import { LONGEST } from '../../networks/names.ts';
import type { OptionSearch, Tried } from './option-search.ts';

export interface Callbacks {
  onUse: (name: string, bytes: Uint8Array, parameters: number, tried: Tried) => void;
  onCancel: () => void;
  /** Other inputs are to be tried. */
  onOther: (search: OptionSearch, inputs: Inputs) => void;
}

const OTHER = 'other';

/** The limits of the module for mean and standard deviation. */
const MOST = 100;
const LEAST_STD = 0.001;

export class Questions {
  #callbacks: Callbacks;
  #search: OptionSearch | undefined;
  #recognized = h('p', { className: 'recognized' });
  #name = field('name', 'Name', { type: 'text', maxLength: LONGEST });
  #activation = select('activation', 'Activation', ACTIVATIONS);
  #inputs = select('inputs', 'Pixels that it was trained on', [
    ...INPUTS.map(({ words }, index) => [String(index), words]),
    [OTHER, 'Normalized by other numbers …'],
  ]);
  #mean = field('mean', 'Mean', { step: 'any', value: '0.1307' });
  #std = field('std', 'Standard deviation', { step: 'any', value: '0.3081' });
  #others = h('div', { className: 'pair' }, this.#mean.element, this.#std.element);
  #pooling = select('pooling', 'Pooling', POOLINGS);
  #shape = h('fieldset', { className: 'shapes' });
  #shapes: { input: HTMLInputElement; words: HTMLElement }[] = [];
  #reads = h('p', { className: 'reads', role: 'status' });
  #warning = h('p', { className: 'warning', hidden: true });
  #undecided = h(
    'p',
    { className: 'hint', hidden: true },
    'Where answers read the same number, the prototypes cannot tell which is right. Choose what the ' +
      'network was trained with.',
  );
  #use = h('button', { type: 'submit', className: 'primary' }, 'Use this network');
  #cancel = h('button', { type: 'button' }, 'Cancel');
  element: HTMLFormElement;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
    this.element = h(
      'form',
      { className: 'questions', autocomplete: 'off', hidden: true, 'aria-label': 'The network in the file' },
      this.#recognized,
      this.#name.element,
      this.#shape,
      this.#activation.element,
      this.#inputs.element,
      h('p', { className: 'hint' }, 'Two numbers are a mean and a standard deviation, as for transforms.Normalize.'),
      this.#others,
      this.#pooling.element,
      this.#reads,
      this.#warning,
      this.#undecided,
      h('div', { className: 'answers' }, this.#use, this.#cancel),
    );
    this.#cancel.addEventListener('click', () => this.close(callbacks.onCancel));
    this.element.addEventListener('change', ({ target }) => this.#changed(target));
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      const tried = this.#search?.of(this.#chosen());
      if (this.#search && tried) {
        const { bytes, inspection } = this.#search;
        this.close(() => callbacks.onUse(this.#name.input.value, bytes, inspection.parameters, tried));
      }
    });
  }

  /**
   * Asks about a network that was tried in every usual way.
   *
   * @param name The name that is proposed for it.
   */
  ask(search: OptionSearch, name: string) {
    this.#search = search;
    const { candidates, parameters, layout } = search.inspection;
    const of = layout === 'keras' ? 'Keras' : 'PyTorch';
    this.#recognized.replaceChildren(
      'Recognized: ',
      h('b', {}, candidates.length === 1 ? candidates[0].description : 'a convolutional network'),
      `, ${parameters.toLocaleString('en')} parameters, ${of} layout.`,
    );
    this.#name.input.value = name;
    this.#offerShapes();
    this.#choose(best(search.all).options);
    this.element.hidden = false;
    this.show();
  }

  /** Shows how many prototypes the network reads with the options as chosen, which may not have been tried yet. */
  show() {
    const search = this.#search;
    if (!search) {
      return;
    }
    const options = this.#chosen();
    const tried = search.of(options);
    const answers = this.#answers(options);
    for (const { label, words, other } of answers) {
      const reads = search.of(other)?.reads;
      label.textContent = reads === undefined ? words : `${words} (${reads} of 100)`;
    }
    this.#others.hidden = this.#inputs.input.value !== OTHER;
    this.#pooling.element.hidden = !search.inspection.candidates[options.candidate].pooled;
    this.#activation.element.hidden = answers.every(({ label }) => label.parentElement !== this.#activation.input);
    this.#use.disabled = !tried;
    const reads = tried?.reads ?? 0;
    this.#reads.textContent = tried
      ? `With these answers it reads ${reads} of the 100 prototypes, ten typical images of each digit.`
      : '';
    this.#warning.hidden = tried ? reads >= FEW : areInputs(options);
    this.#warning.textContent = tried
      ? `This network reads ${reads} of 100 digits: are your inputs normalized?`
      : `The mean must be a number from −${MOST} to ${MOST}, and the standard deviation one from ${LEAST_STD} to ${MOST}.`;
    const equals = answers.filter(({ other }) => search.of(other)?.reads === tried?.reads && !areSame(other, options));
    this.#undecided.hidden = !tried || equals.length === 0;
  }

  /** Puts the form away. */
  close(then: () => void) {
    this.element.hidden = true;
    this.#search = undefined;
    then();
  }

  #offerShapes() {
    const { candidates } = this.#search!.inspection;
    this.#shapes = candidates.map((_, index) => ({
      input: h('input', { type: 'radio', name: 'candidate', value: String(index) }),
      words: h('span'),
    }));
    this.#shape.replaceChildren(
      h('legend', {}, 'Its shapes allow several readings'),
      ...this.#shapes.map(({ input, words }) => h('label', {}, input, words)),
    );
    this.#shape.hidden = candidates.length === 1;
  }

  #choose({ activation, pooling, candidate, mean, std }: ImportOptions) {
    this.#activation.input.value = activation;
    this.#pooling.input.value = pooling;
    this.#shapes[candidate].input.checked = true;
    const known = INPUTS.findIndex((it) => it.mean === mean && it.std === std);
    this.#inputs.input.value = String(known);
  }

  #chosen(): ImportOptions {
    const candidate = this.#shapes.findIndex(({ input }) => input.checked);
    const { pooled } = this.#search!.inspection.candidates[candidate];
    return {
      activation: this.#activation.input.value as ImportOptions['activation'],
      pooling: pooled ? (this.#pooling.input.value as ImportOptions['pooling']) : 'max',
      candidate,
      ...this.#inputsAsked(this.#inputs.input.value),
    };
  }

  #inputsAsked(value: string): Inputs {
    if (value === OTHER) {
      return { mean: this.#mean.input.valueAsNumber, std: this.#std.input.valueAsNumber };
    }
    const { mean, std } = INPUTS[Number(value)];
    return { mean, std };
  }

  /**
   * Every answer to every question that is asked, and what the options would be with it.
   *
   * @param options As chosen now.
   */
  #answers(options: ImportOptions): { label: HTMLElement; words: string; other: ImportOptions }[] {
    const { inspection, all } = this.#search!;
    const { pooled } = inspection.candidates[options.candidate];
    const answers = [
      ...ACTIVATIONS.map(([activation, words], index) => ({
        label: this.#activation.input.options[index],
        words,
        other: { ...options, activation },
      })),
      ...INPUTS.map(({ words, mean, std }, index) => ({
        label: this.#inputs.input.options[index],
        words,
        other: { ...options, mean, std },
      })),
      ...POOLINGS.map(([pooling, words], index) => ({
        label: this.#pooling.input.options[index],
        words,
        other: { ...options, pooling: pooled ? pooling : 'max' },
      })),
      ...this.#shapes.map(({ words: label }, candidate) => ({
        label,
        words: inspection.candidates[candidate].description,
        other: {
          ...options,
          candidate,
          pooling: inspection.candidates[candidate].pooled ? options.pooling : 'max',
        },
      })),
    ];
    const isLinear = all.every(({ layers }) => layers.length === 0);
    return isLinear ? answers.slice(ACTIVATIONS.length) : answers;
  }

  #changed(target: EventTarget | null) {
    const search = this.#search;
    if (!search || target === this.#name.input) {
      return;
    }
    this.show();
    if (this.#inputs.input.value === OTHER && areInputs(this.#chosen()) && !search.of(this.#chosen())) {
      this.#callbacks.onOther(search, this.#inputsAsked(OTHER));
    }
  }
}

function areInputs({ mean, std }: Inputs) {
  return Math.abs(mean) <= MOST && std >= LEAST_STD && std <= MOST;
}
