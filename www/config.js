// @ts-check
// What a figure can be asked for: its settings as text, in an address or in attributes. Knows of
// no page.
//
//   const { config, notes } = readConfig(new URLSearchParams('digit=7&steps=80'));
//   writeConfig(config);                  // 'network=mlp&digit=7&p=0.9&steps=80&seed=1'

import { MOST_IN_LAYER, choicesOf, objectiveOf, layerOf, readObjective } from './objectives.js';
import { isConvolutional, networksOf, readNetworks, writeNetworks } from './networks.js';
import { choice, number, short, whole } from './reading.js';
import { isStart } from './start-image.js';

/** @typedef {import('./reading.js').Reading} Reading */
/** @typedef {import('./run.js').ParameterizationName} ParameterizationName */
/** @typedef {import('./run.js').StepSettings} StepSettings */
/** @typedef {'slow' | 'normal' | 'full'} Pace */

/**
 * @typedef {object} Config
 * @property {string} network One or several, side by side: names with commas between them; those of
 *   one's own begin with `own-`.
 * @property {string} objective What is asked of the images: `distance`, `log-probability`, `logit`, `not-8`
 *   (rather than an 8), `channel-conv2` (a layer's units; the digits are then their numbers).
 * @property {number[]} digits One image for each.
 * @property {number} target The probability to reach.
 * @property {number} steps Where the run ends.
 * @property {number} rate Adam's step size.
 * @property {number} seed Of the start noise.
 * @property {number} noiseStd Its standard deviation.
 * @property {string} start Where the images begin, if not at noise: `mean3`, or a drawing as
 *   `start-image.js` writes it.
 * @property {ParameterizationName} parameterization The coordinates in which images are moved.
 * @property {'fused' | 'reference'} path How the iterations are made: see `run.js`.
 * @property {number} l1 Weight of Σ|x|.
 * @property {number} l2 Weight of Σx².
 * @property {number} tv Weight of the total variation.
 * @property {number} near Weight of the squared distance to the start.
 * @property {number} density Weight of Σ(parameter²): with the parameterization `pca`, of being unlike the data.
 * @property {number} diversity Weight of the likeness of images that are made for the same.
 * @property {number} shift Random shifts, in pixels.
 * @property {number} turn Random rotations, in degrees.
 * @property {number} zoom Random changes of scale.
 * @property {number} soften Blur of the gradient, in pixels.
 * @property {Pace} pace
 * @property {boolean} log Whether the loss is drawn on a logarithmic scale.
 * @property {number | undefined} at The iteration on show, if not the last.
 * @property {number | undefined} row The image whose ten probabilities are on show, of several.
 */

/** @typedef {{ get(name: string): string | null }} Source `URLSearchParams`, or an element's attributes. */

export const ALL_DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The lab's iterations: fewer where there are no filters. @param {string} network */
export function iterationsOf(network) {
  return networksOf(network).some(isConvolutional) ? 500 : 50;
}

/** @type {Config} The lab's. */
export const DEFAULTS = {
  network: 'mlp',
  objective: 'distance',
  digits: [3],
  target: 0.9,
  steps: iterationsOf('mlp'),
  rate: 0.005,
  seed: 1,
  noiseStd: 0.01,
  start: '',
  parameterization: 'pixels',
  path: 'fused',
  l1: 0,
  l2: 0,
  tv: 0,
  near: 0,
  density: 0,
  diversity: 0,
  shift: 0,
  turn: 0,
  zoom: 0,
  soften: 0,
  pace: 'normal',
  log: false,
  at: undefined,
  row: undefined,
};

/** @satisfies {Record<string, { read: (text: string) => Reading, write: (value: any) => string }>} */
const SETTINGS = {
  network: { read: readNetworks, write: writeNetworks },
  objective: { read: readObjective, write: String },
  digit: { read: readDigits, write: writeDigits },
  p: number('target probability', 0.001, 0.999, DEFAULTS.target),
  steps: whole('number of iterations', 1, 100_000, DEFAULTS.steps),
  seed: whole('seed', 0, 2 ** 32 - 1, DEFAULTS.seed),
  rate: number('learning rate', 1e-5, 1, DEFAULTS.rate),
  noiseStd: number("noise's standard deviation", 0, 1, DEFAULTS.noiseStd),
  start: { read: readStart, write: String },
  parameterization: choice('parameterization', ['pixels', 'sigmoid', 'fourier', 'pca']),
  path: choice('path', ['fused', 'reference']),
  l1: number('weight of L1', 0, 1000),
  l2: number('weight of L2', 0, 1000),
  tv: number('weight of total variation', 0, 1000),
  near: number('weight of the distance to the start', 0, 1000),
  density: number('weight of being unlike the data', 0, 1000),
  diversity: number('weight of diversity', 0, 1000),
  shift: number('largest shift', 0, 8),
  turn: number('largest rotation', 0, 45),
  zoom: number('largest change of scale', 0, 0.5),
  soften: number('blur of the gradient', 0, 5),
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

/** Of a setting: a drawing has up to 3200. */
const MOST_LETTERS = 4000;

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
  const known = text.trim();
  // Nothing that means something is longer; cut, and with a mark, it means nothing.
  return SETTINGS[key].read(known.length > MOST_LETTERS ? `${known.slice(0, MOST_LETTERS)}…` : known);
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
      config.steps = iterationsOf(config.network);
    }
  }
  if (choicesOf(config) === 0) {
    notes.push(`There is no layer ${layerOf(config.objective)} in ${config.network}. The objective distance is used instead.`);
    config.objective = 'distance';
  }
  const most = choicesOf(config) - 1;
  if (config.digits.some((it) => it > most)) {
    const kept = config.digits.filter((it) => it <= most);
    const what = layerOf(config.objective) === undefined ? 'digits' : 'units of this layer';
    if (config.digits !== ALL_DIGITS) {
      notes.push(`The ${what} are 0 to ${most}. ${kept.join(', ') || '0'} is used instead.`);
    }
    config.digits = kept.length > 0 ? kept : [0];
  }
  if (config.row !== undefined && config.row >= config.digits.length) {
    notes.push(`There is no image ${config.row}: they count from 0 to ${config.digits.length - 1}.`);
    config.row = undefined;
  }
  config.digits = [...config.digits]; // Whoever changes these changes no other's.
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
 * @param {Partial<Config>} config Without all others, it says nothing of them.
 * @returns {[Key, string][]}
 */
export function writtenSettings(config) {
  return KEYS.flatMap((key) => {
    const field = fieldOf(key);
    const value = config[field];
    if (value === undefined || value === null || (value === DEFAULTS[field] && !ALWAYS.has(key))) {
      return [];
    }
    return [/** @type {[Key, string]} */ ([key, write(key, value)])];
  });
}

/** @param {Key} key @param {any} value @returns {string} */
function write(key, value) {
  return SETTINGS[key].write(value);
}

/** What a run begins with, as the engine takes it. @param {Config} config */
export function taskOf({ objective, parameterization, path, seed, noiseStd }) {
  return { objective: objectiveOf(objective), parameterization, path, seed, noiseStd };
}

/** What its steps obey, as the engine takes it. @param {Config} config @returns {StepSettings} */
export function stepSettingsOf({ target, rate, l1, l2, tv, near, density, diversity, shift, turn, zoom, soften }) {
  return {
    target,
    learningRate: rate,
    penalties: { l1, l2, variation: tv, distance: near, density, diversity },
    moves: { shift, rotation: turn, scale: zoom },
    blur: soften,
  };
}

/** @param {Key} key @returns {keyof Config} */
export function fieldOf(key) {
  return /** @type {keyof Config} */ (/** @type {any} */ (FIELDS)[key] ?? key);
}

/** @param {string} text @returns {Reading} */
function readDigits(text) {
  if (text === 'all') {
    return { value: ALL_DIGITS };
  }
  const digits = text.split(',').map((it) => (/^ *\d{1,4} *$/.test(it) ? Number(it) : NaN));
  if (digits.length <= 10 && digits.every((it) => it < MOST_IN_LAYER)) {
    return { value: digits };
  }
  return {
    value: DEFAULTS.digits,
    problem: `The digit is "${short(text)}". It must be 0 to 9, several like 3,8, or all.`,
  };
}

/** @param {unknown} digits A list; or one, or a text, from a script that no compiler has checked. */
function writeDigits(digits) {
  return String(digits) === String(ALL_DIGITS) ? 'all' : String(digits);
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
