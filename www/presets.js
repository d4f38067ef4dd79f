// @ts-check
// Settings that go together, with a name: a preset is a set of settings like any other.

import { DEFAULTS, iterationsOf } from './config.js';

/** @typedef {import('./config.js').Config} Config */

/** What a preset decides. */
const FIELDS = /** @type {const} */ ([
  'objective', 'form', 'steps', 'rate', 'l1', 'l2', 'tv', 'near', 'density', 'diversity',
  'shift', 'turn', 'zoom', 'soften',
]);

/**
 * Tuned by trying: see the table in the README for what each gives.
 *
 * @type {Record<string, { name: string, words: string, settings: Partial<Config> }>}
 */
export const PRESETS = {
  notebook: { name: 'Notebook', words: 'The lab, untouched.', settings: {} },
  legible: {
    name: 'Legible',
    words:
      'Made of the principal components of MNIST, and charged for what is unlike it; smooth, and ' +
      'good when shifted.',
    settings: {
      objective: 'logit', form: 'prior', steps: 150, rate: 0.1, density: 0.5, l1: 0.02, tv: 0.03, shift: 1,
    },
  },
  sharp: {
    name: 'Sharp',
    words: 'Made of waves, within black and white, smooth, and good when shifted. It knows nothing of MNIST.',
    settings: { objective: 'logit', form: 'fourier', steps: 150, rate: 0.1, l1: 0.03, tv: 0.05, shift: 2 },
  },
  sparse: {
    name: 'Sparse',
    words: 'As little ink as will do: every bright pixel is charged for.',
    settings: { objective: 'logit', form: 'sigmoid', steps: 150, rate: 0.1, l1: 0.08, tv: 0.01, shift: 1, soften: 1 },
  },
  prior: {
    name: 'Prior',
    words: 'The likeliest image, if MNIST were Gaussian and the network right.',
    settings: { objective: 'log-probability', form: 'prior', steps: 150, rate: 0.1, density: 0.05 },
  },
};

/**
 * A configuration with the settings of a preset.
 *
 * @param {Config} config
 * @param {string} name
 * @returns {Config}
 */
export function withPreset(config, name) {
  const plain = { ...DEFAULTS, steps: iterationsOf(config.network) };
  const decided = FIELDS.map((field) => [field, PRESETS[name].settings[field] ?? plain[field]]);
  return { ...config, ...Object.fromEntries(decided) };
}

/**
 * Which preset a configuration has the settings of, if any.
 *
 * @param {Config} config
 */
export function presetOf(config) {
  return Object.keys(PRESETS).find((name) => {
    const preset = withPreset(config, name);
    return FIELDS.every((field) => preset[field] === config[field]);
  });
}
