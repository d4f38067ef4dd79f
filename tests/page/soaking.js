// @ts-check
// A long lecture in a short time: real elements on a real page, used again and again, and what is
// held afterwards. For `./build.sh soak`, and in small for the tests.

import { pageOf, travelling } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

/**
 * @typedef {object} Use What a lecture of four hours may come to, or a part of it.
 * @property {number} steps
 * @property {number} resets
 * @property {number} switches From network to network.
 * @property {number} elements Made, played to the end and removed.
 */

/**
 * @typedef {object} Sample What is held after a round, garbage collected; and how fast it was.
 * @property {number} wasm Bytes of the modules' memories, which never shrink.
 * @property {number} heap Bytes of the JavaScript heap.
 * @property {number} buffers Bytes of what is outside of it: typed arrays, and the modules' memories
 *   again.
 * @property {number} dom Bytes of elements, canvases and what else the browser itself keeps.
 * @property {number} nodes
 * @property {number} listeners
 * @property {number} runs Begun and not given back.
 * @property {number} gpuBuffers Made, neither destroyed nor collected as garbage.
 * @property {number} gpuBytes Of these.
 * @property {number} step Milliseconds a step, drawing included.
 */

/** A lecture of four hours. @type {Use} */
export const LECTURE = { steps: 1_000_000, resets: 10_000, switches: 1_000, elements: 500 };

/** @param {string} backend */
const stage = (backend) =>
  pageOf(
    // Without the second opinion and its like: to ask three networks in every frame takes most of the
    // time. The guests have them.
    '<div id="guests"></div><activation-maximization id="lab" digit="3" pace="full" loading="eager" ' +
      'show="labels controls settings loss probability bars mean"></activation-maximization>',
    `<script type="module">
       import { Engine } from './engine.js';
       import { Run } from './run.js';
       import { useBackend } from './shared-engine.js';

       window.runs = 0;
       const count = (prototype, method, by) => {
         const original = prototype[method];
         prototype[method] = function (...values) {
           window.runs += by;
           return original.apply(this, values);
         };
       };
       count(Engine.prototype, 'begin', 1);
       count(Run.prototype, 'free', -1);
       useBackend('${backend}');
       await import('./activation-maximization.js');
     </script>`,
  );

/** Keeps count of what a page takes from the machine. Runs in the page, before anything else. */
function count() {
  const kept = /** @type {any} */ (window);
  /** @type {WebAssembly.Memory[]} */
  kept.memories = [];
  for (const name of /** @type {const} */ (['instantiate', 'instantiateStreaming'])) {
    const original = /** @type {any} */ (WebAssembly[name]);
    /** @type {any} */ (WebAssembly)[name] = async (/** @type {any[]} */ ...given) => {
      const made = await original.apply(WebAssembly, given);
      kept.memories.push((made.instance ?? made).exports.memory);
      return made;
    };
  }
  kept.gpu = { buffers: 0, bytes: 0 };
  if (!globalThis.GPUDevice) {
    return;
  }
  const forget = (/** @type {number} */ bytes) => {
    kept.gpu.buffers -= 1;
    kept.gpu.bytes -= bytes;
  };
  // Who drops a buffer need not destroy it.
  const collected = new FinalizationRegistry(forget);
  const alive = new WeakSet();
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (given) {
    const buffer = createBuffer.call(this, given);
    kept.gpu.buffers += 1;
    kept.gpu.bytes += buffer.size;
    alive.add(buffer);
    collected.register(buffer, buffer.size, buffer);
    return buffer;
  };
  const { destroy } = GPUBuffer.prototype;
  GPUBuffer.prototype.destroy = function () {
    if (alive.delete(this)) {
      collected.unregister(this);
      forget(this.size);
    }
    return destroy.call(this);
  };
}

/**
 * Uses the page. Runs in it.
 *
 * @param {Use} use
 * @returns {Promise<number>} Milliseconds a step.
 */
async function round({ steps, resets, switches, elements }) {
  const lab = /** @type {any} */ (document.getElementById('lab'));
  const guests = /** @type {HTMLElement} */ (document.getElementById('guests'));
  const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const until = async (/** @type {() => boolean} */ there) => {
    while (!there()) {
      await pause(1);
    }
  };
  /** Does something that begins another run. @param {() => void} act */
  const anew = async (act) => {
    const before = lab.experiment;
    act();
    await until(() => lab.experiment !== before && lab.experiment.columns[0].history.frames.length > 0);
  };

  await anew(() => {
    lab.setAttribute('network', 'mlp');
    lab.setAttribute('steps', steps);
    lab.reset();
  });
  const began = performance.now();
  lab.play();
  await until(() => lab.state === 'done');
  const step = (performance.now() - began) / steps;

  lab.setAttribute('steps', 20);
  for (let made = 0; made < resets; made += 1) {
    // Every tenth while the one before is still on its way, as by a finger that trembles.
    if (made % 10 === 9) {
      lab.reset();
    } else {
      await anew(() => lab.reset());
    }
  }
  await anew(() => lab.reset());

  const networks = ['lenet5', 'robust', 'mlp,lenet5', 'all', 'mlp'];
  for (let made = 0; made < switches; made += 1) {
    await anew(() => lab.setAttribute('network', networks[made % networks.length]));
  }
  await until(() => lab.state === 'done');

  for (let made = 0; made < elements; made += 1) {
    const guest = document.createElement('activation-maximization');
    const settings = { digit: made % 2 ? 'all' : '3', network: made % 3 ? 'lenet5' : 'mlp', steps: 20, pace: 'full' };
    for (const [name, value] of Object.entries({ ...settings, show: 'all', loading: 'eager', autoplay: '' })) {
      guest.setAttribute(name, String(value));
    }
    guests.append(guest);
    await until(() => /** @type {any} */ (guest).state === 'done');
    guest.remove();
  }
  await anew(() => {
    lab.setAttribute('network', 'mlp');
    lab.reset();
  });
  // An element that is gone keeps its run for a moment.
  for (let waited = 0; waited < 30 && /** @type {any} */ (window).runs > 1; waited += 1) {
    await pause(100);
  }
  return step;
}

/**
 * What the page holds.
 *
 * @param {Page} page
 * @param {number} step
 * @returns {Promise<Sample>}
 */
async function sample(page, step) {
  const client = await page.createCDPSession();
  await client.send('Performance.enable');
  // What is collected last is found out of use by the next.
  for (let time = 0; time < 3; time += 1) {
    await client.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const usage = /** @type {any} */ (await client.send('Runtime.getHeapUsage'));
  const { metrics } = await client.send('Performance.getMetrics');
  const metric = (/** @type {string} */ name) => metrics.find((it) => it.name === name)?.value ?? 0;
  const held = await page.evaluate(() => {
    const { memories, gpu, runs } = /** @type {any} */ (window);
    const bytes = memories.map((/** @type {WebAssembly.Memory} */ it) => it.buffer.byteLength);
    const sum = (/** @type {number} */ a, /** @type {number} */ b) => a + b;
    return { wasm: bytes.reduce(sum, 0), runs, gpuBuffers: gpu.buffers, gpuBytes: gpu.bytes };
  });
  await client.detach();
  return {
    ...held,
    heap: usage.usedSize,
    buffers: usage.backingStorageSize,
    dom: usage.embedderHeapUsedSize,
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    step,
  };
}

/**
 * Uses a page in rounds, and looks after each what is held.
 *
 * @param {'cpu' | 'webgpu'} backend
 * @param {Use} use In all.
 * @param {number} rounds
 * @param {(round: number, sample: Sample) => void} [report]
 * @returns {Promise<Sample[]>} One a round.
 */
export async function soak(backend, use, rounds, report = () => {}) {
  const world = await travelling({ '/soak.html': stage(backend) });
  try {
    const { page, close } = await world.visit('soak.html', (tab) => tab.evaluateOnNewDocument(count));
    page.setDefaultTimeout(0);
    await page.waitForFunction(() => /** @type {any} */ (document.getElementById('lab')).experiment);
    const share = (/** @type {number} */ all) => Math.ceil(all / rounds);
    const each = {
      steps: share(use.steps),
      resets: share(use.resets),
      switches: share(use.switches),
      elements: share(use.elements),
    };
    const samples = [];
    for (let number = 0; number < rounds; number += 1) {
      samples.push(await sample(page, await page.evaluate(round, each)));
      report(number, samples[number]);
    }
    await close();
    return samples;
  } finally {
    await world.close();
  }
}

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * By how much more is held at the end than after the warm-up: the median of the last quarter of the
 * rounds, less that of the second.
 *
 * @param {Sample[]} samples
 * @param {keyof Sample} what
 */
export function growth(samples, what) {
  const quarter = (/** @type {number} */ number) => {
    const from = Math.floor((number * samples.length) / 4);
    const to = Math.floor(((number + 1) * samples.length) / 4);
    return median(samples.slice(from, to).map((it) => it[what]));
  };
  return { before: quarter(1), after: quarter(3), more: quarter(3) - quarter(1) };
}

/** What may be held more without being a leak, by the share and by the amount: the larger of both. */
const SLACK = /** @type {const} */ ({
  wasm: { share: 0.05, amount: 1e6 },
  heap: { share: 0.05, amount: 1e6 },
  buffers: { share: 0.05, amount: 1e6 },
  dom: { share: 0.05, amount: 1e6 },
  nodes: { share: 0.05, amount: 250 }, // Two elements, which something was still under way for.
  listeners: { share: 0.05, amount: 20 },
  runs: { share: 0, amount: 0 },
  gpuBuffers: { share: 0.05, amount: 8 },
  gpuBytes: { share: 0.05, amount: 1e6 },
});

/**
 * What grew, in sentences.
 *
 * @param {Sample[]} samples
 */
export function leaks(samples) {
  return Object.entries(SLACK).flatMap(([name, { share, amount }]) => {
    const { before, after, more } = growth(samples, /** @type {keyof Sample} */ (name));
    return more > Math.max(share * before, amount)
      ? [`${name} grew from ${before} after the warm-up to ${after} at the end.`]
      : [];
  });
}
