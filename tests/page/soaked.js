// @ts-check
// The page of a soak: what it is used for in a round, and what it counts meanwhile.

import { pageOf } from './travel.js';

/**
 * @typedef {object} Use What a lecture of four hours may come to, or a part of it.
 * @property {number} steps
 * @property {number} resets
 * @property {number} switches From network to network.
 * @property {number} elements Made, played to the end and removed.
 */

/** @param {string} backend */
export const stage = (backend) =>
  pageOf(
    // Without the second opinion and its like: to ask four networks in every frame takes most of the
    // time. The guests have them.
    '<div id="guests"></div><activation-maximization id="lab" digit="3" pace="full" loading="eager" ' +
      'show="labels controls settings loss probability bars mean"></activation-maximization>',
    `<script type="module">
       import { Engine } from './engine.js';
       import { Run } from './src/engine/run.js';
       import { useBackend } from './src/engine/shared-engine.js';

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
export function count() {
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
export async function round({ steps, resets, switches, elements }) {
  const lab = /** @type {any} */ (document.getElementById('lab'));
  const guests = /** @type {HTMLElement} */ (document.getElementById('guests'));
  const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const until = async (/** @type {() => boolean} */ there) => {
    while (!there()) {
      await pause(1);
    }
  };
  /** Does something that begins another run. @param {() => void} act */
  const restart = async (act) => {
    const before = lab.experiment;
    act();
    await until(() => lab.experiment !== before && lab.experiment.networkResults[0].history.snapshots.length > 0);
  };

  await restart(() => {
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
      await restart(() => lab.reset());
    }
  }
  await restart(() => lab.reset());

  const networks = ['lenet5', 'robust', 'mlp,lenet5', 'all', 'mlp'];
  for (let made = 0; made < switches; made += 1) {
    await restart(() => lab.setAttribute('network', networks[made % networks.length]));
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
  await restart(() => {
    lab.setAttribute('network', 'mlp');
    lab.reset();
  });
  // An element that is gone keeps its run for a moment.
  for (let waited = 0; waited < 30 && /** @type {any} */ (window).runs > 1; waited += 1) {
    await pause(100);
  }
  return step;
}

