// @ts-check
// How smooth the page stays while it computes: long tasks, during which nothing can be clicked, and
// pictures a second.

import { short, table, whole } from './table.js';

/** @typedef {import('./bench.js').Stage} Stage */

const ADDRESS = 'embed.html';
const STATE = 'network=lenet5&digit=all&steps=500&pace=full&controls&autoplay';
const TIMEOUT = 170_000;

/** @typedef {{ time: number, frames: number, tasks: number[] }} Seen Milliseconds, and how many. */

/** @param {Stage} stage */
export async function smoothness({ browser, url, say }) {
  const rows = [];
  for (const backend of ['cpu', 'webgpu']) {
    say(backend);
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.evaluateOnNewDocument(watch);
    await page.goto(`${url}${ADDRESS}?backend=${backend}#${STATE}`);
    await page.bringToFront();
    const found = await page.waitForFunction(() => /** @type {any} */ (window).seen, { timeout: TIMEOUT });
    const { time, frames, tasks } = /** @type {Seen} */ (await found.jsonValue());
    rows.push([
      `?backend=${backend}`,
      short(time / 1000),
      short((1000 * frames) / time),
      tasks.length,
      whole(Math.max(0, ...tasks)),
    ]);
    await context.close();
  }
  const head = ['500 iterations, ten digits of LeNet-5', 'seconds', 'frames a second', 'tasks over 50 ms', 'longest, ms'];
  return { text: table(head, rows) };
}

/** Runs in the page, before anything else: looks from the first picture to the last. */
function watch() {
  /** @type {PerformanceEntry[]} */
  const long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries())).observe({ type: 'longtask', buffered: true });
  let began = 0;
  let frames = 0;
  const look = async () => {
    const figure = /** @type {any} */ (document.querySelector('activation-maximization'));
    if (began === 0 && figure?.iteration > 0) {
      began = performance.now();
    }
    if (began > 0 && figure.state === 'done') {
      const ended = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 200)); // What is long is told of later.
      const tasks = long.filter((it) => it.startTime >= began && it.startTime < ended).map((it) => it.duration);
      Object.assign(window, { seen: { time: ended - began, frames, tasks } });
      return;
    }
    frames += began > 0 ? 1 : 0;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
