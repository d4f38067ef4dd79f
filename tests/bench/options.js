// @ts-check
// What the command line asks for.

import { parseArgs } from 'node:util';

import { fail } from './fail.js';

/** @param {string[]} parts Those that there are. */
export function readOptions(parts) {
  const { values } = given(/** @type {const} */ ({ only: { type: 'string' }, rounds: { type: 'string', default: '7' } }));
  const only = values.only?.split(',') ?? parts;
  const unknown = only.find((it) => !parts.includes(it));
  if (unknown !== undefined) {
    fail(`There is no part "${unknown}". The parts are ${parts.join(', ')}.`);
  }
  return { only, all: values.only === undefined, rounds: roundsOf(values.rounds) };
}

/** @param {string} text */
export function roundsOf(text) {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1) {
    fail(`The rounds are "${text}". They must be a whole number from 1.`);
  }
  return rounds;
}

/**
 * @template {import('node:util').ParseArgsConfig['options']} T
 * @param {T} options
 */
export function given(options) {
  try {
    return parseArgs({ options });
  } catch (error) {
    return fail(/** @type {Error} */ (error).message);
  }
}
