// For React 19: `import 'actmax/react'` in place of 'actmax/element', and JSX knows the element.

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type {
  ActivationMaximization,
  ActivationMaximizationListeners,
  ActivationMaximizationProperties,
} from './element.js';

export * from './element.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'activation-maximization': DetailedHTMLProps<HTMLAttributes<ActivationMaximization>, ActivationMaximization> &
        ActivationMaximizationProperties &
        ActivationMaximizationListeners;
    }
  }
}
