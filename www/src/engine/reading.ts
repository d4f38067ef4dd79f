// Reads settings from text: a choice of a few, a number, a whole number. What cannot be used is replaced, a number by
// the nearest value and anything else by a default, with a sentence that says what was wrong.

/**
 * A value, of the type that the setting has; and what is wrong with the text, if the text does not say exactly this
 * value.
 */
export interface Reading {
  value: any;
  problem?: string;
}

export function choice(name: string, values: string[]) {
  return {
    read: (text: string): Reading =>
      values.includes(text)
        ? { value: text }
        : {
            value: name === 'pace' ? 'normal' : values[0],
            problem: `The ${name} is "${short(text)}". It must be one of: ${values.join(', ')}.`,
          },
    write: String,
  };
}

/** @param otherwise What is used where the text is no number. */
export function number(name: string, least: number, most: number, otherwise = 0) {
  return numeric(name, `a number from ${least} to ${most}`, least, most, otherwise, (value) => value);
}

/** @param otherwise What is used where the text is no number. */
export function whole(name: string, least: number, most: number, otherwise = 0) {
  return numeric(name, `a whole number from ${least} to ${most}`, least, most, otherwise, Math.round);
}

/** As people write numbers: `Number` would take 0x10 for 16, too. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @param kind What it must be, in words.
 * @param rounded Rounds to the nearest number of that kind.
 */
function numeric(
  name: string,
  kind: string,
  least: number,
  most: number,
  otherwise: number,
  rounded: (value: number) => number,
) {
  return {
    read(text: string): Reading {
      const value = DECIMAL.test(text) ? Number(text) : NaN;
      if (value >= least && value <= most && rounded(value) === value) {
        return { value };
      }
      return {
        value: Number.isNaN(value) ? otherwise : Math.min(most, Math.max(least, rounded(value))),
        problem: `The ${name} is ${text === '' ? 'no number' : `"${short(text)}"`}. It must be ${kind}.`,
      };
    },
    write: String,
  };
}

/** A text that cannot be used, shortened to be quoted. */
export function short(text: string) {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}
