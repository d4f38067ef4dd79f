// A figure on the page: all of its parts, and an experiment drawn into them.

import { networksOf, titleOf } from '../engine/networks.ts';
import { objectiveOf } from '../engine/objectives.ts';
import type { Objective } from '../engine/task.ts';
import type { Experiment } from '../player/experiment.ts';
import type { ShownState } from '../player/states.ts';
import { type Config, DEFAULTS, type Key } from '../settings/config.ts';
import type { CardClass } from './card.ts';
import { Charts } from './charts.ts';
import { CARDS, ColumnView } from './column.ts';
import { h, setChildren } from './dom.ts';
import { GROUPS } from './parts.ts';
import { SettingsForm } from './settings-form.ts';
import { Spoken } from './spoken.ts';
import type { Paint } from './stage.ts';
import { Transport } from './transport.ts';
import { layerAsked, nameOf } from './words-of-objectives.ts';
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
  #message = h('p', { className: 'message' });
  #retry = h('button', { type: 'button', hidden: true }, 'Try again');
  #status = h('div', { className: 'status' }, this.#message, this.#retry);
  #announcement = h('p', { className: 'visually-hidden', role: 'status' });
  /** The last message that was announced. */
  #told = '';
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
  element: HTMLDivElement;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
    const { onChange, onRun, onStep, onReset, onSeek, onRetry } = callbacks;
    const onPace = (pace: string) => onChange('pace', pace);
    this.#transport = new Transport({ onRun, onStep, onReset, onPace, onSeek }, this.#spoken);
    this.#charts = new Charts((log) => onChange('log', log ? '1' : '0'), this.#spoken);
    this.#retry.addEventListener('click', onRetry);
    this.element = h(
      'div',
      { className: 'figure' },
      h(
        'div',
        { className: 'stage' },
        this.#status,
        this.#columns,
        this.#excuse,
        this.#transport.timeline,
        this.#transport.element,
      ),
      this.#cards,
      this.#announcement,
    );
    this.#placeParts();
  }

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
  excuse({ network, objective, digits, steps }: Config) {
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
      this.#keepFocus(() => this.#placeParts());
    }
  }

  #placeParts() {
    const any = (of: string[]) => of.some((name) => this.#parts.has(name));
    const hasForm = any(GROUPS.settings);
    const form = hasForm ? (this.#form ??= this.#makeForm()) : this.#form;
    for (const [name, element] of Object.entries({ ...form?.parts, ...this.#transport.parts })) {
      element.hidden = !this.#parts.has(name);
    }
    form?.element.toggleAttribute('hidden', !hasForm);
    this.#transport.element.hidden = !any(['run', 'step', 'reset', 'pace']);
    this.element.classList.toggle('with-settings', hasForm);
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
    const ofLayer = layerAsked(this.#objective) !== undefined;
    const isShown = ({ part, ofDigits }: CardClass) => parts.has(part) && !(ofLayer && ofDigits);
    this.#made.forEach((made) => made.showParts(parts));
    const shown = [
      ...this.#charts.cards.filter(isShown).map(({ element }) => element),
      ...CARDS.filter(isShown).flatMap((kind) => this.#made.map((made) => made.card(kind))),
    ];
    setChildren(this.#cards, shown);
    this.#cards.hidden = shown.length === 0;
    this.connect();
  }

  /**
   * Hides or removes elements. If the focus was in one of them, the figure takes it, so that the next Tab goes on
   * from here and not from the top of the page.
   */
  #keepFocus(change: () => void) {
    const root = this.element.getRootNode() as Document | ShadowRoot;
    const before = root.activeElement;
    const had = before !== undefined && before !== null && this.element.contains(before);
    change();
    if (had && (root.activeElement !== before || before.getClientRects().length === 0)) {
      this.element.tabIndex = -1;
      this.element.focus({ preventScroll: true });
      // Only for now: later, a click into the figure must not give it the focus.
      this.element.addEventListener('blur', () => this.element.removeAttribute('tabindex'), { once: true });
    }
  }

  /**
   * Shows what is being waited for, or what went wrong; an empty message when all is well.
   *
   * @param kind `failed` offers to try again. `waiting` is shown over the images, so that nothing moves when it comes
   *   and goes.
   */
  say(message: string, kind: 'remark' | 'waiting' | 'failed' = 'remark') {
    this.#keepFocus(() => {
      this.#message.textContent = message;
      this.#status.classList.toggle('failed', kind === 'failed');
      this.#status.classList.toggle('waiting', kind === 'waiting');
      this.#retry.hidden = kind !== 'failed';
    });
    // A screen reader reads that something is loaded, but not every number of megabytes.
    const words = kind === 'waiting' ? message.replace(/ [\d.]+ MB$/, '') : message;
    if (words !== '' || this.#announcement.textContent === this.#told) {
      this.announce(words); // An empty message removes the last one, but no other announcement.
    }
    this.#told = words;
  }

  /** Says below a field why its value cannot be used. */
  refuse(key: Key, words: string) {
    this.#form?.refuse(key, words);
  }

  /** Removes the messages to the person, who has done something else. */
  forget() {
    this.say('');
    this.#form?.forget();
  }

  /** Says something to people who use a screen reader. */
  announce(words: string) {
    if (this.#announcement.textContent !== words) {
      this.#announcement.textContent = words;
    }
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
      this.#charts.keep(names, config.digits);
      this.#transport.showIteration(0, 0, config.steps, 0);
    }
    this.#charts.explain(this.#objective, config);
  }

  /** Makes room for an experiment. */
  arrange(experiment: Experiment, paint: Paint) {
    const { networkResults, digits } = experiment;
    const names = networkResults.map(({ name }) => name);
    this.#begun = true;
    this.#lay(names, digits, networkResults[0].begin.objective ?? 'target-probability');
    this.#made.forEach((made, index) => made.begin({ experiment, networkResult: networkResults[index], paint }));
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
    this.#keepFocus(() => {
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
  draw(experiment: Experiment, config: Config, speed: number, paint: Paint) {
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
