// @ts-check
// What the presets of the page take a step, on both backends.

import { open } from '../page/browser.js';
import { PRESETS } from '../../www/src/settings/presets.js';
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
      await tabs[at].evaluate(begin, backend, preset);
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

/** Runs in the page. @param {string} backend @param {string} preset */
async function begin(backend, preset) {
  const { Engine } = await import(/** @type {any} */ ('/engine.js'));
  const { ALL_DIGITS, DEFAULTS, stepSettingsOf, taskOf } = await import(/** @type {any} */ ('/src/settings/config.js'));
  const { withPreset } = await import(/** @type {any} */ ('/src/settings/presets.js'));
  const config = withPreset({ ...DEFAULTS, network: 'lenet5', digits: ALL_DIGITS }, preset);
  const engine = await Engine.start({ backend });
  const kept = /** @type {any} */ (window);
  kept.settings = stepSettingsOf(config);
  kept.run = await engine.begin({ network: 'lenet5', digits: ALL_DIGITS, ...taskOf(config) });
}

/** Runs in the page. Milliseconds a step. @param {number} steps */
async function advance(steps) {
  const { run, settings } = /** @type {any} */ (window);
  const began = performance.now();
  await run.advance(steps, settings);
  return (performance.now() - began) / steps;
}
