// The names of imported networks: for people, and for addresses.

/** The longest name, in letters. */
export const LONGEST = 40;
/** The longest word after `own-` in an address; a number may follow, to tell two apart. */
const LONGEST_WORD = 32;

/** Makes a network's name of a text: one line, not too long. */
export function cleanName(text: string) {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\s+/g, ' ');
  return [...line.trim()].slice(0, LONGEST).join('').trim() || 'My network';
}

/** The name of a file without its ending. */
export function nameOfFile(file: string) {
  return cleanName(file.replace(/\.(safetensors|pth?|bin)$/i, ''));
}

/** A name that is not taken: the given one, or the same with a number. */
export function uniqueName(name: string, taken: string[]) {
  return first(name, ' ', (it) => !taken.includes(it));
}

/**
 * What a network is called in an address.
 *
 * @param name For people.
 */
export function addressName(name: string, isTaken: (name: string) => boolean) {
  const word = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_WORD)
    .replace(/^-|-$/g, '');
  return first(`own-${word || 'network'}`, '-', (it) => !isTaken(it)) as `own-${string}`;
}

function first(name: string, between: string, isFree: (name: string) => boolean) {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name}${between}${number}`;
    if (isFree(tried)) {
      return tried;
    }
  }
}
