// @ts-check

import { start } from '../candidates/jax.js';
import { peer } from './peer.js';
import { show } from './ten-digits.js';

show(peer(start('webgpu')));
