// @ts-check
// What runs ahead of the rest of the lab's page: as a script of its own, and as the first import of page.js.

import '../../vendor/integrity.js'; // First: it has the hashes of what the engine loads.
import './ahead.js';
