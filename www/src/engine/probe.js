// @ts-check
// Whether this browser can give WebGPU's module what it needs, before a byte of it is loaded.

import { withinTime } from './timeout.js';

/**
 * @typedef {object} Probe
 * @property {string} name The name of the GPU; empty where there is none.
 * @property {boolean} software Whether it is a software adapter, which computes on the CPU.
 * @property {import('./choose-backend.js').Why} [lack] Why WebGPU will not do.
 */

/**
 * The limits that the kernels rely on. WebGPU guarantees them, but not for adapters in its compatibility mode,
 * and a browser may not keep to the specification.
 *
 * @type {Partial<Record<keyof GPUSupportedLimits, number>>}
 */
const LIMITS = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
};

/** Milliseconds. Some drivers never answer. */
const TIMEOUT = 5000;

/**
 * Asks for an adapter the way the module will, and checks for all whose lack would make the module panic.
 *
 * @param {{ isSecureContext?: boolean, navigator?: { gpu?: GPU } }} [scope]
 * @returns {Promise<Probe>} Never rejects.
 */
export async function probe(scope = globalThis) {
  if (scope.isSecureContext === false) {
    const reason = 'WebGPU needs a secure page: open this one over https, or from localhost.';
    return without('this page is not secure', reason);
  }
  const gpu = scope.navigator?.gpu;
  if (!gpu) {
    return without('this browser has no WebGPU', 'This browser has no WebGPU.');
  }
  let adapter;
  try {
    adapter = await withinTime(
      gpu.requestAdapter({ powerPreference: 'high-performance' }),
      TIMEOUT,
      'it did not answer within 5 seconds',
    );
  } catch (error) {
    return without('WebGPU gave no adapter', `WebGPU gave no adapter: ${sentence(error)}`);
  }
  if (!adapter) {
    const reason = 'WebGPU is there, but it offers no GPU: the driver may be missing or blocked.';
    return without('there is no GPU for WebGPU', reason);
  }
  const found = { name: nameOf(adapter.info), software: isSoftware(adapter.info) };
  for (const [name, least] of Object.entries(LIMITS)) {
    const limit = adapter.limits[/** @type {'maxBufferSize'} */ (name)];
    if (limit < least) {
      const reason = `The GPU's WebGPU limit "${name}" is ${limit}, and ${least} is needed here.`;
      return { ...found, lack: { brief: 'a limit of the GPU is too low', reason } };
    }
  }
  if (!adapter.features.has('timestamp-query')) {
    const reason = 'The GPU lacks the WebGPU feature "timestamp-query", which Burn needs.';
    return { ...found, lack: { brief: 'the GPU lacks a feature', reason } }; // Burn's GPU runtime panics without it.
  }
  return found;
}

/** @param {string} brief @param {string} reason @returns {Probe} */
function without(brief, reason) {
  return { name: '', software: false, lack: { brief, reason } };
}

/** @param {GPUAdapterInfo} info */
function nameOf(info) {
  const words = [info.description, info.device, `${info.vendor} ${info.architecture}`];
  return words.map((word) => word.trim()).find((word) => word !== '') ?? 'GPU without a name';
}

/** @param {GPUAdapterInfo} info */
function isSoftware(info) {
  return (
    info.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${info.architecture} ${info.description}`)
  );
}

/** @param {unknown} error */
function sentence(error) {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
