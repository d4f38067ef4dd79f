// The settings of a figure as text, in an address or in attributes. Knows of no page.
//
//   const { config, notes } = readConfig(new URLSearchParams('digit=7&steps=80'));
//   writeConfig(config);                  // 'network=mlp&digit=7&target=0.9&steps=80&seed=1'

import type { ColorMap } from '../engine/checks.ts';
import { isConvolutional, networksOf, readNetworks, writeNetworks } from '../engine/networks.ts';
import { MOST_IN_LAYER, choicesOf, layerOf, objectiveIn, objectiveOf, problemOfPosition, readObjective } from '../engine/objectives.ts';
import { type Reading, choice, number, short, whole } from '../engine/reading.ts';
import type { OptimizerName, ParameterizationName, StepSettings } from '../engine/task.ts';
import { isStart } from './start-image.ts';

export type Pace = 'slow' | 'normal' | 'full';
export type ColorScale = 'fitted' | 'fixed';

export interface Config {
  /** One or several, side by side: names with commas between them; those of one's own begin with `own-`. */
  network: string;
  /**
   * What is maximized: `target-probability`, `log-probability`, `logit`, `logit-minus-8`, `neuron-fc1`, or
   * `channel-conv2`, the average of a channel, and `channel-conv2-center` and `channel-conv2-at-0-7`, one position of
   * its map (`digits` are then the numbers of neurons or channels).
   */
  objective: string;
  /** One image for each. */
  digits: number[];
  /** The probability to reach. */
  target: number;
  /** The number of iterations. */
  steps: number;
  /** The learning rate. */
  rate: number;
  /** What turns the gradient into a step. */
  optimizer: OptimizerName;
  /** Of the noise that images start from. */
  seed: number;
  /** The standard deviation of the noise. */
  noiseStd: number;
  /** Where the images begin, if not at noise: `mean3`, or a drawing as `start-image.ts` writes it. */
  start: string;
  /** What is optimized: the pixels, or what they are computed from. */
  parameterization: ParameterizationName;
  /** How the iterations are made: see `run.ts`. */
  path: 'fused' | 'reference';
  /** Weight of Σ|x|. */
  l1: number;
  /** Weight of Σx². */
  l2: number;
  /** Weight of the total variation. */
  tv: number;
  /** Weight of the squared distance to the start. */
  distance: number;
  /** Weight of Σ(parameter²): with the parameterization `pca`, the negative log-density of the data. */
  density: number;
  /** Weight of the correlation between images that have the same objective. */
  diversity: number;
  /** The largest random shift, in pixels. */
  jitter: number;
  /** The largest random rotation, in degrees. */
  rotation: number;
  /** The largest random change of scale: 0.1 is 10%. */
  scale: number;
  /** The standard deviation of the blur of the gradient, in pixels. */
  gradientBlur: number;
  pace: Pace;
  /** How pixels become colors. */
  colors: ColorMap;
  /** Which pixels become the ends of the colors: those of the images on show, or −1 and 1. */
  colorScale: ColorScale;
  /** Whether the loss is drawn on a logarithmic scale. */
  log: boolean;
  /** The iteration on show, if not the last. */
  at: number | undefined;
  /** The image whose ten probabilities are on show, of several. */
  row: number | undefined;
}

/** `URLSearchParams`, or an element's attributes. */
export interface Source {
  get(name: string): string | null;
}

export const ALL_DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The lab's iterations: fewer for networks without convolutions. */
export function iterationsOf(network: string) {
  return networksOf(network).some(isConvolutional) ? 500 : 50;
}

/** The lab's. */
export const DEFAULTS: Config = {
  network: 'mlp',
  objective: 'target-probability',
  digits: [3],
  target: 0.9,
  steps: iterationsOf('mlp'),
  rate: 0.005,
  optimizer: 'adam',
  seed: 1,
  noiseStd: 0.01,
  start: '',
  parameterization: 'pixels',
  path: 'fused',
  l1: 0,
  l2: 0,
  tv: 0,
  distance: 0,
  density: 0,
  diversity: 0,
  jitter: 0,
  rotation: 0,
  scale: 0,
  gradientBlur: 0,
  pace: 'normal',
  colors: 'viridis',
  colorScale: 'fitted',
  log: false,
  at: undefined,
  row: undefined,
};

/** How each setting is read, and how a value of its own type is written. */
const SETTINGS = {
  network: { read: readNetworks, write: writeNetworks },
  objective: { read: readObjective, write: String },
  digit: { read: readDigits, write: writeDigits },
  target: number('target probability', 0.001, 0.999, DEFAULTS.target),
  steps: whole('number of iterations', 1, 100_000, DEFAULTS.steps),
  seed: whole('seed', 0, 2 ** 32 - 1, DEFAULTS.seed),
  rate: number('learning rate', 1e-5, 1, DEFAULTS.rate),
  optimizer: choice('optimizer', ['adam', 'momentum', 'sgd']),
  'noise-std': number("noise's standard deviation", 0, 1, DEFAULTS.noiseStd),
  start: { read: readStart, write: String },
  parameterization: choice('parameterization', ['pixels', 'sigmoid', 'fourier', 'pca']),
  path: choice('path', ['fused', 'reference']),
  l1: number('weight of L1', 0, 1000),
  l2: number('weight of L2', 0, 1000),
  tv: number('weight of total variation', 0, 1000),
  distance: number('weight of the distance to the start', 0, 1000),
  density: number('weight of the density', 0, 1000),
  diversity: number('weight of diversity', 0, 1000),
  jitter: number('jitter', 0, 8),
  rotation: number('largest rotation', 0, 45),
  scale: number('largest change of scale', 0, 0.5),
  'gradient-blur': number('gradient blur', 0, 5),
  pace: choice('pace', ['slow', 'normal', 'full']),
  colors: choice('color map', ['viridis', 'diverging']),
  'color-scale': choice('color scale', ['fitted', 'fixed']),
  log: { read: (text) => ({ value: text !== '0' && text !== 'false' }), write: (on) => (on ? '1' : '0') },
  at: whole('iteration on show', 0, 100_000),
  row: whole('image on show', 0, 9),
} satisfies Record<string, { read: (text: string) => Reading; write: (value: any) => string }>;

export type Key = keyof typeof SETTINGS;

/**
 * The fields of a configuration that have another name than in an address. (None is called `blur`: elements have a
 * method of this name.)
 */
const FIELDS: Partial<Record<Key, keyof Config>> = {
  digit: 'digits',
  'noise-std': 'noiseStd',
  'gradient-blur': 'gradientBlur',
  'color-scale': 'colorScale',
};

/** Written even when they have their default values, so that people can read an address. */
const ALWAYS = new Set(['network', 'digit', 'target', 'steps', 'seed']);

/** The most letters of a setting: a drawing has up to 3200. */
const MOST_LETTERS = 4000;

/** Every name that an address or an attribute can have. */
export const KEYS = Object.keys(SETTINGS) as Key[];

/**
 * Reads one setting.
 *
 * @returns A value that can be used, and what is wrong with the text if the value is another.
 */
export function readSetting(key: Key, text: string): Reading {
  const known = text.trim();
  // No valid text is longer. With the mark at its end, what is cut off here is not valid either.
  return SETTINGS[key].read(known.length > MOST_LETTERS ? `${known.slice(0, MOST_LETTERS)}…` : known);
}

/**
 * Reads a configuration. Missing settings are the lab's, unknown ones are ignored, and a value that cannot be used
 * is replaced by the nearest one or a default, with a note.
 */
export function readConfig(source: Source): { config: Config; notes: string[] } {
  const config = { ...DEFAULTS };
  const notes: string[] = [];
  for (const key of KEYS) {
    const text = source.get(key);
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
    notes.push(`There is no layer ${layerOf(config.objective)} in ${config.network}. The objective target-probability is used instead.`);
    config.objective = 'target-probability';
  }
  const misplaced = problemOfPosition(config);
  if (misplaced) {
    config.objective = objectiveIn(layerOf(config.objective)!, 'center');
    notes.push(`${misplaced} ${config.objective} is used instead.`);
  }
  const most = choicesOf(config) - 1;
  if (config.digits.some((it) => it > most)) {
    const kept = config.digits.filter((it) => it <= most);
    const wrong = config.digits.find((it) => it > most);
    const layer = layerOf(config.objective);
    const what = layer === undefined ? 'digit' : layer.startsWith('conv') ? 'channel' : 'neuron';
    if (config.digits !== ALL_DIGITS) {
      const where = layer === undefined ? '' : ` in ${layer}`;
      notes.push(`There is no ${what} ${wrong}${where}: they are 0 to ${most}. ${kept.join(', ') || '0'} is used instead.`);
    }
    config.digits = kept.length > 0 ? kept : [0];
  }
  if (config.row !== undefined && config.row >= config.digits.length) {
    notes.push(`There is no image ${config.row}: they count from 0 to ${config.digits.length - 1}.`);
    config.row = undefined;
  }
  config.digits = [...config.digits]; // A copy: the caller may change it.
  return { config, notes };
}

/** Writes a configuration for an address. */
export function writeConfig(config: Config) {
  return writtenSettings(config)
    .map(([key, text]) => `${key}=${text}`)
    .join('&');
}

/**
 * The settings of a configuration as texts: the five that are always written, and those that differ from the lab's.
 *
 * @param config Settings that are left out are not written.
 */
export function writtenSettings(config: Partial<Config>): [Key, string][] {
  return KEYS.flatMap((key) => {
    const field = fieldOf(key);
    const value = config[field];
    if (value === undefined || value === null || (value === DEFAULTS[field] && !ALWAYS.has(key))) {
      return [];
    }
    return [[key, write(key, value)] as [Key, string]];
  });
}

/** @param value Of the type that this key has. */
function write(key: Key, value: any): string {
  return SETTINGS[key].write(value);
}

/** What a run begins with, for the engine. */
export function taskOf({ objective, parameterization, path, seed, noiseStd }: Config) {
  return { objective: objectiveOf(objective), parameterization, path, seed, noiseStd };
}

/** The settings of its steps, for the engine. */
export function stepSettingsOf(config: Config): StepSettings {
  const { target, rate, optimizer, l1, l2, tv, distance, density, diversity, jitter, rotation, scale, gradientBlur } = config;
  return {
    target,
    learningRate: rate,
    optimizer,
    regularizers: { l1, l2, totalVariation: tv, startDistance: distance, density, diversity },
    transforms: { jitter, rotation, scale },
    gradientBlur,
  };
}

export function fieldOf(key: Key): keyof Config {
  return FIELDS[key] ?? (key as keyof Config);
}

function readDigits(text: string): Reading {
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

/** @param digits A list; or one digit, or a text, from a script without types. */
function writeDigits(digits: unknown) {
  return String(digits) === String(ALL_DIGITS) ? 'all' : String(digits);
}

function readStart(text: string): Reading {
  if (text === '' || /^mean\d$/.test(text) || isStart(text)) {
    return { value: text };
  }
  return {
    value: '',
    problem: `The start is "${short(text)}". It must be mean0 to mean9, or a drawing made on the page.`,
  };
}
