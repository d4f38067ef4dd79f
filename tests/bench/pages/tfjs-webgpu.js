// @ts-check

import { start } from '../candidates/tfjs.js';
import { show } from './ten-digits.js';

show(start('webgpu'));
