// @ts-check
// Several networks at one task: all of them are at the same iteration, whenever somebody looks and whichever
// of them fails; and what one of them cannot have, no other keeps.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { allOrNone } from '../../www/src/player/all-or-none.ts';
import { MODULES, browserAndServer, open, serve } from './browser.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer(MODULES);

/**
 * A page of the same origin that runs nothing, with what the tests need in `window`.
 *
 * @param {string} [url]
 */
async function blank(url = server.url) {
  const { page } = await open(browser, `${url}icon.svg`);
  await page.evaluate(async () => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const { Experiment } = await import(/** @type {any} */ ('/src/player/experiment.js'));
    const { Run } = await import(/** @type {any} */ ('/src/engine/run.js'));
    const { readConfig } = await import(/** @type {any} */ ('/src/settings/config.js'));
    /** @type {Set<any>} Runs that somebody has. */
    const kept = new Set();
    const { begin } = Engine.prototype;
    Engine.prototype.begin = async function (/** @type {any} */ asked) {
      const run = await begin.call(this, asked);
      kept.add(run);
      return run;
    };
    const { free } = Run.prototype;
    Run.prototype.free = function () {
      kept.delete(this);
      free.call(this);
    };
    const begun = (/** @type {any} */ engine, /** @type {string} */ address) =>
      Experiment.begin(engine, readConfig(new URLSearchParams(address)).config);
    const settings = { target: 0.9, learningRate: 0.005 };
    Object.assign(window, { Engine, Experiment, kept, begun, settings });
  });
  return page;
}

test('all or none: those that are there are given back, and those that come later', async () => {
  /** @type {string[]} */
  const back = [];
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), 30));
  const all = allOrNone([Promise.resolve('early'), Promise.reject(new Error('no')), late], (it) => back.push(it));
  await assert.rejects(all, /^Error: no$/);
  await late;
  await null;
  assert.deepEqual(back, ['early', 'late']);
  assert.deepEqual(await allOrNone([Promise.resolve(1), Promise.resolve(2)], () => assert.fail()), [1, 2]);
});

for (const path of ['/weights/lenet5.safetensors', '/weights/mlp.safetensors', '/weights/means.safetensors']) {
  test(`without ${path}, no run of two networks is left`, async () => {
    let mended = false;
    const troubled = await serve((asked, response) => {
      const isBad = asked === path && !mended;
      if (isBad) {
        response.writeHead(404).end();
      }
      return isBad;
    }, MODULES);
    const page = await blank(troubled.url);
    const begin = () =>
      page.evaluate(async () => {
        const { Engine, begun, kept, settings, engine } = /** @type {any} */ (window);
        Object.assign(window, { engine: engine ?? (await Engine.start({ backend: 'cpu' })) });
        const made = await begun(/** @type {any} */ (window).engine, 'network=mlp,lenet5&digit=3').catch(
          (/** @type {Error} */ error) => error.message,
        );
        await new Promise((resolve) => setTimeout(resolve, 300)); // What was on its way is there.
        const { size } = kept;
        if (typeof made === 'string') {
          return { said: made, size };
        }
        await made.advance(1, settings);
        return { size, iteration: made.iteration };
      });
    const { said = '', size } = await begin();
    assert.match(said, /: the server says 404\.$/);
    assert.equal(size, 0);
    mended = true;
    assert.deepEqual(await begin(), { size: 2, iteration: 1 });
    await page.close();
    await troubled.close();
  });
}

test('a run that is restarted is given back if that of another network fails', async () => {
  const page = await blank();
  const it = await page.evaluate(async () => {
    const { Engine, begun, kept, settings } = /** @type {any} */ (window);
    const engine = await Engine.start({ backend: 'cpu' });
    const experiment = await begun(engine, 'network=mlp,lenet5&digit=3');
    await experiment.advance(0, settings);
    experiment.networkResults[1].begin = { ...experiment.networkResults[1].begin, seed: NaN };
    const said = await experiment.restarted().catch((/** @type {Error} */ error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { said, kept: kept.size };
  });
  assert.deepEqual(it, { said: 'The seed is NaN. It must be a whole number from 0 to 4294967295.', kept: 2 });
  await page.close();
});

test('one network that fails holds all of them, and all go on as if nothing had been', async () => {
  const page = await blank();
  const it = await page.evaluate(async () => {
    const { Engine, begun, settings } = /** @type {any} */ (window);
    const engine = await Engine.start({ backend: 'cpu' });
    const address = 'network=mlp,lenet5,robust&digit=3,8&noise-std=0.1';
    const [experiment, undisturbed] = [await begun(engine, address), await begun(engine, address)];
    const where = () => experiment.networkResults.map((/** @type {any} */ { history }) => history.iteration);
    /** @type {any[]} */
    const seen = [];
    const fail = async (/** @type {number} */ column, /** @type {number} */ count) => {
      const { run } = experiment.networkResults[column];
      run.advance = () => Promise.reject(new Error(`column ${column}`));
      const said = await experiment.advance(count, settings).catch((/** @type {Error} */ error) => error.message);
      delete run.advance;
      seen.push([said, experiment.iteration, ...where()]);
    };
    await fail(1, 0); // Not even its first snapshot.
    seen.push(experiment.begun);
    await experiment.advance(3, settings);
    await fail(1, 4);
    await fail(2, 1);
    await experiment.advance(4, settings);
    seen.push([experiment.iteration, ...where()]);
    await undisturbed.advance(3, settings);
    await undisturbed.advance(4, settings);
    const same = experiment.networkResults.map((/** @type {any} */ { history }, /** @type {number} */ index) => {
      const other = undisturbed.networkResults[index].history;
      const all = (/** @type {any} */ it) => String([it.losses, it.probabilities, it.at().images, it.at().state]);
      return all(history) === all(other);
    });
    const kept = experiment.networkResults.map((/** @type {any} */ { history }) =>
      history.snapshots.map((/** @type {any} */ it) => it.iteration),
    );
    return { seen, same, kept };
  });
  assert.deepEqual(it, {
    seen: [
      ['column 1', 0, 0, 0, 0],
      false,
      ['column 1', 3, 3, 3, 3],
      ['column 2', 3, 3, 3, 3],
      [7, 7, 7, 7],
    ],
    same: [true, true, true],
    kept: [[0, 3, 7], [0, 3, 7], [0, 3, 7]],
  });
  await page.close();
});

for (const backend of ['cpu', 'webgpu']) {
  test(`whoever looks while frames are on their way on ${backend} finds all networks at one iteration`, async () => {
    const page = await blank();
    const apart = await page.evaluate(async (backend) => {
      const { Engine, begun, settings } = /** @type {any} */ (window);
      const engine = await Engine.start({ backend });
      const experiment = await begun(engine, 'network=mlp,lenet5&digit=3');
      const looks = { at: 0, apart: /** @type {any[]} */ ([]) };
      const look = () => {
        looks.at += 1;
        const { begun, iteration, networkResults } = experiment;
        for (const { history } of networkResults) {
          const frames = history.snapshots.length > 0;
          const numbers = history.losses[0].length === (begun ? iteration + 1 : 0);
          const image = !begun || history.at(iteration).iteration === iteration;
          if (frames !== begun || !numbers || !image) {
            looks.apart.push([begun, iteration, history.iteration, history.losses[0].length]);
          }
        }
      };
      const { run } = experiment.networkResults[1];
      const { advance } = Object.getPrototypeOf(run);
      run.advance = function (/** @type {any[]} */ ...given) {
        look(); // The first network has its snapshot.
        return advance.apply(this, given);
      };
      for (const count of [0, 1, 2, 3]) {
        let there = false;
        const done = experiment.advance(count, settings).then(() => (there = true));
        while (!there) {
          look();
          await new Promise((resolve) => setTimeout(resolve));
        }
        await done;
      }
      return { looked: looks.at >= 8, apart: looks.apart };
    }, backend);
    assert.deepEqual(apart, { looked: true, apart: [] });
    await page.close();
  });
}
