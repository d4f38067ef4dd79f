// @ts-check
// Whether this browser can give the modules what they need of WebGPU, before a byte of them is loaded.

import { withinTime } from './timeout.js';

/**
 * @typedef {object} Probe
 * @property {string} [adapter] The GPU's name, if there is one that will do.
 * @property {boolean} [software] Whether it is a software adapter: the CPU computes what is asked of it.
 * @property {string} [burnless] Why Burn cannot use that GPU, as a sentence, if it cannot.
 * @property {string} [reason] Why WebGPU will not do, as a sentence.
 */

/**
 * What the modules' kernels take for granted. WebGPU guarantees as much, but for adapters of its
 * compatibility mode and what a browser may offer in its place.
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
 * Asks for an adapter the way the modules will, and checks what they would otherwise panic over.
 *
 * @param {{ isSecureContext?: boolean, navigator?: { gpu?: GPU } }} [scope]
 * @returns {Promise<Probe>} Never rejects.
 */
export async function probe(scope = globalThis) {
  if (scope.isSecureContext === false) {
    return {
      reason: 'WebGPU needs a secure page: open this one over https, or from localhost.',
    };
  }
  const gpu = scope.navigator?.gpu;
  if (!gpu) {
    return { reason: 'This browser has no WebGPU.' };
  }
  let adapter;
  try {
    adapter = await withinTime(
      gpu.requestAdapter({ powerPreference: 'high-performance' }),
      TIMEOUT,
      'it did not answer within 5 seconds',
    );
  } catch (error) {
    return { reason: `WebGPU gave no adapter: ${sentence(error)}` };
  }
  if (!adapter) {
    return { reason: 'WebGPU is there, but it offers no GPU: the driver may be missing or blocked.' };
  }
  for (const [name, least] of Object.entries(LIMITS)) {
    const limit = adapter.limits[/** @type {'maxBufferSize'} */ (name)];
    if (limit < least) {
      return { reason: `The GPU's WebGPU limit "${name}" is ${limit}, and ${least} is needed here.` };
    }
  }
  const found = { adapter: nameOf(adapter.info), software: isSoftware(adapter.info) };
  // cubecl insists on it, Burn's way to GPUs.
  return adapter.features.has('timestamp-query')
    ? found
    : { ...found, burnless: 'The GPU lacks the WebGPU feature "timestamp-query", which Burn needs.' };
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
