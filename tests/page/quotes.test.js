// @ts-check
// What the discussions say is measured: only of runs that were made, and of what they came to.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserAndServer, open } from './browser.js';
import { appears, figure, press, reached, set } from './figure.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer();

/** What can be read in an exercise's discussions, closed ones included. @param {Page} page @param {string} exercise */
const discussion = (page, exercise) =>
  page.$$eval(`${exercise} details p`, (all) => {
    const shown = (/** @type {Node} */ node) => {
      if (node instanceof HTMLElement && node.hidden) {
        return '';
      }
      /** @type {string} */
      const text = node.childNodes.length > 0 ? [...node.childNodes].map(shown).join('') : (node.textContent ?? '');
      return text;
    };
    return all.map(shown).join(' ').replace(/\s+/g, ' ').trim();
  });

/** Brings a figure onto the screen, so that it begins. @param {Page} page @param {string} id */
async function begin(page, id) {
  await page.$eval(id, (it) => it.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await page.waitForFunction(
    (id) => /** @type {any} */ (document.querySelector(id)).experiment?.networkResults[0].history.snapshots.length > 0,
    {},
    id,
  );
}

test('a discussion speaks of a run when there is one: begun, under way, at its end, begun again', async () => {
  const { page, messages } = await open(browser, 'about:blank');
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(`${server.url}?backend=cpu`);
  const run = 'Run it, and this sentence will speak of your run.';
  for (const exercise of ['#exercise-3', '#exercise-4', '#exercise-5', '#exercise-7', '#exercise-8', '#exercise-10']) {
    const words = await discussion(page, exercise);
    assert.match(words, /When the figure is there, this sentence will speak of it\./, exercise);
    assert.doesNotMatch(words, /\d+\.\d%|gives the 9|iterations and ended/, exercise);
  }

  await begin(page, '#three');
  const before = await discussion(page, '#exercise-5');
  assert.match(before, /Before, the network gave the 3 \d+\.\d%\. Run it, and this sentence will speak of your run\. To be too sure/);
  assert.doesNotMatch(before, /ended at|more than 0/);

  await figure(page, '#three', (it) => it.seek(12));
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('three')).iteration === 12);
  const under = await discussion(page, '#exercise-5');
  assert.match(under, /Your run is at iteration 12 of 50: run it on, and this sentence will speak of it\./);
  assert.doesNotMatch(under, /ended at/);

  await figure(page, '#three', (it) => it.setAttribute('pace', 'full'));
  await figure(page, '#three', (it) => it.play());
  await reached(page, '#three', 'done');
  assert.match(await discussion(page, '#exercise-5'), /It passed 90% after \d+ iterations and ended at 99\.\d%\. To be too sure/);

  await press(page, '#three', '.reset');
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('three')).iteration === 0);
  await page.waitForFunction(
    (run) => document.querySelector('#exercise-5')?.textContent?.includes(run),
    {},
    run,
  );
  assert.doesNotMatch(await discussion(page, '#exercise-5'), /ended at/);

  // One that does not come so far says that.
  await figure(page, '#three', (it) => it.setAttribute('steps', '2'));
  await figure(page, '#three', (it) => it.play());
  await reached(page, '#three', 'done');
  assert.match(await discussion(page, '#exercise-5'), /It did not pass 90% in 2 iterations, and ended at \d+\.\d%\./);

  // With another network, what is measured is that network's, by its name.
  await begin(page, '#both');
  await figure(page, '#both', (it) => Object.assign(it, { network: 'robust,lenet5', steps: 60, pace: 'full' }));
  await page.waitForFunction(() => {
    const it = /** @type {any} */ (document.getElementById('both'));
    return it.experiment.networkResults[0].network === 'robust' && it.state === 'done';
  });
  const both = await discussion(page, '#exercise-6');
  assert.match(both, /After 50 iterations the Robust LeNet-5 gave the 3 \d+\.\d%, LeNet-5 \d+\.\d%\./);
  assert.deepEqual(messages, []);
  await page.close();
});

test('the noise of exercise 3 is drawn again, and nothing is run', async () => {
  const { page, messages } = await open(browser, 'about:blank');
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(`${server.url}?backend=cpu`);
  await begin(page, '#noise');
  const first = await figure(page, '#noise', (it) => Array.from(it.experiment.networkResults[0].history.at(0).images));
  const another = async (/** @type {() => Promise<unknown>} */ act) => {
    await page.$eval('#noise', (it) => Object.assign(it, { before: /** @type {any} */ (it).experiment }));
    await act();
    await page.waitForFunction(() => {
      const it = /** @type {any} */ (document.getElementById('noise'));
      return it.experiment !== it.before && it.experiment.networkResults[0].history.snapshots.length > 0;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(await figure(page, '#noise', (it) => [it.state, it.iteration]), ['paused', 0]);
  };
  await another(() => press(page, '#noise', '.with-button button'));
  assert.notDeepEqual(await figure(page, '#noise', (it) => Array.from(it.experiment.networkResults[0].history.at(0).images)), first);
  await another(() => set(page, '#noise', 'noise-std', '1'));
  await another(() => set(page, '#noise', 'seed', '12'));
  assert.deepEqual(messages, []);
  await page.close();
});

for (const { width, height } of [{ width: 901, height: 800 }, { width: 1280, height: 900 }, { width: 1920, height: 1080 }]) {
  test(`no text of an exercise lies on another, ${width} × ${height}`, async () => {
    const { page } = await open(browser, 'about:blank');
    await page.setViewport({ width, height });
    await page.goto(`${server.url}?backend=cpu`);
    await appears(page, '#three', '.columns canvas');
    for (const isOpen of [false, true]) {
      const overlaps = await page.evaluate((isOpen) => {
        document.querySelectorAll('details').forEach((it) => (it.open = isOpen));
        const found = [];
        for (const exercise of document.querySelectorAll('.exercise')) {
          const { top, bottom } = exercise.getBoundingClientRect();
          const texts = [...exercise.querySelectorAll('.text')];
          for (let y = top + scrollY - innerHeight; y < bottom + scrollY; y += 100) {
            scrollTo({ top: y, behavior: 'instant' });
            const boxes = texts.map((it) => it.getBoundingClientRect());
            if (boxes.some((a, at) => boxes.slice(at + 1).some((b) => a.bottom > b.top + 1 && b.bottom > a.top + 1))) {
              found.push(exercise.id);
            }
          }
        }
        return [...new Set(found)];
      }, isOpen);
      assert.deepEqual(overlaps, [], isOpen ? 'with open discussions' : 'closed');
    }
    await page.close();
  });
}
