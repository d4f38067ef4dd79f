// What TypeScript cannot read from activation-maximization.js: that the browser knows the element by
// its name, and the properties that are made from the list of settings.

import type { ActivationMaximization } from './activation-maximization.js';
import type { Config } from './config.js';

export * from './activation-maximization.js';

declare module './activation-maximization.js' {
  interface ActivationMaximization extends Omit<Config, 'digits'> {
    get digit(): number[];
    set digit(value: number | number[] | 'all');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'activation-maximization': ActivationMaximization;
  }
}
