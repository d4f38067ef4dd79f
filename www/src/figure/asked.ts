// What a person asks of a figure becomes its attributes: they are all that it is made from.

import type { Key } from '../settings/config.ts';
import { withPreset } from '../settings/presets.ts';
import type { ActivationMaximization as Figure } from './activation-maximization.ts';
import { putAttribute } from './properties.ts';
import { NEEDS_NEW_RUN } from './takes-effect.ts';

/** @param key A setting, whose text can be used; or `preset`. */
export function putAsked(figure: Figure, key: Key | 'preset', text: string) {
  if (key === 'preset') {
    figure.settings = { ...withPreset(figure.settings, text), at: undefined };
    return;
  }
  if (key === 'network') {
    figure.removeAttribute('steps'); // Each network has its own number.
  }
  if (NEEDS_NEW_RUN.includes(key)) {
    figure.removeAttribute('at');
    figure.removeAttribute('row');
  }
  if (key === 'row' && text === String(figure.settings.row)) {
    figure.removeAttribute('row');
  } else if (key === 'log' && text === '0') {
    figure.removeAttribute('log');
  } else {
    putAttribute(figure, key, text);
  }
}
