// @ts-check

import { ours } from './ours.js';
import { show } from './ten-digits.js';

show(ours('cpu'));
