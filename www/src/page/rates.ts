// Exercise 4: three learning rates in one chart, and what came of them.

import { messageOf } from '../engine/engine.ts';
import type { NetworkName } from '../engine/networks.ts';
import { sharedEngine } from '../engine/shared-engine.ts';
import { TRACE_STRIDE } from '../engine/trace.ts';
import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { Backdrop } from '../figure/backdrop.ts';
import { card } from '../figure/card.ts';
import { Chart } from '../figure/chart.ts';
import { h } from '../figure/dom.ts';
import { Spoken } from '../figure/spoken.ts';
import { styles } from '../figure/styles.ts';
import { iterations, twoDigits } from '../figure/words.ts';
import { type Config, stepSettingsOf, taskOf } from '../settings/config.ts';

const RATES = [0.0005, 0.005, 0.05];

/** What came of a learning rate. */
interface Outcome {
  rate: number;
  /** The probability of the digit at every iteration, from the start on. */
  probabilities: number[];
  /** The largest pixel at the end, whatever its sign. */
  most: number;
}

/**
 * A button that makes the run of a figure with each rate, and a chart.
 *
 * @param figure Of one network and one digit.
 */
export function rates(figure: Figure): HTMLElement {
  const chart = new Chart('Probability of the digit with three learning rates', new Spoken(), 1);
  const words = h('p', { className: 'caption', role: 'status' });
  const compare = h('button', { type: 'button' }, 'Compare three learning rates');
  const drawn = h('div', { hidden: true });
  const root = drawn.attachShadow({ mode: 'open' }); // For the styles of figures, which are not the page's.
  root.adoptedStyleSheets = styles(document);
  const { element: shown } = card('Three learning rates', 'What the network gives to the digit, at every iteration.', chart.element);
  const sealed = h('div', { className: 'sealed' }, h('div', { className: 'cards' }, shown));
  root.append(sealed);
  const backdrop = new Backdrop(drawn, sealed, () => chart.recolor());
  const element = h('div', { className: 'rates' }, compare, drawn, words);

  compare.addEventListener('click', async () => {
    compare.disabled = true;
    try {
      const { settings } = figure;
      const outcomes = [];
      for (const rate of RATES) {
        outcomes.push(await outcomeOf({ ...settings, rate }));
      }
      drawn.hidden = false;
      backdrop.connect();
      chart.connect();
      chart.arrange(RATES.map((rate, network) => ({ kind: String(rate), digit: settings.digits[0], network })));
      chart.expect(settings.steps, settings.target);
      chart.draw(outcomes.map((it) => it.probabilities), settings.steps);
      words.textContent = said(outcomes, settings.target);
    } catch (error) {
      words.textContent = messageOf(error);
    }
    compare.disabled = false;
  });
  return element;
}

async function outcomeOf(config: Config): Promise<Outcome> {
  const { rate, digits, steps, network } = config;
  const [digit] = digits;
  const engine = await sharedEngine();
  const run = await engine.begin({ network: network as NetworkName, digits: [digit], ...taskOf(config) });
  try {
    const { images, trace, now } = await run.advance(steps, stepSettingsOf(config));
    const logs = Array.from({ length: steps }, (_, at) => trace[at * TRACE_STRIDE + digit]);
    const most = images.reduce((most, pixel) => Math.max(most, Math.abs(pixel)), 0);
    return { rate, probabilities: [...logs, now[digit]].map(Math.exp), most };
  } finally {
    run.free();
  }
}

function said(outcomes: Outcome[], target: number) {
  const wanted = `${Math.round(100 * target)}%`;
  const each = outcomes.map(({ rate, probabilities, most }) => {
    const crossing = probabilities.findIndex((it) => it >= target);
    const when = crossing < 0 ? `does not pass ${wanted}` : `passes ${wanted} after ${iterations(crossing)}`;
    return `At ${rate} it ${when}, and its pixels are within ±${twoDigits(most)}.`;
  });
  return each.join(' ');
}
