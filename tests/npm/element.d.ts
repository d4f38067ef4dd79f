// What TypeScript cannot read from activation-maximization.js: that the browser knows the element by
// its name, the properties that are made from the list of settings, and the events.

import type { ActivationMaximization } from './src/figure/activation-maximization.js';
import type { Config } from './src/settings/config.js';

export * from './src/figure/activation-maximization.js';

/** What takes a setting back to the lab's. */
type None = null | undefined | '';

/** What `step`, `done` and `change` say. */
export interface FigureDetail {
  iteration: number;
  settings: Config;
}

export interface ActivationMaximizationEventMap extends HTMLElementEventMap {
  /** A picture was drawn. */
  step: CustomEvent<FigureDetail>;
  done: CustomEvent<FigureDetail>;
  /** A person changed a setting. */
  change: CustomEvent<FigureDetail>;
  error: ErrorEvent;
}

/** Listeners in templates, where they are named after the events, letter for letter, as React and Svelte do. */
export type ActivationMaximizationListeners = {
  [K in 'step' | 'done' | 'change' | 'error' as `on${K}`]?: (event: ActivationMaximizationEventMap[K]) => void;
};

/** What can be set, in templates as well as from scripts. */
export interface ActivationMaximizationProperties
  extends Partial<{ [K in keyof Omit<Config, 'digits' | 'network' | 'log'>]: Config[K] | `${Config[K] & (string | number)}` | None }> {
  network?: string | string[] | None;
  digit?: number | number[] | string | None;
  log?: boolean | None;
  controls?: boolean | None;
  autoplay?: boolean | None;
  present?: boolean | None;
  show?: string | string[] | None;
  hide?: string | string[] | None;
  loading?: 'eager' | 'lazy' | None;
  settings?: Partial<Config> | null;
}

type Own = Required<Omit<Config, 'digits'>>;

declare module './src/figure/activation-maximization.js' {
  interface ActivationMaximization extends Own {
    get digit(): number[];
    set digit(value: number | number[] | string | None);
    controls: boolean;
    autoplay: boolean;
    present: boolean;
    get show(): string;
    set show(value: string | string[] | None);
    get hide(): string;
    set hide(value: string | string[] | None);
    get loading(): 'eager' | 'lazy';
    set loading(value: 'eager' | 'lazy' | None);
    addEventListener<K extends keyof ActivationMaximizationEventMap>(
      type: K,
      listener: (this: ActivationMaximization, event: ActivationMaximizationEventMap[K]) => unknown,
      options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | AddEventListenerOptions,
    ): void;
    removeEventListener<K extends keyof ActivationMaximizationEventMap>(
      type: K,
      listener: (this: ActivationMaximization, event: ActivationMaximizationEventMap[K]) => unknown,
      options?: boolean | EventListenerOptions,
    ): void;
    removeEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | EventListenerOptions,
    ): void;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'activation-maximization': ActivationMaximization;
  }
}
