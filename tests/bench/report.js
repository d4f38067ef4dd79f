// @ts-check
// What was measured: printed at once, and kept in a file with the day and the machine.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export class Report {
  /** @type {string[]} */
  #parts = [];

  /** @param {string} part Markdown. */
  add(part) {
    this.#parts.push(part);
    console.log(`${part}\n`);
  }

  /**
   * @param {URL} folder
   * @param {string} kind Of measurement, for the name.
   */
  write(folder, kind) {
    mkdirSync(folder, { recursive: true });
    const day = new Date().toISOString().slice(0, 10);
    const file = fileURLToPath(new URL(`${day}-${kind}.md`, folder));
    writeFileSync(file, `${this.#parts.join('\n\n')}\n`);
    console.error(`Written to ${file}`);
  }
}
