// @ts-check
// What is ahead of the lab's page, by itself and as the first of its modules.

import '../../vendor/integrity.js'; // First: the engine loads what it speaks of.
import './ahead.js';
