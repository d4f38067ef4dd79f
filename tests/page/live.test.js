// @ts-check
// A finished run is restarted while somebody moves a setting: the newest value wins, what is on show
// stays until the new images are there, and in the end all is as after a run with these settings.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { BatchSizer } from '../../www/src/engine/batch-sizer.ts';
import { Player } from '../../www/src/player/player.ts';
import { DEFAULTS } from '../../www/src/settings/config.ts';
import { MODULES, browserAndServer, open } from './browser.js';
import { LAB, TIMEOUT, address, figure, openTab, press, reached, set, shadow } from './figure.js';
import { noMemory } from './live-run.js';
import { wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer(MODULES);

/** Keeps what is restarted, and the `done` events. Runs in the page. */
async function watch() {
  const { Experiment } = await import(/** @type {any} */ ('/src/player/experiment.js'));
  const { Run } = await import(/** @type {any} */ ('/src/engine/run.js'));
  const lab = /** @type {any} */ (document.getElementById('lab'));
  const kept = { restarted: 0, taken: /** @type {any[]} */ ([]), pieces: /** @type {any[]} */ ([]), done: 0 };
  Object.assign(window, { kept });
  const { restarted, replaceBy } = Experiment.prototype;
  Experiment.prototype.restarted = function () {
    kept.restarted += 1;
    return restarted.call(this);
  };
  Experiment.prototype.replaceBy = function (/** @type {any} */ it) {
    const { history } = it.networkResults[0];
    kept.taken.push({
      iteration: it.iteration,
      targets: history.steps(0, it.iteration).map((/** @type {any} */ part) => part.settings.target),
    });
    replaceBy.call(this, it);
  };
  const { advance } = Run.prototype;
  Run.prototype.advance = async function (/** @type {number} */ count, /** @type {any} */ settings) {
    const began = performance.now();
    const frame = await advance.call(this, count, settings);
    kept.pieces.push({ count, time: performance.now() - began });
    return frame;
  };
  lab.addEventListener('done', () => (kept.done += 1));
}

/** @param {Page} page @returns {Promise<any>} */
const kept = (page) => page.evaluate(() => structuredClone(/** @type {any} */ (window).kept));

/** @param {string} address After the `#`. */
async function finished(address, before = async (/** @type {Page} */ _) => /** @type {unknown} */ (undefined)) {
  const { page, messages } = await open(browser, 'about:blank');
  await page.setViewport({ width: 1280, height: 800 });
  await before(page);
  await page.goto(`${server.url}?backend=cpu#${address}&pace=full`);
  await reached(page, LAB, 'done');
  await page.evaluate(watch);
  return { page, messages };
}

/** Until nothing is restarted any more, and that has been told. @param {Page} page @param {number} [done] */
const atRest = (page, done = 1) =>
  page.waitForFunction(
    (done) => /** @type {any} */ (window).kept.done >= done,
    { timeout: TIMEOUT, polling: 50 },
    done,
  );

/**
 * Drags a slider as a person does.
 *
 * @param {Page} page
 * @param {string} name
 * @param {number} from 0 to 1, of its width.
 * @param {number} to
 * @param {number} [steps]
 */
async function drag(page, name, from, to, steps = 20) {
  await openTab(page, LAB, `input[name="${name}"]`);
  const { left, width, y } = await shadow(page, LAB, `input[name="${name}"]`, (it) => {
    it.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { left, top, width, height } = it.getBoundingClientRect();
    return { left, width, y: top + height / 2 };
  });
  await page.mouse.move(left + from * width, y);
  await page.mouse.down();
  await page.mouse.move(left + to * width, y, { steps });
  await page.mouse.up();
}

/** How far a figure is from runs that were begun with its settings. @param {Page} page */
const difference = (page) =>
  figure(page, LAB, async (lab) => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    const { stepSettingsOf, taskOf } = await import(/** @type {any} */ ('/src/settings/config.js'));
    const engine = await Engine.start({ backend: 'cpu' });
    const { settings, experiment } = lab;
    let most = 0;
    for (const { network, history } of experiment.networkResults) {
      const run = await engine.begin({ network, digits: settings.digits, ...taskOf(settings) });
      const frame = await run.advance(settings.steps, stepSettingsOf(settings));
      const { iteration, images, state } = history.at();
      const compare = (/** @type {ArrayLike<number>} */ one, /** @type {ArrayLike<number>} */ other) => {
        most = one.length === other.length ? Array.from(one).reduce((far, it, at) => Math.max(far, Math.abs(it - other[at])), most) : Infinity;
      };
      compare([iteration, experiment.iteration], [settings.steps, settings.steps]);
      compare(images, frame.images);
      compare(state, frame.state);
      for (const row of settings.digits.keys()) {
        compare(history.numbers(row, iteration), frame.now.subarray(11 * row, 11 * row + 11));
        const losses = Array.from({ length: settings.steps }, (_, at) => frame.trace[11 * (at * settings.digits.length + row) + 10]);
        compare(history.losses[row], [...losses, frame.now[11 * row + 10]]);
      }
    }
    return most;
  });

/** @param {Page} page @returns {Promise<string>} */
const picture = (page) =>
  figure(page, LAB, (lab) =>
    [...lab.shadowRoot.querySelectorAll('.images canvas')]
      .map((it) => String(it.getContext('2d').getImageData(0, 0, 28, 28).data))
      .join(),
  );

describe('ten digits of the MLP', () => {
  /** @type {Page} */
  let page;
  test('a dragged target restarts them, as a run with it would', async () => {
    ({ page } = await finished('digit=all'));
    const before = await picture(page);
    await drag(page, 'target', 0.9, 0.45);
    await atRest(page);
    const { target, state } = await figure(page, LAB, (lab) => ({ target: lab.target, state: lab.state }));
    assert.ok(target > 0.4 && target < 0.5, `the target is ${target}`);
    assert.equal(state, 'done');
    assert.ok((await picture(page)) !== before, 'the images are the same');
    assert.ok((await difference(page)) < 1e-6, `${await difference(page)}`);
    const { taken } = await kept(page);
    assert.ok(taken.length >= 2, `restarted ${taken.length} times`);
    assert.deepEqual(taken.at(-1), { iteration: 50, targets: [target] });
    assert.equal((await address(page)).split('#')[1], `network=mlp&digit=all&target=${target}&steps=50&seed=1&pace=full`);
  });

  test('the timeline then has a snapshot for every iteration', async () => {
    await page.waitForFunction(
      () => /** @type {any} */ (document.getElementById('lab')).experiment.networkResults[0].history.snapshots.length === 51,
      { timeout: TIMEOUT },
    );
  });

  test('many moves in a frame make one, with the last', async () => {
    await page.evaluate(watch);
    const { restarted } = await kept(page);
    await shadow(page, LAB, 'input[name="target"]', async (input) => {
      await new Promise(requestAnimationFrame);
      for (let value = 20; value <= 70; value += 1) {
        input.value = String(value);
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await null; // Each is acted on by itself.
      }
    });
    await atRest(page);
    const after = await kept(page);
    assert.deepEqual(after.taken, [{ iteration: 50, targets: [0.7] }]);
    assert.equal(after.restarted - restarted, 1);
    assert.ok((await difference(page)) < 1e-6);
  });

  for (const [field, value, rest] of /** @type {const} */ ([['rate', '-2', 2], ['tv', '0.05', 3], ['gradient-blur', '1', 4]])) {
    test(`${field} restarts them, too`, async () => {
      await set(page, LAB, field, value);
      await atRest(page, rest);
      assert.equal((await kept(page)).taken.length, rest);
      assert.ok((await difference(page)) < 1e-6);
    });
  }

  test('another optimizer restarts them, too', async () => {
    await press(page, LAB, 'input[name="optimizer"][value="sgd"]');
    await atRest(page, 5);
    assert.equal((await kept(page)).taken.length, 5);
    assert.match((await address(page)).split('#')[1], /&optimizer=sgd&/);
    assert.ok((await difference(page)) < 1e-6);
  });

  test('the arrow keys move it, too', async () => {
    const { taken, done } = await kept(page);
    await openTab(page, LAB, 'input[name="target"]');
    await shadow(page, LAB, 'input[name="target"]', (it) => it.focus());
    await page.keyboard.press('ArrowLeft');
    await atRest(page, done + 1);
    assert.deepEqual((await kept(page)).taken.slice(taken.length), [{ iteration: 50, targets: [0.69] }]);
  });

  test('a number that cannot be used changes nothing', async () => {
    const { taken, done } = await kept(page);
    const before = await picture(page);
    await openTab(page, LAB, 'input[name="tv"]');
    await shadow(page, LAB, 'input[name="tv"]', (it) => {
      it.focus();
      it.select();
    });
    await page.keyboard.type('5000');
    await page.keyboard.press('Enter');
    const words = await shadow(page, LAB, '.refusal', (it) => (it.checkVisibility() ? it.textContent : ''));
    assert.equal(words, 'The weight of total variation is "5000". It must be a number from 0 to 1000.');
    await wait(500);
    const after = await kept(page);
    assert.deepEqual([after.taken.length, after.done], [taken.length, done]);
    assert.ok((await picture(page)) === before);
    assert.equal(await figure(page, LAB, (lab) => lab.tv), 0.05);
  });

  test('a step right after a move is one further than all of them', async () => {
    await figure(page, LAB, (lab) => {
      lab.target = 0.3;
      return new Promise((resolve) => queueMicrotask(() => resolve(lab.step())));
    });
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).iteration === 51, { timeout: TIMEOUT });
    assert.equal(await figure(page, LAB, (lab) => lab.state), 'paused');
    assert.deepEqual((await kept(page)).taken.at(-1), { iteration: 50, targets: [0.3] });
    const { done } = await kept(page);
    await set(page, LAB, 'target', '60');
    await atRest(page, done + 1);
    assert.equal(await figure(page, LAB, (lab) => lab.state), 'done');
    assert.ok((await difference(page)) < 1e-6);
  });

  test('more iterations are only added; fewer are as a run of so many', async () => {
    const { restarted } = await kept(page);
    await set(page, LAB, 'steps', '60');
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).iteration === 60, { timeout: TIMEOUT });
    await reached(page, LAB, 'done');
    assert.equal((await kept(page)).restarted, restarted);
    const { done } = await kept(page);
    await set(page, LAB, 'steps', '40');
    await atRest(page, done + 1);
    assert.ok((await difference(page)) < 1e-6);
  });

  test('what the timeline shows is restarted, too, and stays on show', async () => {
    await set(page, LAB, 'timeline', '17');
    const before = await picture(page);
    const { done } = await kept(page);
    await set(page, LAB, 'target', '20');
    await atRest(page, done + 1);
    assert.ok((await difference(page)) < 1e-6);
    assert.equal(await figure(page, LAB, (lab) => lab.at), 17);
    assert.ok((await picture(page)) !== before);
  });

  test('run again plays it from the start', async () => {
    await press(page, LAB, 'input[name="pace"][value="slow"]');
    const { restarted } = await kept(page);
    await press(page, LAB, '.run');
    await page.waitForFunction(
      () => {
        const { iteration, state } = /** @type {any} */ (document.getElementById('lab'));
        return state === 'playing' && iteration > 1 && iteration < 20;
      },
      { timeout: TIMEOUT },
    );
    const at = await figure(page, LAB, (lab) => lab.iteration);
    await set(page, LAB, 'target', '80'); // The run that plays goes on with it.
    await page.waitForFunction((at) => /** @type {any} */ (document.getElementById('lab')).iteration > at + 2, { timeout: TIMEOUT }, at);
    await press(page, LAB, '.run');
    await reached(page, LAB, 'paused');
    await set(page, LAB, 'target', '85'); // One that is paused on its way will.
    await wait(300);
    assert.equal(await figure(page, LAB, (lab) => lab.state), 'paused');
    await press(page, LAB, 'input[name="pace"][value="full"]');
    await press(page, LAB, '.run');
    await reached(page, LAB, 'done');
    assert.equal((await kept(page)).restarted, restarted);
    const settings = await figure(page, LAB, (lab) => lab.experiment.networkResults[0].history.steps(0, 40));
    assert.deepEqual(settings.map((/** @type {any} */ it) => it.settings.target), [0.2, 0.8, 0.85]);
  });
});

test('LeNet-5 is made in pieces, behind what is on show, and the newest value wins', async (context) => {
  const { page, messages } = await finished('network=lenet5&digit=all');
  assert.equal(await figure(page, LAB, (lab) => lab.iteration), 500);
  await page.evaluate(() => {
    const { kept } = /** @type {any} */ (window);
    const lab = /** @type {any} */ (document.getElementById('lab'));
    kept.shown = [];
    kept.gaps = [];
    const canvas = lab.shadowRoot.querySelector('.images canvas');
    let last = performance.now();
    const look = () => {
      const shown = `${lab.iteration} ${canvas.getContext('2d').getImageData(0, 0, 28, 28).data}`;
      if (shown !== kept.shown.at(-1)) {
        kept.shown.push(shown);
      }
      kept.gaps.push(performance.now() - last);
      last = performance.now();
      requestAnimationFrame(look);
    };
    look();
  });
  await drag(page, 'target', 0.9, 0.3, 100);
  await atRest(page);
  const { taken, shown, pieces, gaps } = await kept(page);
  const target = await figure(page, LAB, (lab) => lab.target);
  assert.deepEqual(taken.at(-1), { iteration: 500, targets: [target] });
  assert.ok(shown.every((/** @type {string} */ it) => it.startsWith('500 ')), 'a run on its way was on show');
  assert.equal(shown.length, taken.length + 1);
  // Half of them: the machine may have been busy with something else in the others.
  const middle = (/** @type {number[]} */ them) => them.sort((a, b) => a - b)[Math.floor(them.length / 2)];
  const piece = middle(pieces.map((/** @type {any} */ it) => it.time));
  const runs = `${taken.length} runs, ${pieces.length} pieces of ${piece.toFixed(1)} ms`;
  context.diagnostic(`${runs}; ${middle(gaps).toFixed(1)} ms a frame`);
  assert.ok(piece < 50 && pieces.length > 10, runs);
  assert.ok((await difference(page)) < 1e-6);
  assert.deepEqual(messages, []);
  await page.close();
});

test('what is begun is finished, though newer values wait', async () => {
  const { page } = await finished('network=lenet5&digit=all&steps=40');
  await drag(page, 'target', 0.9, 0.3, 50);
  await atRest(page);
  const { taken, restarted } = await kept(page);
  assert.ok(taken.length > 2, `${taken.length} runs`);
  assert.equal(taken.length, restarted);
  assert.ok((await difference(page)) < 1e-6);
  await page.close();
});

test('nobody sees it: it waits, and is made when somebody does', async () => {
  const { page } = await finished('digit=all');
  await page.evaluate(() => scrollTo(0, 0));
  await figure(page, LAB, async (lab) => {
    while (lab.getBoundingClientRect().top < innerHeight) {
      await new Promise(requestAnimationFrame); // It is out of view.
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    lab.target = 0.4;
  });
  await wait(700);
  assert.deepEqual([(await kept(page)).restarted, (await kept(page)).done], [0, 0]);
  await figure(page, LAB, (lab) => lab.scrollIntoView({ behavior: 'instant' }));
  await atRest(page);
  assert.ok((await difference(page)) < 1e-6);
  await page.close();
});

/** An experiment whose pieces take a while, and a record of what becomes of it. @param {number} time Milliseconds. */
function pretended(time) {
  const it = { snapshots: /** @type {number[]} */ ([]), freed: 0, taken: 0 };
  const experiment = /** @type {any} */ ({
    networkResults: [],
    iteration: 0,
    kind: () => 'pretended',
    async advance(/** @type {number} */ count) {
      await wait(time);
      this.iteration += count;
      it.snapshots.push(this.iteration);
    },
    replaceBy: () => (it.taken += 1),
    free: () => (it.freed += 1),
  });
  return { it, experiment };
}

/**
 * A player with a run of 10,000 iterations at its end, which is restarted since a setting has changed.
 *
 * @param {any} restarted
 * @param {number} [at] The iteration on show.
 */
async function restarting(restarted, at) {
  Object.assign(globalThis, { requestAnimationFrame: (/** @type {() => void} */ next) => setTimeout(next, 5) });
  const made = { taken: 0, done: 0, freed: 0 };
  const history = { endsWith: () => made.taken > 0, most: 3, at: () => ({ iteration: 10_000 }) };
  const experiment = /** @type {any} */ ({
    networkResults: [{ history }],
    iteration: 10_000,
    advance: async () => {},
    recall: async () => false,
    restarted: async () => restarted,
    replaceBy: () => (made.taken += 1),
    free: () => (made.freed += 1),
  });
  const player = new Player({
    begin: async () => ({ experiment, engine: /** @type {any} */ (undefined) }),
    config: () => ({ ...DEFAULTS, steps: 10_000, at }),
    onTick: () => {},
    onBegin: () => {},
    onFrame: () => {},
    onState: () => {},
    onDone: () => (made.done += 1),
    onSlow: () => {},
    onError: (error) => assert.fail(String(error)),
  });
  player.see(true);
  await player.begin(false);
  player.follow();
  assert.equal(player.state, 'done');
  return { player, made };
}

test('what was begun is given back once a new run begins', async () => {
  const { it, experiment } = pretended(10);
  const { player, made } = await restarting(experiment);
  await wait(100);
  const { length } = it.snapshots;
  assert.ok(length > 0);
  await player.begin(false);
  await wait(300);
  assert.ok(it.snapshots.length <= length + 1, 'it goes on');
  assert.deepEqual([it.freed, made.taken, made.freed], [1, 0, 1]);
});

test('what was begun is given back when all is', async () => {
  const { it, experiment } = pretended(10);
  const { player, made } = await restarting(experiment);
  await wait(100);
  await player.leave();
  await wait(300);
  assert.deepEqual([it.freed, made.taken, made.done, made.freed], [1, 0, 0, 1]);
});

test('there is a snapshot of the iteration on show, or another would flash up first', async () => {
  const { it, experiment } = pretended(0);
  const { made } = await restarting(experiment, 17);
  while (made.done === 0) {
    await wait(10);
  }
  assert.ok(it.snapshots.includes(17) && it.snapshots.length < 1000, `${it.snapshots}`);
  assert.equal(it.snapshots.at(-1), 10_000);
  assert.deepEqual([made.taken, it.freed], [1, 0]);
});

test('a module that breaks down in the middle: a fresh one makes the rest', async () => {
  const { page } = await finished('network=lenet5&digit=3', (page) =>
    page.evaluateOnNewDocument(() => {
      const { instantiate } = WebAssembly;
      /** @type {any[]} */
      const instances = [];
      Object.assign(window, { instances });
      WebAssembly.instantiate = /** @type {any} */ (
        async (/** @type {any} */ module, /** @type {any} */ imports) => {
          const instance = await instantiate(module, imports);
          instances.push(instance);
          return instance;
        }
      );
    }),
  );
  await set(page, LAB, 'target', '40');
  await page.waitForFunction(() => /** @type {any} */ (window).kept.pieces.length > 3, { timeout: TIMEOUT });
  await noMemory(page);
  await atRest(page);
  assert.ok((await page.evaluate(() => /** @type {any} */ (window).instances.length)) > 1);
  assert.ok((await difference(page)) < 1e-6);
  await page.close();
});

test('with as little motion as possible it answers all the same', async () => {
  const { page } = await finished('digit=3');
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await set(page, LAB, 'target', '40');
  await atRest(page);
  assert.ok((await difference(page)) < 1e-6);
  await page.close();
});

/**
 * What pieces take after a while, where one takes so long and each further iteration so much.
 *
 * @param {number} first
 * @param {number} each
 */
function settledAt(first, each) {
  const batchSizer = new BatchSizer();
  const counts = Array.from({ length: 40 }, () => {
    const count = batchSizer.next('', 8);
    batchSizer.record(count, first + each * (count - 1));
    return count;
  });
  return counts.slice(-10);
}

for (const [what, first, each, least, most] of /** @type {const} */ ([
  ['a CPU', 2, 1, 6, 7],
  ['a slow CPU', 30, 15, 1, 2],
  ['a GPU', 3, 0.02, 200, 300],
  ['a GPU that is slow to answer', 12, 0.05, 60, 100],
  ['a software adapter', 160, 120, 1, 2],
])) {
  test(`pieces for ${what}`, () => {
    const counts = settledAt(first, each);
    assert.ok(counts.every((it) => it >= least && it <= most), `${counts}`);
  });
}

test('a piece that took long for another reason is soon made up for', () => {
  const batchSizer = new BatchSizer();
  const made = (/** @type {number} */ times) => {
    const count = batchSizer.next('', 8);
    batchSizer.record(count, times * (count + 1));
    return count;
  };
  const before = Array.from({ length: 10 }, () => made(1)).at(-1);
  made(50);
  const after = Array.from({ length: 5 }, () => made(1));
  assert.ok(after.includes(Number(before)), `${before} before, then ${after}`);
});
