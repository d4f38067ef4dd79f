// @ts-check
// Measures the page in headless Chromium and prints one table: milliseconds a step, milliseconds
// that a step keeps the main thread, what is downloaded, and how soon there is a moving picture.
//
//   ./build.sh bench
//
// Without a GPU, WebGPU is simulated in software (SwiftShader): its milliseconds a step then say
// nothing of a real one, its main-thread milliseconds do.

import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { PRESETS } from '../../www/presets.js';
import { launch, open, serve } from './browser.js';

/** Rounds of each measurement; medians are printed. */
const ROUNDS = 7;
/** Steps a round: enough for the browser to optimise the module, fewer where each takes long. */
const STEPS = { cpu: 300, webgpu: 8 };

/**
 * @typedef {object} Cell
 * @property {number} step Milliseconds a step, frame included.
 * @property {number} busy Milliseconds a step on the main thread.
 * @property {number} spread Half the distance between the fastest and the slowest round, of step.
 * @property {number} first Milliseconds of the first step.
 */

const server = await serve();
const browser = await launch('chromium');
try {
  console.log(`${cpus()[0].model}, ${cpus().length} cores; ${await browser.version()}`);
  console.log(`medians of ${ROUNDS} rounds\n`);

  console.log('| backend | network | digits | ms a step | main-thread ms a step | first step, ms |');
  console.log('|---|---|--:|--:|--:|--:|');
  for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
    const { page } = await open(browser, 'about:blank');
    await page.goto(`${server.url}icon.svg`); // A page of the same origin that runs nothing.
    for (const network of ['mlp', 'lenet5']) {
      for (const digits of [1, 10]) {
        const it = await page.evaluate(measure, backend, network, digits, 'notebook', ROUNDS, STEPS[backend]);
        const step = `${it.step.toFixed(2)} ± ${it.spread.toFixed(2)}`;
        console.log(
          `| ${backend} | ${network} | ${digits} | ${step} | ${it.busy.toFixed(2)} | ${it.first.toFixed(0)} |`,
        );
      }
    }
    await page.close();
  }

  console.log('\n| preset, ten digits of LeNet-5 | cpu, ms a step | webgpu, ms a step |\n|---|--:|--:|');
  for (const preset of Object.keys(PRESETS)) {
    const cells = [];
    for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
      const { page } = await open(browser, 'about:blank');
      await page.goto(`${server.url}icon.svg`);
      const it = await page.evaluate(measure, backend, 'lenet5', 10, preset, ROUNDS, STEPS[backend] / 4);
      cells.push(it.step.toFixed(2));
      await page.close();
    }
    console.log(`| ${PRESETS[preset].name} | ${cells.join(' | ')} |`);
  }

  console.log('\n| file | bytes | gzip | brotli |\n|---|--:|--:|--:|');
  for (const file of [
    'pkg/cpu/actmax_bg.wasm',
    'pkg/webgpu/actmax_bg.wasm',
    'weights/mlp.safetensors',
    'weights/lenet5.safetensors',
    'weights/robust.safetensors',
    'weights/means.safetensors',
    'weights/prior.safetensors',
    'weights/prototypes.safetensors',
  ]) {
    const bytes = await readFile(fileURLToPath(new URL(`../../www/${file}`, import.meta.url)));
    const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)];
    console.log(`| ${file} | ${sizes.map((it) => it.length.toLocaleString('en')).join(' | ')} |`);
  }

  console.log('\n| page | first moving picture, ms |\n|---|--:|');
  for (const backend of ['cpu', 'webgpu']) {
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const context = await browser.createBrowserContext(); // With an empty cache.
      const page = await context.newPage();
      await page.goto(`${server.url}?backend=${backend}`);
      await page.waitForFunction(
        () => /** @type {any} */ (document.getElementById('hero'))?.iteration > 0,
        { timeout: 60_000 },
      );
      times.push(await page.evaluate(() => performance.now()));
      await context.close();
    }
    console.log(`| ?backend=${backend} | ${median(times).toFixed(0)} |`);
  }
} finally {
  await browser.close();
  await server.close();
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * Runs in the page.
 *
 * @param {'cpu' | 'webgpu'} backend
 * @param {string} network
 * @param {number} digits
 * @param {string} preset
 * @param {number} rounds
 * @param {number} steps
 * @returns {Promise<Cell>}
 */
async function measure(backend, network, digits, preset, rounds, steps) {
  const { Engine } = await import(/** @type {any} */ ('/engine.js'));
  const { DEFAULTS, stepSettingsOf, taskOf } = await import(/** @type {any} */ ('/config.js'));
  const { withPreset } = await import(/** @type {any} */ ('/presets.js'));
  const config = withPreset(DEFAULTS, preset);
  const kept = /** @type {any} */ (window);
  kept.engine ??= await Engine.start({ backend });
  const run = await kept.engine.begin({
    network,
    digits: Array.from({ length: digits }, (_, digit) => digit),
    ...taskOf(config),
  });
  const settings = stepSettingsOf(config);
  const advance = async (/** @type {number} */ count) => {
    const began = performance.now();
    await run.advance(count, settings);
    return performance.now() - began;
  };
  const first = await advance(1);
  await advance(steps);
  const times = [];
  const busy = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push((await advance(steps)) / steps);
    busy.push(run.busy / steps);
  }
  run.free();
  const middle = (/** @type {number[]} */ values) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const spread = (Math.max(...times) - Math.min(...times)) / 2;
  return { step: middle(times), busy: middle(busy), spread, first };
}
