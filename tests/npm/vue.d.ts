// For Vue 3: `import 'actmax/vue'` in place of 'actmax/element', and templates know the element.

import type { HTMLAttributes, PublicProps } from 'vue';
import type { ActivationMaximizationEventMap, ActivationMaximizationProperties } from './element.js';

export * from './element.js';

type Listeners = {
  [K in 'step' | 'done' | 'change' | 'error' as `on${Capitalize<K>}`]?: (
    event: ActivationMaximizationEventMap[K],
  ) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    'activation-maximization': new () => {
      $props: ActivationMaximizationProperties & Listeners & Omit<HTMLAttributes, keyof Listeners> & PublicProps;
    };
  }
}
