// Settings that go together, with a name: a preset is a set of settings like any other.

import { type Config, DEFAULTS, iterationsOf } from './config.ts';

/** The settings that a preset sets. */
const FIELDS = [
  'objective', 'parameterization', 'steps', 'rate', 'optimizer', 'l1', 'l2', 'tv', 'distance', 'density', 'diversity',
  'jitter', 'rotation', 'scale', 'gradientBlur',
] as const;

/** Tuned by trying: see the table in tests/README.md for what each gives. */
export const PRESETS: Record<string, { name: string; words: string; settings: Partial<Config> }> = {
  notebook: { name: 'Notebook', words: 'The lab, untouched.', settings: {} },
  legible: {
    name: 'Legible',
    words:
      'Made of the principal components of MNIST; what would be unusual for MNIST costs. Smooth, and shifted at random ' +
      'meanwhile.',
    settings: {
      objective: 'logit', parameterization: 'pca', steps: 150, rate: 0.1, density: 0.5, l1: 0.02, tv: 0.03, jitter: 1,
    },
  },
  sharp: {
    name: 'Sharp',
    words: 'Made of waves (Fourier), from black to white; smooth, and shifted at random meanwhile. It knows nothing of MNIST.',
    settings: { objective: 'logit', parameterization: 'fourier', steps: 150, rate: 0.1, l1: 0.03, tv: 0.05, jitter: 2 },
  },
  sparse: {
    name: 'Sparse',
    words: 'Black with bright strokes: every bright pixel costs (L1).',
    settings: {
      objective: 'logit', parameterization: 'sigmoid', steps: 150, rate: 0.1, l1: 0.08, tv: 0.01, jitter: 1, gradientBlur: 1,
    },
  },
  prior: {
    name: 'Prior',
    words: 'Near the likeliest image, if MNIST were Gaussian; but the network counts ten times as much as it should for that.',
    settings: { objective: 'log-probability', parameterization: 'pca', steps: 150, rate: 0.1, density: 0.05 },
  },
};

/** A configuration with the settings of a preset. */
export function withPreset(config: Config, name: string): Config {
  const plain = { ...DEFAULTS, steps: iterationsOf(config.network) };
  const decided = FIELDS.map((field) => [field, PRESETS[name].settings[field] ?? plain[field]]);
  return { ...config, ...Object.fromEntries(decided) };
}

/** Which preset a configuration has the settings of, if any. */
export function presetOf(config: Config) {
  return Object.keys(PRESETS).find((name) => {
    const preset = withPreset(config, name);
    return FIELDS.every((field) => preset[field] === config[field]);
  });
}
