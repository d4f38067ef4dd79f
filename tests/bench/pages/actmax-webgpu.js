// @ts-check

import { start } from '../candidates/actmax.js';
import { show } from './ten-digits.js';

/** @typedef {import('../task.js').Candidate} Candidate */

show(/** @type {Promise<Candidate>} */ (start('webgpu'))); // Who asks for no path gets one.
