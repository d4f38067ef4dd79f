// @ts-check
// What the presets of the page take a step, on both backends.

import { open } from '../page/browser.js';
import { ALL_DIGITS, DEFAULTS, stepSettingsOf, taskOf } from '../../www/src/settings/config.ts';
import { PRESETS, withPreset } from '../../www/src/settings/presets.ts';
import { median } from './measure.js';
import { BLANK } from './server.js';
import { short, table } from './table.js';

const BACKENDS = /** @type {const} */ (['cpu', 'webgpu']);

/** Milliseconds that a round takes, about. */
const ROUND = 300;

/** @param {import('./bench.js').Stage} stage */
export async function presets({ browser, url, rounds }) {
  const rows = [];
  for (const [preset, { name }] of Object.entries(PRESETS)) {
    const pages = await Promise.all(BACKENDS.map(() => open(browser, url + BLANK.common)));
    const tabs = pages.map(({ page }) => page);
    for (const [at, backend] of BACKENDS.entries()) {
      await tabs[at].evaluate(begin, backend, asked(preset));
    }
    const plans = [];
    for (const tab of tabs) {
      await tab.evaluate(advance, 2);
      plans.push(Math.max(2, Math.min(500, Math.round(ROUND / (await tab.evaluate(advance, 2))))));
    }
    /** @type {number[][]} */
    const times = tabs.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [at, tab] of tabs.entries()) {
        times[at].push(await tab.evaluate(advance, plans[at]));
      }
    }
    rows.push([name, ...times.map((it) => short(median(it)))]);
    await Promise.all(tabs.map((it) => it.close()));
  }
  return { text: table(['preset, ten digits of LeNet-5', 'cpu, ms a step', 'webgpu, ms a step'], rows) };
}

/** What is asked of the engine for a preset. @param {string} preset */
function asked(preset) {
  const config = withPreset({ ...DEFAULTS, network: 'lenet5', digits: ALL_DIGITS }, preset);
  return { task: { network: 'lenet5', digits: ALL_DIGITS, ...taskOf(config) }, settings: stepSettingsOf(config) };
}

/** Runs in the page. @param {string} backend @param {ReturnType<typeof asked>} asked */
async function begin(backend, { task, settings }) {
  const { Engine } = await import(/** @type {any} */ ('/engine.js'));
  const engine = await Engine.start({ backend });
  Object.assign(window, { settings, run: await engine.begin(task) });
}

/** Runs in the page. Milliseconds a step. @param {number} steps */
async function advance(steps) {
  const { run, settings } = /** @type {any} */ (window);
  const began = performance.now();
  await run.advance(steps, settings);
  return (performance.now() - began) / steps;
}
