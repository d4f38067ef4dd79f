// @ts-check
// Whatever somebody does to a figure, in whatever order: no run does what the table of its states does not allow,
// nothing fails, what is on show in the end is what is asked for, and what was begun is given back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import fc from 'fast-check';

import { TRANSITIONS, shownAs } from '../../www/src/player/states.ts';
import { anyUse, begin, stage, use } from './any-use.js';
import { MODULES } from './browser.js';
import { TIMEOUT } from './figure.js';
import { ALL } from './nightly.js';
import { pageOf, traveling } from './travel.js';

/** @typedef {import('../../www/src/player/states.ts').Event} Event */
/** @typedef {import('../../www/src/player/states.ts').State} State */
/** @typedef {import('puppeteer-core').Page} Page */

const RUNS = ALL ? 20 : 8;

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
/** @type {Awaited<ReturnType<typeof world.visit>>} */
let tab;
before(async () => {
  world = await traveling({
    '/any.html': pageOf('<div><div id="one"></div><div id="two"></div></div><div style="height: 400vh"></div>'),
  }, MODULES);
  tab = await world.visit('any.html');
  await tab.page.evaluate(stage);
});
after(() => world.close());

/** What has become of the runs of the figure. @param {Page} page */
const found = (page) =>
  page.evaluate(() => {
    const { kept, figure } = /** @type {any} */ (window);
    const alive = [...kept.states.values()].filter((it) => it !== 'idle');
    return { alive, runs: kept.runs.size, shown: figure.state, networks: figure.experiment?.networkResults.length ?? 0 };
  });

/** Waits until something is true of the page; then, or when it takes too long, says what is. @param {Page} page @param {() => boolean} isSo */
const until = (page, isSo) =>
  page.waitForFunction(isSo, { timeout: TIMEOUT / 4, polling: 50 }).then(() => found(page), () => found(page));

/** Which entries of the table have been gone through. @type {Set<string>} */
const seen = new Set();

/** @param {string[][]} changes */
function assertAllowed(changes) {
  for (const [before, event, next] of changes) {
    const expected = TRANSITIONS[/** @type {State} */ (before)][/** @type {Event} */ (event)];
    seen.add(`${before}, ${event}`);
    assert.ok(expected !== undefined && expected === next, `A run that was ${before} is ${next} after ${event}.`);
  }
}

const AS_ASKED = { network: true, seed: true, digits: true, steps: true, settings: true };

/** Whether what is on show is what is asked for. @param {Page} page */
const onShow = (page) =>
  page.evaluate(async () => {
    const { stepSettingsOf } = await import(/** @type {any} */ ('/src/settings/config.js'));
    const { settings, experiment, iteration } = /** @type {any} */ (window).figure;
    const results = experiment.networkResults;
    return {
      network: results.map((/** @type {any} */ it) => it.network).join() === settings.network,
      seed: results.every((/** @type {any} */ it) => it.begin.seed === settings.seed),
      digits: String(experiment.digits) === String(settings.digits),
      steps: iteration >= settings.steps,
      settings: results.every((/** @type {any} */ it) => it.history.endsWith(stepSettingsOf(settings))),
    };
  });

/** @param {import('./any-use.js').Act[]} acts */
async function check(acts) {
  const { page } = tab;
  await page.evaluate(begin);
  await page.waitForFunction(() => /** @type {any} */ (window).figure.experiment, { timeout: TIMEOUT });
  await page.evaluate(use, acts);
  const { changes, errors } = await page.evaluate(() => {
    const { changes, errors } = /** @type {any} */ (window).kept;
    return { changes, errors };
  });
  const faults = acts.filter(({ what }) => what === 'fault').length;
  assert.deepEqual(errors.filter((/** @type {string} */ it) => it !== 'It has failed.'), []);
  assert.ok(errors.length <= faults, `${errors.length} errors, of ${faults} faults`);
  assertAllowed(changes);
  const still = await until(page, () => {
    const { kept, figure } = /** @type {any} */ (window);
    const alive = [...kept.states.values()].filter((it) => it !== 'idle');
    return figure.state !== 'playing' && alive.length === 1 && ['paused', 'done', 'failed'].includes(alive[0]);
  });
  assert.equal(still.alive.length, 1, `${still.alive}`);
  assert.equal(shownAs(still.alive[0], true), still.shown);
  if (still.shown === 'done' && faults === 0) {
    assert.deepEqual(await onShow(page), AS_ASKED);
  }
  await page.evaluate(() => /** @type {any} */ (window).figure.play());
  const done = await until(page, () => {
    const { kept, figure } = /** @type {any} */ (window);
    return figure.state === 'done' && [...kept.states.values()].filter((it) => it !== 'idle').join() === 'done';
  });
  assert.deepEqual([done.alive, done.shown, done.runs], [['done'], 'done', done.networks]);
  assert.deepEqual(await onShow(page), AS_ASKED);
  const further = await page.evaluate(async () => {
    const { figure } = /** @type {any} */ (window);
    const before = figure.iteration;
    await figure.step();
    return [figure.iteration - before, figure.state];
  });
  assert.deepEqual(further, [1, 'paused']);
  await page.evaluate(() => /** @type {any} */ (window).figure.remove());
  const gone = await until(page, () => {
    const { kept } = /** @type {any} */ (window);
    return kept.runs.size === 0 && [...kept.states.values()].every((it) => it === 'idle');
  });
  assert.deepEqual([gone.alive, gone.runs], [[], 0], 'what was begun is not given back');
  await page.evaluate(() => {
    const { kept } = /** @type {any} */ (window);
    kept.states.clear();
    kept.changes.length = 0;
    kept.errors.length = 0;
  });
}

test('anything in any order', { timeout: 20 * 60_000 }, async (context) => {
  await fc.assert(fc.asyncProperty(anyUse, check), { numRuns: RUNS, seed: 26, endOnFailure: true, includeErrorInReport: true });
  const all = Object.entries(TRANSITIONS).flatMap(([state, events]) => Object.keys(events).map((event) => `${state}, ${event}`));
  context.diagnostic(`not gone through: ${all.filter((it) => !seen.has(it)).join('; ')}`);
  assert.ok(seen.size > all.length / 2, `${seen.size} of ${all.length} entries of the table`);
  await tab.close();
});
