// @ts-check
// GPUs that do not do what they are asked to, for `evaluateOnNewDocument`; and the run that meets them.

/** @typedef {'fused' | 'reference'} Path */

/** Spoils the text of one kernel, and counts them all. @param {number} nth From 1; 0 spoils none. */
export function spoiledKernel(nth) {
  const state = { kernels: 0 };
  Object.assign(window, { gpu: state });
  const create = GPUDevice.prototype.createShaderModule;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    state.kernels += 1;
    const spoiled = state.kernels === nth;
    return create.call(this, spoiled ? { ...descriptor, code: `${descriptor.code}\nfn broken( {` } : descriptor);
  };
}

/** Compiles one thing as another, without a word. @param {string} right @param {string} wrong */
export function wrongCompiler(right, wrong) {
  const create = GPUDevice.prototype.createShaderModule;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    return create.call(this, { ...descriptor, code: descriptor.code.replaceAll(right, wrong) });
  };
}

/** Drops what is written into buffers, but for small ones. */
export function lostUploads() {
  const write = GPUQueue.prototype.writeBuffer;
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...rest) {
    if (data.byteLength < 4000) {
      write.call(this, buffer, offset, data, ...rest);
    }
  };
}

/**
 * Once told to, by `window.spoil`, reads no more as it should.
 *
 * @param {'fails' | 'never settles' | 'gives what is no number'} how
 */
export function spoiledReading(how) {
  const map = GPUBuffer.prototype.mapAsync;
  const range = GPUBuffer.prototype.getMappedRange;
  Object.assign(window, {
    spoil: () => {
      if (how === 'gives what is no number') {
        GPUBuffer.prototype.getMappedRange = function (...given) {
          const bytes = range.apply(this, given);
          new Float32Array(bytes).fill(NaN);
          return bytes;
        };
      } else {
        GPUBuffer.prototype.mapAsync = async function (...given) {
          if (how === 'fails') {
            throw new DOMException('It cannot be mapped.', 'OperationError');
          }
          await map.apply(this, given);
          return new Promise(() => {});
        };
      }
    },
  });
}

/**
 * A run of 20 iterations, of which the GPU is spoiled after 12, if it can be; and the same on the CPU alone.
 * Runs in a page.
 *
 * @param {Path} path
 * @param {'auto' | 'webgpu'} backend
 */
export async function runOf(path, backend) {
  const { Engine } = await import(/** @type {any} */ ('/engine.js'));
  const lab = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 };
  const settings = { target: 0.9, learningRate: 0.005 };
  const engine = await Engine.start({ backend, ahead: ['mlp'] });
  await engine.upgraded;
  const { gpu, spoil } = /** @type {any} */ (window);
  const before = gpu?.kernels;
  const run = await engine.begin(path === 'reference' ? { ...lab, path } : lab);
  for (let times = 0; times < 4; times += 1) {
    await run.advance(3, settings);
  }
  const was = run.backend;
  spoil?.();
  const frame = await run.advance(8, settings);

  const alone = await (await Engine.start({ backend: 'cpu' })).begin(lab);
  await alone.advance(12, settings);
  const wanted = await alone.advance(8, settings);
  const off = (/** @type {'images' | 'now' | 'trace'} */ part) =>
    Math.max(...wanted[part].map((/** @type {number} */ it, /** @type {number} */ at) => Math.abs(it - frame[part][at])));
  const { reason, retry } = engine.status;
  return {
    kernels: { before, all: gpu?.kernels },
    ...{ was, backend: run.backend, status: engine.status.backend, reason, retry, path: run.path },
    iteration: frame.iteration,
    // As text: what is no number does not cross over.
    off: String(Math.max(off('images'), off('now'), off('trace'))),
  };
}

/** For `evaluateOnNewDocument`: keeps every device that is asked for, for `endsOfDevices`. */
export function keptDevices() {
  /** @type {GPUDevice[]} */
  const devices = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await requestDevice.apply(this, given);
    devices.push(device);
    return device;
  };
  Object.assign(window, { devices });
}

/** What became of each device, `alive` or a reason of WebGPU's. Runs in the page. @returns {Promise<string[]>} */
export function endsOfDevices() {
  const { devices } = /** @type {{ devices: GPUDevice[] }} */ (/** @type {unknown} */ (window));
  const alive = new Promise((resolve) => setTimeout(resolve, 1000, 'alive'));
  return Promise.all(devices.map(({ lost }) => Promise.race([lost.then(({ reason }) => reason), alive])));
}
