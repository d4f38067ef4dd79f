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

import { type Engine, messageOf } from '../engine/engine.ts';
import { lackOfShowing } from '../engine/needs.ts';
import { onNetworks } from '../engine/networks.ts';
import { listen } from '../engine/shared-engine.ts';
import type { Begun } from '../player/playback.ts';
import { Player } from '../player/player.ts';
import type { ShownState as State } from '../player/states.ts';
import { type Config, KEYS, type Key, readConfig, readSetting } from '../settings/config.ts';
import { withPreset } from '../settings/presets.ts';
import { Backdrop } from './backdrop.ts';
import { begin } from './begin.ts';
import { h } from './dom.ts';
import { keepOwnKeys } from './keys.ts';
import { Paper, makeFinished, printed } from './paper.ts';
import { partsOf } from './parts.ts';
import {
  ATTRIBUTES, defineProperties, putAttribute, sourceOf, takeOver, textsOf,
} from './properties.ts';
import { onceAFrame, together } from './soon.ts';
import { styles } from './styles.ts';
import { summaryOf } from './summary.ts';
import { LIVE, NEEDS_NEW_RUN, changed } from './takes-effect.ts';
import { View } from './view.ts';
import { Visibility } from './visibility.ts';

export type { Engine } from '../engine/engine.ts';
export type { Experiment } from '../player/experiment.ts';
export type { ShownState as State } from '../player/states.ts';
export type { Config, Key } from '../settings/config.ts';

const NAME = 'activation-maximization';

/** Milliseconds for which an element may be out of the document, as when it is moved, and keep its run. */
const GRACE = 500;

/** The base class. On a server that renders pages there are no elements, and the class is never used. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** Whether the person asked for reduced motion. */
const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export class ActivationMaximization extends Base {
  static observedAttributes = ATTRIBUTES;

  #config: Config = readConfig(sourceOf(this)).config;
  #view = new View({
    onChange: (key, text) => this.#ask(key, text),
    onRun: () => this.#act(() => (this.state === 'playing' ? this.pause() : this.play())),
    onStep: () => this.#act(() => this.step()),
    onReset: () => this.#act(() => this.reset()),
    onSeek: (iteration) => this.#ask('at', String(iteration)),
    onRetry: () => this.#begin(this.#player.plays),
  });
  #player = new Player({
    begin: () => begin(() => this.#config),
    config: () => this.#config,
    onTick: () => this.#look(),
    onBegin: (begun) => this.#arrange(begun),
    onFrame: () => this.#draw(),
    onState: (state) => this.#view.showState(state),
    onDone: () => this.#end(),
    onSlow: (slow) =>
      slow ? this.#view.say('Restarting the run with these settings …', 'waiting') : this.#view.say(this.#remarks),
    onError: (error) => this.#fail(error),
  });
  /** All of the figure, out of reach of the page's styles; in English, from left to right. */
  #sealed = h('div', { className: 'sealed', dir: 'ltr', lang: 'en' }, h('div', { className: 'measure' }, this.#view.element));
  /** Observes `#sealed`: the element itself has no box where its page says `display: contents`. */
  #visibility = new Visibility(this.#sealed, (visible) => (visible ? this.#appear() : this.#player.see(false)));
  #backdrop: Backdrop | undefined;
  #paper = new Paper(
    (deadline) => this.#print(deadline),
    () => {
      if (!this.#player.begun) {
        this.#stopWatching();
        this.#watch();
      } else if (this.#showsEnd) {
        this.#showsEnd = false;
        this.#view.arrange(this.experiment!, this.#paint);
        this.#draw();
      }
    },
  );
  /** Whether a finished image is being made for printing. */
  #printing = false;
  /** Whether it shows the end of a run for printing, in place of the run that it is at. */
  #showsEnd = false;
  #engine: Engine | undefined;
  /** Whether the figure can play a run: by a button, or by itself. */
  #canRun = false;
  /** Attributes have changed: they take effect together, once all are set. */
  #change = together(() => this.#update());
  #apply = onceAFrame(() => this.#applyChanges());
  /** The configuration that was last acted on. */
  #applied = this.#config;
  /** When it may run: while it is seen or, with `loading="eager"`, always. */
  #runs: 'never' | 'seen' | 'always' = 'never';
  /** What is wrong with the attributes, as sentences. */
  #remarks = '';
  #leaving: ReturnType<typeof setTimeout> | undefined;
  /** Whether it shows that something is being loaded. */
  #loading = false;
  #unlisten = () => {};

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.append(h('slot'));
    keepOwnKeys(root);
    this.#view.showState('paused');
    takeOver(this);
  }

  // --- the document's side ---

  connectedCallback() {
    clearTimeout(this.#leaving);
    this.#unlisten();
    const unlisten = onNetworks(() => this.#change());
    const deafen = listen({
      onProgress: ({ what, bytes, waited }) => {
        if (this.#player.begun && (waited || !this.experiment)) {
          this.#loading = true;
          this.#view.say(`Loading the ${what} … ${(bytes / 1e6).toFixed(1)} MB`, 'waiting');
        }
      },
      onStatus: () => {
        if (this.#player.failed) {
          this.#begin(this.#player.plays); // There was nothing to compute with, and now there is.
        } else if (this.#loading && this.experiment) {
          this.#loading = false;
          this.#view.say(this.#remarks);
        }
      },
    });
    this.#unlisten = () => {
      unlisten();
      deafen();
    };
    this.#attachStyles();
    this.#change();
    this.#paper.connect();
  }

  disconnectedCallback() {
    this.#paper.disconnect();
    this.#stopWatching();
    this.#backdrop?.disconnect();
    this.#view.disconnect();
    // Slides and frameworks move elements about: that takes them out and puts them in again.
    this.#leaving = setTimeout(() => {
      this.#unlisten();
      this.#player.leave();
    }, GRACE);
  }

  /** Begins and pauses as `loading` says. */
  #watch() {
    const runs = this.getAttribute('loading') === 'eager' ? 'always' : 'seen';
    if (!this.isConnected || !this.#backdrop || runs === this.#runs) {
      return;
    }
    this.#stopWatching();
    this.#runs = runs;
    if (runs === 'always') {
      this.#appear();
    } else if (!this.#paper.active) {
      this.#visibility.connect();
    }
  }

  #stopWatching() {
    this.#runs = 'never';
    this.#visibility.disconnect();
    this.#player.see(false);
  }

  #appear() {
    this.#backdrop?.look();
    this.#player.see(true);
    if (!this.#player.begun) {
      this.#begin(this.hasAttribute('autoplay') && !isStill());
    }
  }

  /**
   * On paper, shows the last iteration, if nothing is on show yet. On the screen, it still begins when it is seen.
   *
   * @param deadline See `paper.ts`.
   */
  async #print(deadline: number) {
    const wanted = printed(this);
    const isOfStart = wanted === 'ends' && this.#onlyStands; // A figure of nothing but noise.
    const isOfEnd = this.#paper.isAllPages || (wanted === 'ends' && !isOfStart);
    const isUnfinished = () => this.#view.isWaiting || (isOfEnd && this.state !== 'done' && !this.#showsEnd);
    if (!isUnfinished() || this.#printing || wanted === 'none') {
      return;
    }
    this.#view.excuse(this.#config);
    this.#printing = true;
    if (!this.#player.begun) {
      this.#visibility.disconnect();
    }
    try {
      await makeFinished(
        isOfStart ? { ...this.#config, at: 0 } : this.#config,
        deadline,
        () => this.#paper.active && this.isConnected && isUnfinished(),
        (begun) => {
          this.#arrange(begun);
          this.#view.draw(begun.experiment, this.#config, 0, this.#paint);
          this.#showsEnd = this.#player.begun;
        },
      );
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#printing = false;
    }
  }

  /** Begins a run with the settings as they are. */
  #begin(plays: boolean) {
    this.#applied = this.#config;
    return this.#player.begin(plays);
  }

  /** Stops in time when the element is hidden by a style, of which no observer tells. */
  #look() {
    if (this.#runs === 'seen') {
      this.#visibility.look();
    }
  }

  /** Puts the figure and its style sheets into the shadow root. */
  #attachStyles() {
    const root = this.shadowRoot!;
    const missing = lackOfShowing();
    if (missing) {
      console.warn(missing);
      root.replaceChildren(h('slot'), h('p', {}, missing)); // Below the element's content.
      return;
    }
    root.adoptedStyleSheets = styles(this.ownerDocument);
    if (!this.#sealed.isConnected) {
      const slot = root.querySelector('slot')!;
      slot.dir = getComputedStyle(this).direction; // The element's content is the page's.
      root.prepend(this.#sealed);
      this.#view.hold(slot);
    }
    this.#backdrop ??= new Backdrop(this, this.#sealed, () => this.#view.recolor());
    this.#backdrop.connect();
    this.#view.connect();
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
    if (!this.#backdrop) {
      return; // There is nothing to show before it is in a document, nor where it cannot be shown.
    }
    const { config, notes } = readConfig(sourceOf(this));
    const { parts, notes: more } = partsOf({
      controls: this.hasAttribute('controls'),
      show: this.getAttribute('show') ?? '',
      hide: this.getAttribute('hide') ?? '',
    });
    this.#config = config;
    this.#canRun = parts.has('run') || this.hasAttribute('autoplay');
    this.#view.present = this.hasAttribute('present');
    this.#view.showParts(parts);
    this.#view.showConfig(config);
    const remarks = [...notes, ...more].join(' ');
    if (remarks !== this.#remarks) {
      this.#remarks = remarks;
      this.#view.say(this.#remarks);
    }
    this.#watch();
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
      return;
    }
    if (changed(before, config, LIVE)) {
      this.#player.follow();
    }
    if (config.at !== undefined && changed(before, config, ['at'])) {
      this.#player.seek(config.at);
    }
    this.#draw();
  }

  /** Whether it only shows the start of a run: it cannot play one, and has not. */
  get #onlyStands() {
    return !this.#canRun && !this.#player.plays && this.iteration === 0;
  }

  // --- the page's side: drawing, and hearing of the person ---

  #paint = (images: Float32Array, low: number, high: number) => this.#engine!.paint(images, low, high);

  #arrange({ experiment, engine }: Begun) {
    this.#engine = engine;
    this.#view.say(this.#remarks); // In place of the message on loading.
    this.#view.arrange(experiment, this.#paint);
    experiment.loadTypical().then(() => this.#draw(), () => {}); // Without them, some numbers are not known.
  }

  #draw() {
    const { experiment } = this;
    if (!experiment || this.#showsEnd) {
      return;
    }
    this.#view.draw(experiment, this.#config, this.#player.speed, this.#paint);
    if (experiment.networkResults.every(({ history }) => history.snapshots.length > 0)) {
      this.#tell('step'); // Only then: listeners look at all networks.
    }
  }

  #end() {
    this.#view.announce(summaryOf(this.experiment!));
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
    if (key === 'preset') {
      this.#act(() => (this.settings = { ...withPreset(this.settings, text), at: undefined }));
      return;
    }
    const { problem } = readSetting(key, text);
    if (problem) {
      this.#view.refuse(key, problem);
      this.#view.showConfig(this.#config);
      return;
    }
    this.#act(() => {
      if (key === 'network') {
        this.removeAttribute('steps'); // Each network has its own number.
      }
      if (NEEDS_NEW_RUN.includes(key)) {
        this.removeAttribute('at');
        this.removeAttribute('row');
      }
      if (key === 'row' && text === String(this.#config.row)) {
        this.removeAttribute('row');
      } else if (key === 'log' && text === '0') {
        this.removeAttribute('log');
      } else {
        putAttribute(this, key, text);
      }
    });
  }

  #fail(error: unknown) {
    const message = messageOf(error);
    this.#loading = false;
    this.#view.say(message, 'failed');
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
    return readConfig(sourceOf(this)).config;
  }

  set settings(config: Partial<Config> | null | undefined) {
    const texts = textsOf(config);
    for (const key of KEYS) {
      putAttribute(this, key, texts.get(key));
    }
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

  /** Paints images in the colors of the figure: pixels, and what becomes dark blue and yellow. */
  get paint() {
    return this.#paint;
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
