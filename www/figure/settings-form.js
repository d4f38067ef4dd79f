// @ts-check
// The form: what the person asks for. It shows a configuration and says what is to be changed; the
// configuration itself is kept elsewhere.

import { ALL_DIGITS, NETWORKS } from '../config.js';
import { h } from '../dom.js';

/** @typedef {import('../config.js').Config} Config */
/** @typedef {import('../config.js').Key} Key */

export class SettingsForm {
  #onChange;
  #network = segments('network', 'Network', [...Object.entries(NETWORKS), ['both', 'Both']]);
  #digit = segments('digit', 'Digit', [
    ...ALL_DIGITS.map((digit) => [String(digit), String(digit)]),
    ['all', 'All ten'],
  ]);
  #target = slider('p', 'Target probability', { min: '1', max: '99', step: '1' });
  #rate = slider('rate', 'Learning rate', { min: '-4', max: '0', step: '0.01' });
  #steps = field('steps', 'Iterations', { min: '1', max: '100000', inputMode: 'numeric' });
  #seed = field('seed', 'Seed of the noise', { min: '0', max: '4294967295', inputMode: 'numeric' });
  #deviation = field('deviation', 'Noise std. dev.', { min: '0', max: '1', step: 'any' });

  /** @param {(key: Key, text: string) => void} onChange Somebody asks for this. */
  constructor(onChange) {
    this.#onChange = onChange;
    const newSeed = h(
      'button',
      { type: 'button', title: 'Another seed', 'aria-label': 'Another seed' },
      '⚄',
    );
    newSeed.addEventListener('click', () =>
      onChange('seed', String(crypto.getRandomValues(new Uint16Array(1))[0])),
    );
    this.#seed.element.append(h('div', { className: 'with-button' }, this.#seed.input, newSeed));
    this.element = h(
      'form',
      { className: 'settings', autocomplete: 'off' },
      this.#network.element,
      this.#digit.element,
      this.#target.element,
      this.#rate.element,
      h('div', { className: 'pair' }, this.#steps.element, this.#seed.element, this.#deviation.element),
      h(
        'p',
        { className: 'hint' },
        'Target, learning rate and iterations act at once, on the run as it is. The others begin a new one.',
      ),
    );
    this.element.addEventListener('submit', (event) => event.preventDefault());
    this.element.addEventListener('input', (event) => this.#changed(event, 'range'));
    this.element.addEventListener('change', (event) => this.#changed(event, 'number'));
  }

  /** Sliders and choices act while they move, fields when they are left. @param {Event} event @param {string} type */
  #changed(event, type) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const kind = input.type === 'radio' ? 'range' : input.type;
    if (kind === type) {
      this.#onChange(/** @type {Key} */ (input.name), this.#text(input));
    }
  }

  /** @param {HTMLInputElement} input */
  #text(input) {
    if (input.name === 'p') {
      return String(input.valueAsNumber / 100);
    }
    // The slider is logarithmic; two digits are enough.
    return input.name === 'rate' ? String(rounded(10 ** input.valueAsNumber)) : input.value;
  }

  /** The parts of the form, by name, to be shown or hidden. */
  get parts() {
    return {
      network: this.#network.element,
      digit: this.#digit.element,
      p: this.#target.element,
      rate: this.#rate.element,
      steps: this.#steps.element,
      seed: this.#seed.element,
      deviation: this.#deviation.element,
    };
  }

  /** @param {Config} config */
  show({ network, digits, target, rate, steps, seed, deviation, start }) {
    this.#network.choose(network);
    this.#digit.choose(String(digits) === String(ALL_DIGITS) ? 'all' : String(digits));
    this.#target.put(100 * target, `${Number((100 * target).toFixed(1))}%`);
    this.#rate.put(Math.log10(rate), String(rate));
    this.#steps.input.value = String(steps);
    this.#seed.input.value = String(seed);
    this.#deviation.input.value = String(deviation);
    this.#seed.input.disabled = start !== '';
    this.#deviation.input.disabled = start !== '';
  }
}

/** @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(2));
}

/**
 * A choice of a few.
 *
 * @param {string} name
 * @param {string} title
 * @param {string[][]} values Each with its label.
 */
export function segments(name, title, values) {
  const inputs = values.map(([value]) => h('input', { type: 'radio', name, value }));
  const element = h(
    'fieldset',
    { className: `segments ${name}` },
    h('legend', {}, title),
    ...inputs.map((input, index) => h('label', {}, input, h('span', {}, values[index][1]))),
  );
  const choose = (/** @type {string} */ value) => {
    for (const input of inputs) {
      input.checked = input.value === value;
    }
  };
  return { element, choose };
}

/** @param {string} name @param {string} title @param {Partial<HTMLInputElement>} range */
function slider(name, title, range) {
  const input = h('input', { type: 'range', name, 'aria-label': title, ...range });
  const output = h('output');
  const element = h('div', { className: 'field' }, h('span', { className: 'label' }, title), output, input);
  /** @param {number} value @param {string} words */
  const put = (value, words) => {
    input.valueAsNumber = value;
    output.textContent = words;
    input.setAttribute('aria-valuetext', words);
  };
  return { element, put };
}

/** @param {string} name @param {string} title @param {Partial<HTMLInputElement>} range */
function field(name, title, range) {
  const input = h('input', { type: 'number', name, 'aria-label': title, ...range });
  const element = h('div', { className: 'field' }, h('span', { className: 'label' }, title), input);
  return { element, input };
}
