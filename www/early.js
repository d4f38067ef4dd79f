// @ts-check
// What is ahead of the lab's page.

import './vendor/integrity.js'; // First: the engine loads what it speaks of.
import './ahead.js';
