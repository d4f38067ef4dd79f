// @ts-check

import { start } from '../candidates/jax.js';
import { show } from './ten-digits.js';

show(start('webgpu'));
