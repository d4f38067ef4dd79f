// Whether this browser can give WebGPU's module what it needs, before a byte of it is loaded.

import type { Why } from './choose-backend.ts';
import { withinTime } from './timeout.ts';

export interface Probe {
  /** The name of the GPU; empty where there is none. */
  name: string;
  /** Whether it is a software adapter, which computes on the CPU. */
  software: boolean;
  /** Why WebGPU will not do. */
  lack?: Why;
}

/**
 * The limits that the kernels rely on. WebGPU guarantees them, but not for adapters in its compatibility mode,
 * and a browser may not keep to the specification.
 */
const LIMITS: Partial<Record<keyof GPUSupportedLimits, number>> = {
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
 * @returns Never rejects.
 */
export async function probe(scope: {
  isSecureContext?: boolean;
  navigator?: { gpu?: GPU };
} = globalThis): Promise<Probe> {
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
    const limit = adapter.limits[name as 'maxBufferSize'];
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

function without(brief: string, reason: string): Probe {
  return { name: '', software: false, lack: { brief, reason } };
}

function nameOf(info: GPUAdapterInfo) {
  const words = [info.description, info.device, `${info.vendor} ${info.architecture}`];
  return words.map((word) => word.trim()).find((word) => word !== '') ?? 'GPU without a name';
}

function isSoftware(info: GPUAdapterInfo) {
  return (
    info.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${info.architecture} ${info.description}`)
  );
}

function sentence(error: unknown) {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
