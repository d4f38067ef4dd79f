// The form of the settings. It shows a configuration and reports what a person wants to change; the configuration
// itself is kept elsewhere.

import { choicesOf, layerOf, objectiveOf } from '../engine/objectives.ts';
import { ALL_DIGITS, type Config, DEFAULTS, type Key, fieldOf, iterationsOf } from '../settings/config.ts';
import { PRESETS, presetOf } from '../settings/presets.ts';
import { h } from './dom.ts';
import { field, isTyped, segments, select, slider } from './fields.ts';
import { NetworkChoice } from './network-choice.ts';
import { Regularizers } from './regularizers.ts';
import { Tabs } from './tabs.ts';
import { hasTarget, neuronOrChannel } from './words-of-objectives.ts';
import { capital } from './words.ts';

/** One thought a tab: its parts, of which it takes one for the tab to be there, and its settings. */
const TABS: Record<string, { parts: string[]; keys: Key[] }> = {
  Network: { parts: ['network', 'digit', 'preset'], keys: ['network', 'digit'] },
  Objective: { parts: ['target', 'more'], keys: ['objective', 'target'] },
  Optimizer: { parts: ['rate', 'optimizer', 'steps'], keys: ['rate', 'optimizer', 'steps'] },
  Regularizers: { parts: ['more'], keys: ['l1', 'l2', 'tv', 'distance', 'density', 'diversity'] },
  Transforms: { parts: ['more'], keys: ['jitter', 'rotation', 'scale', 'gradient-blur'] },
  Image: {
    parts: ['seed', 'noise-std', 'more', 'colors'],
    keys: ['parameterization', 'path', 'start', 'seed', 'noise-std', 'colors', 'color-scale'],
  },
};

export class SettingsForm {
  #onChange: (key: Key | 'preset', text: string) => void;
  #network = new NetworkChoice();
  #preset = select('preset', 'Preset', [
    ...Object.entries(PRESETS).map(([name, it]) => [name, it.name]),
    ['own', 'Your own'],
  ]);
  #presetWords = h('p', { className: 'hint' });
  #presets = h('div', {}, this.#preset.element, this.#presetWords);
  #more = new Regularizers();
  #digit = segments('digit', 'Digit', offered(ALL_DIGITS, 'All ten'));
  /** What is offered in place of digits: a layer, and how many of its neurons or channels. */
  #offered = '';
  #target = slider('target', 'Target probability', { min: '1', max: '99', step: '1' });
  #rate = slider('rate', 'Learning rate', { min: '-4', max: '0', step: '0.1' });
  #optimizer = segments('optimizer', 'Optimizer', [
    ['adam', 'Adam'],
    ['momentum', 'Momentum'],
    ['sgd', 'SGD'],
  ]);
  #steps = field('steps', 'Iterations', { min: '1', max: '100000', inputMode: 'numeric' });
  #seed = field('seed', 'Seed of the noise', { min: '0', max: '4294967295', inputMode: 'numeric' });
  #noiseStd = field('noise-std', 'Noise std. dev.', { min: '0', max: '1', step: 'any' });
  #colors = segments('colors', 'Colors', [
    ['viridis', 'Viridis'],
    ['diverging', 'Diverging'],
  ]);
  #colorScale = segments('color-scale', 'Color scale', [
    ['fitted', 'Fitted'],
    ['fixed', '−1 to 1'],
  ]);
  #coloring = h('div', { className: 'pair coloring' }, this.#colors.element, this.#colorScale.element);
  #hint = h(
    'p',
    { className: 'hint' },
    'Target, learning rate, optimizer, iterations, regularizers and transforms take effect at once: a run goes on ' +
      'with them, and a finished one is restarted with them. All other settings begin a new run, but for the colors.',
  );
  #refusal = h('p', { className: 'refusal', role: 'alert', hidden: true });
  /** Where the settings stand in tabs. */
  #tabs: Tabs | undefined;
  #config = DEFAULTS;
  element: HTMLFormElement;

  /** @param onChange A person wants to change this setting. */
  constructor(onChange: (key: Key | 'preset', text: string) => void) {
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
    this.element = h('form', { className: 'settings', autocomplete: 'off' });
    this.element.addEventListener('submit', (event) => event.preventDefault());
    this.element.addEventListener('input', ({ target }) => this.#moved(target as HTMLInputElement));
    // Firefox dispatches no `change` when one invalid text replaces another: both have an empty value.
    for (const type of ['change', 'keyup', 'focusout']) {
      this.element.addEventListener(type, (event) => {
        const { key, target } = event as KeyboardEvent;
        if (type !== 'keyup' || key === 'Enter') {
          this.#left(target as HTMLInputElement);
        }
      });
    }
  }

  /** Sliders and choices take effect while they change. */
  #moved(input: HTMLInputElement) {
    const own = input.name === 'preset' && input.value === 'own';
    if (['range', 'radio', 'select-one'].includes(input.type) && !own) {
      this.#ask(input);
    }
  }

  /** Fields take effect when they are left, or with Enter. */
  #left(input: HTMLInputElement) {
    if (isTyped(input)) {
      this.#ask(input);
    }
  }

  #ask(input: HTMLInputElement) {
    if (input.name === 'network' || input.name === 'beside') {
      this.#onChange('network', this.#network.chosen(input));
    } else if (this.#more.position.has(input)) {
      this.#askPosition(input);
    } else {
      this.#onChange(input.name as Key, this.#text(input));
    }
  }

  #askPosition(input: HTMLInputElement) {
    const { value, problem } = this.#more.position.read();
    if (problem) {
      this.refuse(input.name, problem);
      this.#more.position.restore();
    } else {
      this.#onChange('objective', value);
    }
  }

  #text(input: HTMLInputElement) {
    if (input.name === 'target') {
      return String(input.valueAsNumber / 100);
    }
    // The slider is logarithmic: ten steps to the next power of ten, 0.0005, 0.005 and 0.05 among them.
    return input.name === 'rate' ? String(rounded(10 ** input.valueAsNumber)) : input.value;
  }

  /** Says, below the row of a field, why its value cannot be used. */
  refuse(name: string, words: string) {
    this.forget();
    const field = this.element.querySelector(`[name="${name}"]`)?.closest('.field');
    if (field) {
      this.#tabs?.reveal(field);
    }
    const bottom = (it: Element | undefined | null) => it?.getBoundingClientRect().bottom ?? 0;
    const row = [...(field?.parentElement?.children ?? [])].filter((it) => bottom(it) <= bottom(field));
    row.findLast((it) => it !== this.#refusal)?.after(this.#refusal);
    this.#refusal.textContent = words;
    this.#refusal.hidden = false;
  }

  /** Removes the message of `refuse`. */
  forget() {
    this.#refusal.hidden = true;
  }

  /** Puts the settings into tabs, or below one another, once those that are not on show are hidden. */
  arrange(tabbed: boolean) {
    if (tabbed !== (this.#tabs !== undefined) || !this.element.hasChildNodes()) {
      this.#tabs = tabbed ? new Tabs('Settings', Object.keys(TABS)) : undefined;
      this.element.classList.toggle('tabbed', tabbed);
      this.element.replaceChildren(...(this.#tabs ? this.#inTabs(this.#tabs) : this.#inRows()));
    }
    const hidden = new Set(Object.entries(this.parts).filter(([, it]) => it.hidden).map(([name]) => name));
    for (const [name, { parts, keys }] of Object.entries(TABS)) {
      this.#tabs?.show(name, !parts.every((it) => hidden.has(it)));
      this.#more.of(keys).forEach((it) => (it.hidden = tabbed && hidden.has('more')));
    }
    this.#mark();
  }

  #inRows() {
    this.#more.gather();
    return [
      this.#network.element,
      this.#digit.element,
      this.#presets,
      this.#more.element,
      this.#target.element,
      this.#rate.element,
      this.#optimizer.element,
      pair(this.#steps.element, this.#seed.element, this.#noiseStd.element),
      this.#hint,
      this.#coloring,
    ];
  }

  #inTabs(tabs: Tabs) {
    const more = (tab: string) => this.#more.of(TABS[tab].keys);
    tabs.panel('Network').append(this.#network.element, this.#digit.element, this.#presets, this.#hint);
    tabs.panel('Objective').append(...more('Objective'), this.#target.element);
    tabs.panel('Optimizer').append(this.#rate.element, this.#optimizer.element, this.#steps.element);
    tabs.panel('Regularizers').append(h('div', { className: 'regularizers' }, ...more('Regularizers')));
    tabs.panel('Transforms').append(h('div', { className: 'regularizers' }, ...more('Transforms')));
    tabs.panel('Image').append(...more('Image'), pair(this.#seed.element, this.#noiseStd.element), this.#coloring);
    return [tabs.list, ...tabs.panels];
  }

  /** Says on each tab whether a setting in it is other than the lab's. */
  #mark() {
    const usual = { ...DEFAULTS, steps: iterationsOf(this.#config.network) };
    const isChanged = (key: Key) => String(this.#config[fieldOf(key)]) !== String(usual[fieldOf(key)]);
    for (const [name, { keys }] of Object.entries(TABS)) {
      this.#tabs?.mark(name, keys.some(isChanged));
    }
  }

  /** The parts of the form, by name, to be shown or hidden. */
  get parts() {
    return {
      network: this.#network.element,
      preset: this.#presets,
      more: this.#more.element,
      digit: this.#digit.element,
      target: this.#target.element,
      rate: this.#rate.element,
      optimizer: this.#optimizer.element,
      steps: this.#steps.element,
      seed: this.#seed.element,
      'noise-std': this.#noiseStd.element,
      colors: this.#coloring,
    };
  }

  show(config: Config) {
    const { network, objective, digits, target, rate, optimizer, steps, seed, noiseStd, start } = config;
    const layer = layerOf(objective);
    this.#config = config;
    this.#mark();
    this.#network.show(network);
    const preset = presetOf(config);
    this.#preset.input.value = preset ?? 'own';
    this.#presetWords.textContent = preset ? PRESETS[preset].words : 'Settings of your own.';
    this.#more.show(config);
    const choices = ALL_DIGITS.slice(0, choicesOf(config));
    if (this.#offered !== `${layer} ${choices.length}`) {
      this.#offered = `${layer} ${choices.length}`;
      this.#digit.legend.textContent = layer === undefined ? 'Digit' : capital(`${neuronOrChannel(layer)} of ${layer}`);
      this.#digit.offer(offered(choices, layer === undefined ? 'All ten' : `0 to ${choices.length - 1}`));
    }
    this.#digit.choose(String(digits) === String(choices) ? 'all' : String(digits));
    this.#target.put(100 * target, `${Number((100 * target).toFixed(1))}%`);
    this.#rate.put(Math.log10(rate), String(rate));
    this.#optimizer.choose(optimizer);
    this.#steps.put(steps);
    this.#seed.put(seed);
    this.#noiseStd.put(noiseStd);
    this.#colors.choose(config.colors);
    this.#colorScale.choose(config.colorScale);
    this.#target.input.disabled = !hasTarget(objectiveOf(objective));
    this.#seed.input.disabled = start !== '';
    this.#noiseStd.input.disabled = start !== '';
  }
}

/** Fields side by side. */
function pair(...fields: HTMLElement[]) {
  return h('div', { className: 'pair' }, ...fields);
}

function rounded(value: number) {
  return Number(value.toPrecision(2));
}

/** One of these, or all. @param all What the last choice is called. */
function offered(digits: number[], all: string) {
  return [...digits.map((digit) => [String(digit), String(digit)]), ['all', all]];
}
