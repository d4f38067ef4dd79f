// "Draw anything but a digit": the network has to say one of ten.

import { byId } from '../figure/dom.ts';
import { aDigit, percent } from '../figure/words.ts';
import { DrawingPad } from './drawing-pad.ts';

const INVITATION = 'A smiley, for example. It will say a digit, whatever you draw.';

/**
 * Connects the pad.
 *
 * @returns That pad.
 */
export function noDigit(): DrawingPad {
  const verdict = byId('no-digit-verdict');
  const pad = new DrawingPad({
    network: 'lenet5',
    onRead: (reading) => {
      pad.element.classList.toggle('untouched', !reading);
      verdict.textContent = reading
        ? `“${reading.digit}”, with ${percent(reading.probability)}. It cannot say that this is not ${aDigit(reading.digit)}.`
        : INVITATION;
    },
  });
  pad.element.classList.add('untouched');
  byId('no-digit-pad').append(pad.element);
  verdict.textContent = INVITATION;
  return pad;
}
