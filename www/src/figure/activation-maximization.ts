// <activation-maximization>: a live figure, on any page.
//
//   <script type="module" src="…/activation-maximization.js"></script>
//   <activation-maximization network="mlp" digit="3" target="0.9" steps="50" controls autoplay>
//     This is shown until the first image is there, and where there is no JavaScript.
//   </activation-maximization>
//
// Attributes: the settings of config.ts; `controls`, `autoplay`, `present`; `show` and `hide`, lists of the parts in
// figure/parts.ts; `loading="eager"` to begin unseen. Each has a property: see figure/properties.ts.
// Events: `step` (an image was drawn), `done`, `change` (a person changed a setting), `error`.

import { messageOf } from '../engine/engine.ts';
import { onNetworks } from '../engine/networks.ts';
import { Player } from '../player/player.ts';
import type { ShownState as State } from '../player/states.ts';
import { type Config, type Key, readSetting } from '../settings/config.ts';
import { putAsked } from './asked.ts';
import { begin } from './begin.ts';
import { sayLoading } from './loading.ts';
import { Presence } from './presence.ts';
import { Printout } from './printout.ts';
import {
  ATTRIBUTES, defineProperties, putAttribute, putSettings, readAttributes, settingsOf, takeOver,
} from './properties.ts';
import { Shell } from './shell.ts';
import { onceAFrame, together } from './soon.ts';
import { summaryOf } from './summary.ts';
import { NEEDS_NEW_RUN, changed, follow } from './takes-effect.ts';
import { View } from './view.ts';

export type { Engine } from '../engine/engine.ts';
export type { Experiment } from '../player/experiment.ts';
export type { ShownState as State } from '../player/states.ts';
export type { Config, Key } from '../settings/config.ts';

const NAME = 'activation-maximization';

/** The base class. On a server that renders pages there are no elements, and the class is never used. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** Whether the person asked for reduced motion. */
const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export class ActivationMaximization extends Base {
  static observedAttributes = ATTRIBUTES;

  #config: Config = settingsOf(this);
  #view = new View({
    onChange: (key, text) => this.#ask(key, text),
    onRun: () => this.#act(() => (this.state === 'playing' ? this.pause() : this.play())),
    onStep: () => this.#act(() => this.step()),
    onReset: () => this.#act(() => this.reset()),
    onSeek: (iteration) => this.#ask('at', String(iteration)),
    onRetry: () => this.#begin(this.#player.plays),
  });
  #player = new Player({
    begin: () => begin(() => this.#config, () => this.#draw()),
    config: () => this.#config,
    onTick: () => this.#presence.look(),
    onBegin: (begun) => this.#view.arrange(begun),
    onFrame: () => this.#draw(),
    onState: (state) => this.#view.showState(state),
    onDone: () => this.#end(),
    onSlow: (slow) => (slow ? this.#view.messages.restart() : this.#view.messages.settle()),
    onError: (error) => this.#fail(error),
  });
  #shell = new Shell(this, this.#view);
  #presence = new Presence(this.#shell.sealed, {
    onSeen: (seen) => (seen ? this.#appear() : this.#player.see(false)),
    onPaper: (deadline) => this.#print(deadline),
    onScreen: () => this.#printout.putAway(() => {
      this.#view.arrangeAgain(this.experiment!);
      this.#draw();
    }),
    onLeave: () => {
      this.#unlisten();
      this.#player.leave();
    },
  });
  #printout = new Printout(this.#view, (error) => this.#fail(error));
  /** Attributes have changed: they take effect together, once all are set. */
  #change = together(() => this.#update());
  #apply = onceAFrame(() => this.#applyChanges());
  /** The configuration that was last acted on. */
  #applied = this.#config;
  #unlisten = () => {};

  constructor() {
    super();
    this.#view.showState('paused');
    takeOver(this);
  }

  // --- the document's side ---

  connectedCallback() {
    this.#unlisten();
    const deafen = sayLoading(this.#player, this.#view.messages, () => this.#begin(this.#player.plays));
    const unlisten = onNetworks(() => this.#change());
    this.#unlisten = () => {
      deafen();
      unlisten();
    };
    this.#shell.connect();
    this.#change();
    this.#presence.connect();
  }

  disconnectedCallback() {
    this.#presence.disconnect();
    this.#shell.disconnect();
  }

  #appear() {
    this.#shell.look();
    this.#player.see(true);
    if (!this.#player.begun) {
      this.#begin(this.hasAttribute('autoplay') && !isStill());
    }
  }

  #print(deadline: number) {
    const { paper } = this.#presence;
    const figure = { element: this, player: this.#player, onlyStands: this.#onlyStands };
    return this.#printout.make(this.#config, deadline, paper, figure);
  }

  /** Begins a run with the settings as they are. */
  #begin(plays: boolean) {
    this.#applied = this.#config;
    return this.#player.begin(plays);
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null) {
    if (before !== after) {
      this.#change();
    }
    if (name === 'autoplay' && after !== null) {
      this.#autoplay();
    }
  }

  /** Plays a run that stands at its start, like a video whose `autoplay` is set late. */
  #autoplay() {
    if (this.#player.begun && this.state === 'paused' && this.iteration === 0 && !isStill()) {
      this.play();
    }
  }

  #update() {
    if (!this.#shell.isFilled) {
      return; // There is nothing to show before it is in a document, nor where it cannot be shown.
    }
    const { config, parts, remarks } = readAttributes(this);
    this.#config = config;
    this.#view.present = this.hasAttribute('present');
    this.#view.showParts(parts);
    this.#view.showConfig(config);
    this.#view.messages.remark(remarks);
    this.#presence.watch(this.getAttribute('loading') === 'eager');
    this.#apply();
  }

  /** Acts on what has changed in the configuration. */
  #applyChanges() {
    const before = this.#applied;
    const config = this.#config;
    this.#applied = config;
    if (!this.#player.begun) {
      return;
    }
    if (changed(before, config, NEEDS_NEW_RUN)) {
      this.#begin(!this.#onlyStands && (!isStill() || this.state === 'playing'));
    } else {
      follow(this.#player, before, config);
      this.#draw();
    }
  }

  /** Whether it only shows the start of a run: it can play one neither by a button nor by itself, and has not. */
  get #onlyStands() {
    const canRun = this.#view.shows('run') || this.hasAttribute('autoplay');
    return !canRun && !this.#player.plays && this.iteration === 0;
  }

  // --- the page's side: drawing, and hearing of the person ---

  #draw() {
    const { experiment } = this;
    if (!experiment || this.#printout.isShown) {
      return;
    }
    this.#view.draw(experiment, this.#player.speed);
    if (experiment.networkResults.every(({ history }) => history.snapshots.length > 0)) {
      this.#tell('step'); // Only then: listeners look at all networks.
    }
  }

  #end() {
    this.#view.messages.announce(summaryOf(this.experiment!));
    this.#tell('done');
  }

  /**
   * Does what a person asked for, and dispatches `change` when it is done.
   *
   * @param action May return a promise, which does not reject.
   */
  async #act(action: () => unknown) {
    this.#view.forget();
    await action();
    this.#tell('change');
  }

  /** A person asks for a setting, or a preset. */
  #ask(key: Key | 'preset', text: string) {
    const problem = key === 'preset' ? undefined : readSetting(key, text).problem;
    if (key !== 'preset' && problem) {
      this.#view.refuse(key, problem);
      this.#view.showConfig(this.#config);
    } else {
      this.#act(() => putAsked(this, key, text));
    }
  }

  #fail(error: unknown) {
    const message = messageOf(error);
    this.#view.messages.fail(message);
    this.dispatchEvent(new ErrorEvent('error', { error, message }));
  }

  #tell(type: 'step' | 'done' | 'change') {
    // Not read from the attributes again: there is an event in every animation frame.
    const config = this.#config;
    const settings = { ...config, digits: [...config.digits] }; // A copy, which the listener may change.
    const detail = { iteration: this.iteration, settings };
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  // --- the interface ---

  /** The settings. To set them replaces all of them; those left out become the lab's. */
  get settings(): Config {
    return settingsOf(this);
  }

  set settings(config: Partial<Config> | null | undefined) {
    putSettings(this, config);
  }

  get state(): State {
    return this.#player.state;
  }

  /** Iterations made. */
  get iteration() {
    return this.experiment?.iteration ?? 0;
  }

  /** The runs, with all that has been read of them; undefined before the first image. */
  get experiment() {
    return this.#player.experiment;
  }

  /** Paints images in the colors of the figure: pixels, and what becomes dark violet and yellow. */
  get paint() {
    return this.#view.paint;
  }

  /** Plays the run on; a finished one from its start. */
  play() {
    this.removeAttribute('at');
    this.#player.play();
  }

  /** Pauses the run. @returns Settles once it is paused. */
  pause(): Promise<unknown> {
    return this.#player.pause();
  }

  /** Makes one iteration, and pauses. @returns Settles once it is made. */
  step(): Promise<void> {
    this.removeAttribute('at');
    return this.#player.step();
  }

  /** Goes back to the start, and pauses. @returns Settles once it is there. */
  reset(): Promise<void> {
    this.removeAttribute('at');
    return this.#begin(false);
  }

  /** Shows an iteration, and pauses; makes the iterations before it if they are missing. */
  seek(iteration: number) {
    putAttribute(this, 'at', iteration);
  }
}

defineProperties(ActivationMaximization.prototype);

// The page may have defined the element already, by a copy of this module from another address.
if (globalThis.customElements && !customElements.get(NAME)) {
  customElements.define(NAME, ActivationMaximization);
}
