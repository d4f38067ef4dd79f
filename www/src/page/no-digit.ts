// "Draw anything but a digit": the network has to say one of ten. And then, from the drawing: what it would rather see.

import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { byId, h } from '../figure/dom.ts';
import { aDigit, percent } from '../figure/words.ts';
import { DEFAULTS } from '../settings/config.ts';
import { withPreset } from '../settings/presets.ts';
import { writeStart } from '../settings/start-image.ts';
import { DrawingPad, type Reading } from './drawing-pad.ts';

const INVITATION = 'A smiley, for example. It will say a digit, whatever you draw.';

/**
 * Connects the pad, and the figure that starts from what is drawn on it.
 *
 * @returns That pad.
 */
export function noDigit(): DrawingPad {
  const verdict = byId('no-digit-verdict');
  const instead = h('button', { type: 'button', className: 'primary', disabled: true }, 'What it wants instead');
  let last: Reading | undefined;
  const pad = new DrawingPad({
    network: 'lenet5',
    actions: [instead],
    onRead: (reading) => {
      last = reading;
      instead.disabled = !reading;
      pad.element.classList.toggle('untouched', !reading);
      verdict.textContent = reading
        ? `“${reading.digit}”, with ${percent(reading.probability)}. It cannot say that this is not ${aDigit(reading.digit)}.`
        : INVITATION;
    },
  });
  instead.addEventListener('click', () => last && show(last));
  pad.element.classList.add('untouched');
  byId('no-digit-pad').append(pad.element);
  verdict.textContent = INVITATION;
  return pad;
}

/** From a drawing to the digit that was read in it: by the network whose images people can read. */
function show({ image, digit }: Reading) {
  const figure = byId<Figure>('instead');
  const start = { ...DEFAULTS, network: 'robust', digits: [digit], start: writeStart(image) };
  figure.settings = withPreset(start, 'sharp');
  figure.dispatchEvent(new CustomEvent('change')); // For the link to the laboratory.
  byId('instead-words').textContent =
    `From your drawing to what a network would rather see as ${aDigit(digit)}: the robust LeNet-5, with the preset “Sharp”.`;
  const frame = byId('instead-frame');
  frame.hidden = false;
  frame.scrollIntoView({ block: 'nearest' });
}
