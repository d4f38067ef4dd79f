// For React 19: `import 'actmax/react'` in place of 'actmax/element', and JSX knows the element.

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type {
  ActivationMaximization,
  ActivationMaximizationEventMap,
  ActivationMaximizationProperties,
} from './element.js';

export * from './element.js';

/** React names the listeners of a custom element after its events, letter for letter. */
type Listeners = {
  [K in 'step' | 'done' | 'change' | 'error' as `on${K}`]?: (event: ActivationMaximizationEventMap[K]) => void;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'activation-maximization': DetailedHTMLProps<HTMLAttributes<ActivationMaximization>, ActivationMaximization> &
        ActivationMaximizationProperties &
        Listeners;
    }
  }
}
