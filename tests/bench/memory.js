// @ts-check
// What WebAssembly holds. Its memory never shrinks, so what it has after a run is the most that it had.

import { BLANK } from './server.js';
import { table } from './table.js';

/** @typedef {import('./bench.js').Stage} Stage */

const BACKENDS = /** @type {const} */ (['cpu', 'webgpu']);
/** Steps of a run whose peak is told: as many as it takes for everything to be in use. */
const STEPS = { cpu: 500, webgpu: 20 };
const RUNS = /** @type {[string, number][]} */ ([['mlp', 1], ['mlp', 10], ['lenet5', 10]]);

/** Steps of the long run, and how many at a time. */
const LONG = 100_000;
const STRIDE = 500;

/** @param {Stage} stage */
export async function memory({ browser, url, say }) {
  const rows = [];
  for (const backend of BACKENDS) {
    for (const [network, digits] of RUNS) {
      const page = await watched(browser, url);
      const [size] = await page.evaluate(run, backend, network, digits, STEPS[backend], STEPS[backend]);
      rows.push([`${backend}, ${network}, ${digits}`, megabytes(size)]);
      await page.close();
    }
  }
  say(`${LONG} steps`);
  const page = await watched(browser, url);
  const held = await page.evaluate(run, 'cpu', 'mlp', 1, LONG, STRIDE);
  await page.close();
  const [early, late] = [held[1], held[held.length - 1]];
  return {
    text:
      `${table(['run', 'memory of the module, MB'], rows)}\n\n` +
      `${LONG.toLocaleString('en')} steps of the MLP on the CPU, one digit: ${megabytes(early)} MB after ` +
      `${2 * STRIDE}, ${megabytes(late)} MB at the end, so it grew by ${(late - early).toLocaleString('en')} bytes.`,
  };
}

/** A tab that knows the memory of its modules. @param {import('puppeteer-core').Browser} browser @param {string} url */
async function watched(browser, url) {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(() => {
    const kept = /** @type {any} */ (window);
    for (const name of /** @type {const} */ (['instantiate', 'instantiateStreaming'])) {
      const original = /** @type {any} */ (WebAssembly[name]);
      /** @type {any} */ (WebAssembly)[name] = async (/** @type {any[]} */ ...given) => {
        const made = await original.apply(WebAssembly, given);
        kept.memory = (made.instance ?? made).exports.memory ?? kept.memory;
        return made;
      };
    }
  });
  await page.goto(url + BLANK.common);
  return page;
}
/**
 * Runs in the page: what the module holds after every stride.
 *
 * @param {string} backend
 * @param {string} network
 * @param {number} rows
 * @param {number} steps
 * @param {number} stride
 * @returns {Promise<number[]>} Bytes.
 */
async function run(backend, network, rows, steps, stride) {
  const { Engine } = await import(/** @type {any} */ ('/engine.js'));
  const engine = await Engine.start({ backend });
  const digits = Array.from({ length: rows }, (_, digit) => digit);
  const run = await engine.begin({ network, digits, seed: 1, noiseStd: 0.01 });
  const held = [];
  for (let made = 0; made < steps; made += stride) {
    await run.advance(stride, { target: 0.9, learningRate: 0.005 });
    held.push(/** @type {any} */ (window).memory.buffer.byteLength);
  }
  return held;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
