// @ts-check
// Why WebGPU will not do: every reason, word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { probe } from '../../www/probe.js';

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

const REFUSALS = [
  {
    name: 'an insecure page',
    scope: /** @type {any} */ ({ isSecureContext: false, navigator: {} }),
    reason: 'WebGPU needs a secure page: open this one over https, or from localhost.',
  },
  {
    name: 'a browser without WebGPU',
    scope: /** @type {any} */ ({ isSecureContext: true, navigator: {} }),
    reason: 'This browser has no WebGPU.',
  },
  {
    name: 'no adapter',
    scope: browser(async () => null),
    reason: 'WebGPU is there, but it offers no GPU: the driver may be missing or blocked.',
  },
  {
    name: 'an adapter of the compatibility mode',
    scope: browser(async () => adapter({}, undefined, { maxComputeInvocationsPerWorkgroup: 128 })),
    reason: 'The GPU\'s WebGPU limit "maxComputeInvocationsPerWorkgroup" is 128, and 256 is needed here.',
  },
  {
    name: 'an adapter that binds too few buffers',
    scope: browser(async () => adapter({}, undefined, { maxStorageBuffersPerShaderStage: 4 })),
    reason: 'The GPU\'s WebGPU limit "maxStorageBuffersPerShaderStage" is 4, and 8 is needed here.',
  },
  {
    name: 'a request that fails',
    scope: browser(async () => {
      throw new Error('out of luck');
    }),
    reason: 'WebGPU gave no adapter: out of luck.',
  },
];

for (const { name, scope, reason } of REFUSALS) {
  test(name, async () => assert.deepEqual(await probe(scope), { reason }));
}

test('a request that is never answered', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const answer = probe(browser(() => new Promise(() => {})));
  for (let part = 0; part < 4; part += 1) {
    context.mock.timers.tick(1250);
  }
  assert.deepEqual(await answer, {
    reason: 'WebGPU gave no adapter: it did not answer within 5 seconds.',
  });
});

test('a hardware adapter, by its best name', async () => {
  const named = await probe(browser(async () => adapter({ description: 'Fine GPU', vendor: 'v' })));
  assert.deepEqual(named, { adapter: 'Fine GPU', software: false });
  const terse = await probe(browser(async () => adapter({ vendor: 'apple', architecture: 'metal-3' })));
  assert.deepEqual(terse, { adapter: 'apple metal-3', software: false });
  const silent = await probe(browser(async () => adapter({})));
  assert.deepEqual(silent, { adapter: 'GPU without a name', software: false });
});

test('a GPU that Burn cannot use, but others can', async () => {
  const answer = await probe(browser(async () => adapter({ description: 'Fine GPU' }, [])));
  assert.deepEqual(answer, {
    adapter: 'Fine GPU',
    software: false,
    burnless: 'The GPU lacks the WebGPU feature "timestamp-query", which Burn needs.',
  });
});

test('a GPU that is a software adapter', async () => {
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
