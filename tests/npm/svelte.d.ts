// For Svelte 5: `import 'actmax/svelte'` in place of 'actmax/element', and templates know the element.

import type { HTMLAttributes } from 'svelte/elements';
import type {
  ActivationMaximization,
  ActivationMaximizationListeners,
  ActivationMaximizationProperties,
} from './element.js';

export * from './element.js';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'activation-maximization': Omit<HTMLAttributes<ActivationMaximization>, keyof ActivationMaximizationListeners> &
      ActivationMaximizationProperties &
      ActivationMaximizationListeners;
  }
}
