// @ts-check
// The names of imported networks: for people, and for addresses.

/** The longest name, in letters. */
export const LONGEST = 40;
/** The longest word after `own-` in an address; a number may follow, to tell two apart. */
const LONGEST_WORD = 32;

/**
 * Makes a network's name of a text: one line, not too long.
 *
 * @param {string} text
 */
export function cleanName(text) {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\s+/g, ' ');
  return [...line.trim()].slice(0, LONGEST).join('').trim() || 'My network';
}

/** The name of a file without its ending. @param {string} file */
export function nameOfFile(file) {
  return cleanName(file.replace(/\.(safetensors|pth?|bin)$/i, ''));
}

/**
 * A name that is not taken: the given one, or the same with a number.
 *
 * @param {string} name
 * @param {string[]} taken
 */
export function uniqueName(name, taken) {
  return first(name, ' ', (it) => !taken.includes(it));
}

/**
 * What a network is called in an address.
 *
 * @param {string} name For people.
 * @param {(name: string) => boolean} isTaken
 */
export function addressName(name, isTaken) {
  const word = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_WORD)
    .replace(/^-|-$/g, '');
  return /** @type {`own-${string}`} */ (first(`own-${word || 'network'}`, '-', (it) => !isTaken(it)));
}

/** @param {string} name @param {string} between @param {(name: string) => boolean} isFree */
function first(name, between, isFree) {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name}${between}${number}`;
    if (isFree(tried)) {
      return tried;
    }
  }
}
