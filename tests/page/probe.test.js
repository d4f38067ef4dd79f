// @ts-check
// Why WebGPU will not do: every reason, word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { probe } from '../../www/src/engine/probe.ts';

/**
 * A browser whose GPU answers so.
 *
 * @param {() => Promise<unknown>} requestAdapter
 */
function browser(requestAdapter) {
  return /** @type {any} */ ({ isSecureContext: true, navigator: { gpu: { requestAdapter } } });
}

/** What WebGPU guarantees. */
const GUARANTEED = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
};

/** @param {object} info @param {string[]} features @param {object} limits */
function adapter(info, features = ['timestamp-query'], limits = {}) {
  const blank = { vendor: '', architecture: '', device: '', description: '' };
  return {
    info: { ...blank, ...info },
    features: new Set(features),
    limits: { ...GUARANTEED, ...limits },
  };
}

const NAMELESS = 'GPU without a name';

const REFUSALS = [
  {
    test: 'an insecure page',
    scope: /** @type {any} */ ({ isSecureContext: false, navigator: {} }),
    brief: 'this page is not secure',
    reason: 'WebGPU needs a secure page: open this one over https, or from localhost.',
  },
  {
    test: 'a browser without WebGPU',
    scope: /** @type {any} */ ({ isSecureContext: true, navigator: {} }),
    brief: 'this browser has no WebGPU',
    reason: 'This browser has no WebGPU.',
  },
  {
    test: 'no adapter',
    scope: browser(async () => null),
    brief: 'there is no GPU for WebGPU',
    reason: 'WebGPU is there, but it offers no GPU: the driver may be missing or blocked.',
  },
  {
    test: 'an adapter of the compatibility mode',
    scope: browser(async () => adapter({}, undefined, { maxComputeInvocationsPerWorkgroup: 128 })),
    name: NAMELESS,
    brief: 'a limit of the GPU is too low',
    reason: 'The GPU\'s WebGPU limit "maxComputeInvocationsPerWorkgroup" is 128, and 256 is needed here.',
  },
  {
    test: 'an adapter that binds too few buffers',
    scope: browser(async () => adapter({}, undefined, { maxStorageBuffersPerShaderStage: 4 })),
    name: NAMELESS,
    brief: 'a limit of the GPU is too low',
    reason: 'The GPU\'s WebGPU limit "maxStorageBuffersPerShaderStage" is 4, and 8 is needed here.',
  },
  {
    test: 'a request that fails',
    scope: browser(async () => {
      throw new Error('out of luck');
    }),
    brief: 'WebGPU gave no adapter',
    reason: 'WebGPU gave no adapter: out of luck.',
  },
  {
    test: 'an adapter that Burn would panic over',
    scope: browser(async () => adapter({ description: 'Fine GPU' }, [])),
    name: 'Fine GPU',
    brief: 'the GPU lacks a feature',
    reason: 'The GPU lacks the WebGPU feature "timestamp-query", which Burn needs.',
  },
];

for (const { test: title, scope, name = '', brief, reason } of REFUSALS) {
  test(title, async () => assert.deepEqual(await probe(scope), { name, software: false, lack: { brief, reason } }));
}

test('a request that is never answered', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const answer = probe(browser(() => new Promise(() => {})));
  for (let part = 0; part < 4; part += 1) {
    context.mock.timers.tick(1250);
  }
  assert.deepEqual((await answer).lack, {
    brief: 'WebGPU gave no adapter',
    reason: 'WebGPU gave no adapter: it did not answer within 5 seconds.',
  });
});

test('a hardware adapter, by its best name', async () => {
  const named = await probe(browser(async () => adapter({ description: 'Fine GPU', vendor: 'v' })));
  assert.deepEqual(named, { name: 'Fine GPU', software: false });
  const terse = await probe(browser(async () => adapter({ vendor: 'apple', architecture: 'metal-3' })));
  assert.deepEqual(terse, { name: 'apple metal-3', software: false });
  const silent = await probe(browser(async () => adapter({})));
  assert.deepEqual(silent, { name: 'GPU without a name', software: false });
});

test('a software adapter', async () => {
  for (const info of [
    { isFallbackAdapter: true },
    { vendor: 'google', architecture: 'swiftshader' },
    { description: 'llvmpipe (LLVM 19)' },
    { description: 'Microsoft Basic Render Driver' },
  ]) {
    const { software } = await probe(browser(async () => adapter(info)));
    assert.equal(software, true, JSON.stringify(info));
  }
});
