// Checks the options of an engine, as checks.ts checks the rest of the API.

import { checkChoice, quoted, readObject } from './checks.ts';

/**
 * Checks what an engine is to start with.
 *
 * @param names The names of all options.
 */
export function checkOptions(options: unknown, names: string[]) {
  const given = readObject(options, 'What an engine starts with', "{ backend: 'cpu' }");
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`An engine does not start with ${quoted(unknown)}. It starts with: ${names.join(', ')}.`);
  }
  const { backend, onStatus, onProgress, ahead } = given;
  checkChoice('backend', backend, ['auto', 'cpu', 'webgpu']);
  for (const [name, hears] of Object.entries({ onStatus, onProgress })) {
    if (hears !== undefined && typeof hears !== 'function') {
      throw new RangeError(`"${name}" is ${quoted(hears)}. It must be a function.`);
    }
  }
  if (ahead !== undefined && !Array.isArray(ahead)) {
    throw new RangeError(`The files to load ahead are ${quoted(ahead)}. They must be a list, like ['mlp'].`);
  }
}
