// For Svelte 5: `import 'actmax/svelte'` in place of 'actmax/element', and templates know the element.

import type { HTMLAttributes } from 'svelte/elements';
import type {
  ActivationMaximization,
  ActivationMaximizationEventMap,
  ActivationMaximizationProperties,
} from './element.js';

export * from './element.js';

type Listeners = {
  [K in 'step' | 'done' | 'change' | 'error' as `on${K}`]?: (event: ActivationMaximizationEventMap[K]) => void;
};

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'activation-maximization': Omit<HTMLAttributes<ActivationMaximization>, keyof Listeners> &
      ActivationMaximizationProperties &
      Listeners;
  }
}
