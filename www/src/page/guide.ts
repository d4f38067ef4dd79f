// The guided path: its discussions quote what the figures have just measured.

import type { NetworkName } from '../engine/networks.ts';
import { sharedEngine } from '../engine/shared-engine.ts';
import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { byId, h } from '../figure/dom.ts';
import { aDigit, percent, signed } from '../figure/words.ts';
import { correlation } from '../player/correlation.ts';
import { writeConfig } from '../settings/config.ts';
import { DrawingPad } from './drawing-pad.ts';
import { connectGuesses } from './guess.ts';
import { exerciseChoice } from './networks/choice.ts';
import { showExercisesWith } from './networks/figures.ts';
import { rememberPlace } from './place.ts';
import { connectQuotes, put } from './quotes.ts';
import { rates } from './rates.ts';
import { ReadingTest } from './reading-test/reading-test.ts';
import { askToRunFirst } from './run-first.ts';
import type { ShareDialog } from './share-dialog.ts';

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/**
 * Connects the measured words, the paper of exercise 2, and below each figure its links and a button to share it.
 *
 * @returns That paper.
 */
export function guide(share: ShareDialog): DrawingPad {
  placeMeans();
  connectQuotes();
  connectGuesses();
  askToRunFirst();
  rememberPlace();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.figure-frame .open a')) {
    const figure = link.closest('.figure-frame')?.querySelector('activation-maximization') as Figure;
    const point = () => (link.href = `#${writeConfig(figure.settings)}`);
    figure.addEventListener('change', point);
    point();
    const open = h('button', { type: 'button', className: 'share' }, 'Share …');
    open.addEventListener('click', () => share.open(figure));
    link.after(open);
  }
  const remark = byId('reading-remark');
  const pad = new DrawingPad({
    network: 'mlp',
    onRead: (reading) => {
      remark.textContent = reading
        ? `It reads your drawing as ${aDigit(reading.digit)}, with ${percent(reading.probability)}.`
        : 'Draw something, and this sentence will speak of it.';
    },
  });
  byId('reader').append(pad.element);
  const adam = byId<Figure>('adam');
  adam.after(rates(adam));
  byId('reading-test').append(new ReadingTest().element);
  byId('exercise-network').append(
    exerciseChoice((network) => {
      showExercisesWith(network);
      pad.network = network ?? 'mlp';
    }),
  );
  return pad;
}

/**
 * Fills in what the networks and the data say of themselves. Can be done again.
 *
 * @returns Rejects, in words for people, when a file cannot be had.
 */
export function quote(): Promise<unknown> {
  return Promise.all([quoteCards(), showMeans()]);
}

/** What the networks' model cards say. They are loaded with the networks anyway. */
async function quoteCards() {
  const engine = await sharedEngine();
  for (const span of measured('[data-card]')) {
    const [network, key] = (span.dataset.card ?? '').split('.');
    const card = await engine.card(network as NetworkName);
    if (card) {
      const { train, test } = card.accuracy;
      const attacked = card.robust?.accuracy;
      put(span, key === 'gap' ? (100 * (train - test)).toFixed(1) : percent({ train, test, attacked }[key] ?? NaN));
    }
  }
}

/** Makes room for the means of the training images. */
function placeMeans() {
  for (let digit = 0; digit < 10; digit += 1) {
    const canvas = h('canvas', {
      width: SIDE,
      height: SIDE,
      role: 'img',
      'aria-label': `Mean training image of the ${digit}`,
    });
    const label = h('span', {}, h('b', {}, String(digit)));
    byId('means-images').append(h('div', { className: 'image' }, canvas, label));
  }
}

async function showMeans() {
  const engine = await sharedEngine();
  const means = await engine.means();
  const picture = engine.paint(means, 0, 1);
  const image = (digit: number) => means.subarray(digit * PIXELS, (digit + 1) * PIXELS);
  for (const [digit, canvas] of byId('means-images').querySelectorAll('canvas').entries()) {
    canvas.getContext('2d')?.putImageData(picture, 0, -digit * SIDE, 0, digit * SIDE, SIDE, SIDE);
  }
  const pairs = [];
  for (let a = 0; a < 10; a += 1) {
    for (let b = a + 1; b < 10; b += 1) {
      pairs.push({ a, b, r: correlation(image(a), image(b)) });
    }
  }
  pairs.sort((one, other) => other.r - one.r);
  for (const [id, pair] of Object.entries({ 'most-alike': pairs[0], 'least-alike': pairs[44] })) {
    put(byId(id), `the ${pair.a} and the ${pair.b} (r = ${signed(pair.r)})`);
  }
}

function measured(selector: string): NodeListOf<HTMLElement> {
  return document.querySelectorAll(`.measured${selector}`);
}
