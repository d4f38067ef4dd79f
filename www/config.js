// @ts-check
// What a figure can be asked for: its settings as text, in an address or in attributes. Knows of
// no page.
//
//   const { config, notes } = readConfig(new URLSearchParams('digit=7&steps=80'));
//   writeConfig(config);                  // 'network=mlp&digit=7&p=0.9&steps=80&seed=1'

import { isStart } from './start-image.js';

/** @typedef {import('./session.js').NetworkName} NetworkName */
/** @typedef {NetworkName | 'both'} NetworkChoice */
/** @typedef {'slow' | 'normal' | 'full'} Pace */

/**
 * @typedef {object} Config
 * @property {NetworkChoice} network
 * @property {number[]} digits One image for each.
 * @property {number} target The probability to reach.
 * @property {number} steps Where the run ends.
 * @property {number} rate Adam's step size.
 * @property {number} seed Of the start noise.
 * @property {number} deviation Its standard deviation.
 * @property {string} start Where the images begin, if not at noise: `mean3`, or a drawing as
 *   `start-image.js` writes it.
 * @property {Pace} pace
 * @property {boolean} log Whether the loss is drawn on a logarithmic scale.
 * @property {number | undefined} at The iteration on show, if not the last.
 * @property {number | undefined} row The image whose ten probabilities are on show, of several.
 */

/**
 * What is wrong with a text, as a sentence, and what comes nearest to it.
 *
 * @typedef {{ value: any, problem?: string }} Reading
 */

/** @typedef {{ get(name: string): string | null }} Source `URLSearchParams`, or an element's attributes. */

/** @type {Record<NetworkName, string>} */
export const NETWORKS = { mlp: 'MLP', lenet5: 'LeNet-5' };

/** The lab's iterations for each choice of network. */
export const ITERATIONS = { mlp: 50, lenet5: 500, both: 500 };

export const ALL_DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** @satisfies {Record<string, { read: (text: string) => Reading, write: (value: any) => string }>} */
const SETTINGS = {
  network: choice('network', ['mlp', 'lenet5', 'both']),
  digit: { read: readDigits, write: writeDigits },
  p: number('target probability', 0.001, 0.999),
  steps: whole('number of iterations', 1, 100_000),
  seed: whole('seed', 0, 2 ** 32 - 1),
  rate: number('learning rate', 1e-5, 1),
  deviation: number("noise's standard deviation", 0, 1),
  start: { read: readStart, write: String },
  pace: choice('pace', ['slow', 'normal', 'full']),
  log: { read: (text) => ({ value: text !== '0' && text !== 'false' }), write: (on) => (on ? '1' : '0') },
  at: whole('iteration on show', 0, 100_000),
  row: whole('image on show', 0, 9),
};

/** @typedef {keyof typeof SETTINGS} Key */

/** Where the configuration keeps what an address calls otherwise. */
const FIELDS = { digit: 'digits', p: 'target' };

/** Written even when they are what they would be anyway, so that an address can be read. */
const ALWAYS = new Set(['network', 'digit', 'p', 'steps', 'seed']);

/** @type {Config} The lab's. */
const DEFAULTS = {
  network: 'mlp',
  digits: [3],
  target: 0.9,
  steps: ITERATIONS.mlp,
  rate: 0.005,
  seed: 1,
  deviation: 0.01,
  start: '',
  pace: 'normal',
  log: false,
  at: undefined,
  row: undefined,
};

/** Every name that an address or an attribute can have. */
export const KEYS = /** @type {Key[]} */ (Object.keys(SETTINGS));

/**
 * Reads one setting.
 *
 * @param {Key} key
 * @param {string} text
 * @returns {Reading} The nearest value that can be used, and the problem if it is another.
 */
export function readSetting(key, text) {
  return SETTINGS[key].read(text.trim());
}

/**
 * Reads a configuration. What is missing is the lab's, what is unknown is ignored, what cannot be
 * used is replaced by what comes nearest, with a note.
 *
 * @param {Source} source `target` is another name for `p`.
 * @returns {{ config: Config, notes: string[] }}
 */
export function readConfig(source) {
  const config = { ...DEFAULTS };
  /** @type {string[]} */
  const notes = [];
  for (const key of KEYS) {
    const text = source.get(key) ?? (key === 'p' ? source.get('target') : null);
    if (text !== null) {
      const { value, problem } = readSetting(key, text);
      if (problem) {
        notes.push(`${problem} ${write(key, value) || 'Noise'} is used instead.`);
      }
      Object.assign(config, { [fieldOf(key)]: value });
    }
    if (key === 'network') {
      config.steps = ITERATIONS[config.network];
    }
  }
  if (config.row !== undefined && config.row >= config.digits.length) {
    notes.push(`There is no image ${config.row}: they count from 0 to ${config.digits.length - 1}.`);
    config.row = undefined;
  }
  return { config, notes };
}

/**
 * Writes a configuration for an address.
 *
 * @param {Config} config
 */
export function writeConfig(config) {
  return writtenSettings(config)
    .map(([key, text]) => `${key}=${text}`)
    .join('&');
}

/**
 * The settings of a configuration as texts: the five that say what is on show, and those that are
 * not the lab's.
 *
 * @param {Config} config
 * @returns {[Key, string][]}
 */
export function writtenSettings(config) {
  return KEYS.flatMap((key) => {
    const field = fieldOf(key);
    const value = config[field];
    if (value === undefined || (value === DEFAULTS[field] && !ALWAYS.has(key))) {
      return [];
    }
    return [/** @type {[Key, string]} */ ([key, write(key, value)])];
  });
}

/** @param {Key} key @param {any} value @returns {string} */
function write(key, value) {
  return SETTINGS[key].write(value);
}

/**
 * The networks of a choice.
 *
 * @param {NetworkChoice} choice
 * @returns {NetworkName[]}
 */
export function networksOf(choice) {
  return choice === 'both' ? ['mlp', 'lenet5'] : [choice];
}

/** @param {Key} key @returns {keyof Config} */
export function fieldOf(key) {
  return /** @type {keyof Config} */ (/** @type {any} */ (FIELDS)[key] ?? key);
}

/** @param {string} name @param {string[]} values */
function choice(name, values) {
  return {
    /** @param {string} text @returns {Reading} */
    read: (text) =>
      values.includes(text)
        ? { value: text }
        : {
            value: name === 'pace' ? 'normal' : values[0],
            problem: `The ${name} is "${short(text)}". It must be one of: ${values.join(', ')}.`,
          },
    write: String,
  };
}

/** @param {string} name @param {number} least @param {number} most */
function number(name, least, most) {
  return {
    /** @param {string} text @returns {Reading} */
    read(text) {
      const value = text === '' ? NaN : Number(text);
      if (value >= least && value <= most) {
        return { value };
      }
      const nearest = Number.isNaN(value) ? undefined : Math.min(most, Math.max(least, value));
      const problem = `The ${name} is "${short(text)}". It must be a number from ${least} to ${most}.`;
      return { value: nearest ?? fallback(name), problem };
    },
    write: String,
  };
}

/** @param {string} name @param {number} least @param {number} most */
function whole(name, least, most) {
  return {
    /** @param {string} text @returns {Reading} */
    read(text) {
      const value = text === '' ? NaN : Number(text);
      if (Number.isInteger(value) && value >= least && value <= most) {
        return { value };
      }
      const nearest = Number.isNaN(value)
        ? undefined
        : Math.min(most, Math.max(least, Math.round(value)));
      return {
        value: nearest ?? fallback(name),
        problem: `The ${name} is "${short(text)}". It must be a whole number from ${least} to ${most}.`,
      };
    },
    write: String,
  };
}

/** What is used where nothing comes near. @param {string} name */
function fallback(name) {
  return {
    'target probability': DEFAULTS.target,
    'number of iterations': DEFAULTS.steps,
    seed: DEFAULTS.seed,
    'learning rate': DEFAULTS.rate,
    "noise's standard deviation": DEFAULTS.deviation,
  }[name] ?? 0;
}

/** @param {string} text @returns {Reading} */
function readDigits(text) {
  if (text === 'all') {
    return { value: ALL_DIGITS };
  }
  const digits = text.split(',').map((it) => (/^ *\d *$/.test(it) ? Number(it) : NaN));
  if (digits.length <= 10 && digits.every((it) => it <= 9)) {
    return { value: digits };
  }
  return {
    value: DEFAULTS.digits,
    problem: `The digit is "${short(text)}". It must be 0 to 9, several like 3,8, or all.`,
  };
}

/** @param {number[]} digits */
function writeDigits(digits) {
  return String(digits) === String(ALL_DIGITS) ? 'all' : digits.join(',');
}

/** @param {string} text @returns {Reading} */
function readStart(text) {
  if (text === '' || /^mean\d$/.test(text) || isStart(text)) {
    return { value: text };
  }
  return {
    value: '',
    problem: `The start is "${short(text)}". It must be mean0 to mean9, or a drawing made on the page.`,
  };
}

/** @param {string} text */
function short(text) {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}
