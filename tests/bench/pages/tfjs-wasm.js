// @ts-check

import { start } from '../candidates/tfjs.js';
import { peer } from './peer.js';
import { show } from './ten-digits.js';

show(peer(start('wasm')));
