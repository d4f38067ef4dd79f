// A figure on the page: all of its parts, and an experiment drawn into them.

import type { Engine } from '../engine/engine.ts';
import { networksOf, titleOf } from '../engine/networks.ts';
import { objectiveOf } from '../engine/objectives.ts';
import type { Objective } from '../engine/task.ts';
import type { Experiment } from '../player/experiment.ts';
import type { Begun } from '../player/playback.ts';
import type { ShownState } from '../player/states.ts';
import { type Config, DEFAULTS, type Key } from '../settings/config.ts';
import type { CardClass } from './card.ts';
import { Charts } from './charts.ts';
import type { Paint } from './colors.ts';
import { CARDS, ColumnView } from './column.ts';
import { h, setChildren } from './dom.ts';
import { keepFocus } from './focus.ts';
import { Messages } from './messages.ts';
import { GROUPS } from './parts.ts';
import { SettingsForm } from './settings-form.ts';
import { Spoken } from './spoken.ts';
import { Transport } from './transport.ts';
import { nameOf } from './words-of-objectives.ts';
import { iterations } from './words.ts';

export interface Callbacks {
  /** A setting is to be changed. */
  onChange: (key: Key | 'preset', text: string) => void;
  onRun: () => void;
  onStep: () => void;
  onReset: () => void;
  onSeek: (iteration: number) => void;
  /** What failed is to be tried again. */
  onRetry: () => void;
}

export class View {
  #callbacks: Callbacks;
  /** Made when a part of it is first shown: most figures have none. */
  #form: SettingsForm | undefined;
  #transport: Transport;
  #columns = h('div', { className: 'columns waiting' });
  #spoken = new Spoken();
  #charts: Charts;
  #cards = h('div', { className: 'cards' });
  /** One a network. */
  #made: ColumnView[] = [];
  #parts = new Set<string>();
  #present = false;
  #objective: Objective = 'target-probability';
  /** Whether there is an experiment. Before that, the configuration says how much room to keep for it. */
  #begun = false;
  /** Shown until the first image is there. */
  #slot: HTMLSlotElement | null = null;
  #config = DEFAULTS;
  /** Printed where there is no image. */
  #excuse = h('p', { className: 'excuse' });
  #engine: Engine | undefined;
  messages: Messages;
  element: HTMLDivElement;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
    const { onChange, onRun, onStep, onReset, onSeek, onRetry } = callbacks;
    const onPace = (pace: string) => onChange('pace', pace);
    this.#transport = new Transport({ onRun, onStep, onReset, onPace, onSeek }, this.#spoken);
    this.#charts = new Charts((log) => onChange('log', log ? '1' : '0'), this.#spoken);
    this.messages = new Messages(onRetry, (change) => keepFocus(this.element, change));
    this.element = h(
      'div',
      { className: 'figure' },
      h(
        'div',
        { className: 'stage' },
        this.messages.element,
        this.#columns,
        this.#excuse,
        this.#transport.timeline,
        this.#transport.element,
      ),
      h('div', { className: 'side' }, this.#cards),
      this.messages.announcement,
    );
    this.#placeParts();
  }

  /** Paints images in the colors of the figure, once there is an experiment. See `Engine`. */
  paint: Paint = (images, low, high, colors = this.#config.colors) => this.#engine!.paint(images, low, high, colors);

  connect() {
    this.#charts.connect();
  }

  disconnect() {
    this.#charts.disconnect();
  }

  /** Draws the charts with the colors of the style sheet as they are now. */
  recolor() {
    this.#charts.recolor();
  }

  /** Shows this until the first image is there. */
  hold(slot: HTMLSlotElement | null) {
    if (slot && this.#columns.classList.contains('waiting')) {
      this.#slot = slot;
      this.#columns.append(slot);
      this.#columns.classList.toggle('held', slot.assignedElements().length > 0);
    } else {
      slot?.remove();
    }
  }

  /** Whether it is shown to a room of people. Most of that is in the style sheet. */
  set present(on: boolean) {
    if (on !== this.#present) {
      this.#present = on;
      this.#charts.recolor(); // With thicker curves and larger numbers.
    }
  }

  /** Whether there is no image yet. */
  get isWaiting() {
    return this.#columns.classList.contains('waiting');
  }

  /** Says on paper what is missing here, if the page has put nothing in its place. */
  excuse() {
    const { network, objective, digits, steps } = this.#config;
    const standIn = this.#slot?.assignedNodes({ flatten: true }) ?? [];
    const isBare = standIn.every((it) => it instanceof Text && it.data.trim() === '');
    const names = networksOf(network).map(titleOf).join(', ');
    const aims = digits.map((digit) => nameOf(objectiveOf(objective), digit)).join(', ');
    this.#excuse.textContent = isBare
      ? `A figure that is computed when it is seen, and had not been when this was printed: ${names}, image ` +
        `for ${aims}, ${iterations(steps)}.`
      : '';
  }

  /** @param parts Those on show; see `parts.ts`. */
  showParts(parts: Set<string>) {
    if (String([...parts]) !== String([...this.#parts])) {
      this.#parts = parts;
      keepFocus(this.element, () => this.#placeParts());
    }
  }

  /** Whether a part is on show. */
  shows(part: string) {
    return this.#parts.has(part);
  }

  #placeParts() {
    const any = (of: string[]) => of.some((name) => this.#parts.has(name));
    const hasForm = any(GROUPS.settings);
    const form = hasForm ? (this.#form ??= this.#makeForm()) : this.#form;
    for (const [name, element] of Object.entries({ ...form?.parts, ...this.#transport.parts })) {
      element.hidden = !this.#parts.has(name);
    }
    form?.element.toggleAttribute('hidden', !hasForm);
    form?.arrange(this.#parts.has('tabs'));
    this.#transport.element.hidden = !any(['run', 'step', 'reset', 'pace']);
    this.element.classList.toggle('with-settings', hasForm);
    this.element.classList.toggle('with-tabs', hasForm && this.#parts.has('tabs'));
    this.#placeCards();
  }

  #makeForm() {
    const form = new SettingsForm(this.#callbacks.onChange);
    form.show(this.#config);
    this.#cards.before(form.element);
    return form;
  }

  #placeCards() {
    const parts = this.#parts;
    const isShown = ({ part, suits }: CardClass) => parts.has(part) && (suits?.(this.#objective) ?? true);
    this.#made.forEach((made) => made.showParts(parts));
    const shown = [
      ...this.#charts.cards.filter(isShown).map(({ element }) => element),
      ...CARDS.filter(isShown).flatMap((kind) => this.#made.map((made) => made.card(kind))),
    ];
    setChildren(this.#cards, shown);
    this.#cards.hidden = shown.length === 0;
    this.connect();
  }

  /** Says below a field why its value cannot be used. */
  refuse(key: Key, words: string) {
    this.#form?.refuse(key, words);
  }

  /** Removes the messages to the person, who has done something else. */
  forget() {
    this.messages.forget();
    this.#form?.forget();
  }

  showState(state: ShownState) {
    this.#transport.showState(state);
    this.#spoken.playing = state === 'playing';
  }

  showConfig(config: Config) {
    this.#form?.show(config);
    this.#transport.showPace(config.pace);
    this.#config = config;
    if (!this.#begun) {
      const names = networksOf(config.network).map(titleOf);
      this.#lay(names, config.digits, objectiveOf(config.objective));
      this.#charts.arrange(names, config.digits);
      this.#transport.showIteration(0, 0, config.steps, 0);
    }
    this.#charts.explain(this.#objective, config);
  }

  /** Shows an experiment in place of another on the same engine. */
  arrangeAgain(experiment: Experiment) {
    this.arrange({ experiment, engine: this.#engine! });
  }

  /** Makes room for an experiment. */
  arrange({ experiment, engine }: Begun) {
    const { paint } = this;
    const { networkResults, digits } = experiment;
    const names = networkResults.map(({ name }) => name);
    this.#engine = engine;
    this.#begun = true;
    this.messages.settle(); // In place of the message on loading.
    this.#lay(names, digits, networkResults[0].begin.objective ?? 'target-probability');
    this.#made.forEach((made, index) => made.begin({ experiment, networkResult: networkResults[index], config: this.#config, paint }));
    this.#charts.explain(this.#objective, this.#config);
    this.#charts.arrange(names, digits);
    this.#transport.enable();
  }

  /**
   * Lays out everything that depends on the networks and the digits, in its full size, so that nothing on the page
   * moves when it is filled.
   *
   * @param names Of the networks.
   * @param digits Or the numbers of neurons or channels.
   */
  #lay(names: string[], digits: number[], objective: Objective) {
    this.#objective = objective;
    while (this.#made.length < names.length) {
      this.#made.push(new ColumnView((row) => this.#callbacks.onChange('row', String(row)), this.#spoken));
    }
    this.#made.length = names.length;
    this.#columns.classList.toggle('several', names.length > 1);
    this.#columns.style.setProperty('--columns', String(names.length));
    keepFocus(this.element, () => {
      const room = { several: names.length > 1, digits, objective, config: this.#config };
      this.#made.forEach((made, index) => made.arrange({ name: names[index], ...room }));
      setChildren(this.#columns, [...this.#made.map(({ element }) => element), ...(this.#slot ? [this.#slot] : [])]);
      this.#placeCards();
    });
  }

  /**
   * Draws an experiment at the iteration on show: of each network what is there of it.
   *
   * @param speed Iterations a second.
   */
  draw(experiment: Experiment, speed: number) {
    const config = this.#config;
    const { paint } = this;
    const { networkResults, iteration: made } = experiment;
    const iteration = Math.min(config.at ?? made, made);
    for (const [index, networkResult] of networkResults.entries()) {
      this.#made[index].draw({ experiment, networkResult, iteration, config, paint }, this.#parts, this.#present);
    }
    if (networkResults.some(({ history }) => history.snapshots.length > 0)) {
      this.#columns.classList.remove('waiting', 'held');
      this.#slot?.remove();
      this.#slot = null;
    }
    this.#charts.draw(experiment, iteration === made ? undefined : iteration);
    this.#transport.showIteration(iteration, made, config.steps, speed);
  }
}
