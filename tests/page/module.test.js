// @ts-check
// The modules without the page: what they say to numbers that are none, and to being connected twice, and
// that they do what they are asked for afterward.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { MODULES, launch, open, serve } from './browser.js';

const www = new URL('../../www/', import.meta.url);

/** The CPU module. @param {string} [copy] What tells another instance from the first. */
async function instance(copy = '') {
  /** @type {typeof import('../../www/pkg/cpu/actmax.js')} */
  const module = await import(new URL(`pkg/cpu/actmax.js?${copy}`, www).href);
  module.initSync({ module: await readFile(new URL('pkg/cpu/actmax_bg.wasm', www)) });
  return module;
}

/** @param {() => unknown} call */
function refusal(call) {
  try {
    call();
  } catch (error) {
    assert.equal(/** @type {Error} */ (error).constructor, Error, String(error));
    return /** @type {Error} */ (error).message;
  }
  return 'It was taken.';
}

/** What JavaScript may give in place of a number. @type {any[]} */
const NO_NUMBERS = [undefined, NaN, 'three', {}];

test('numbers that are none are refused in words, and nothing is broken by them', async () => {
  const module = await instance();
  const backend = await module.Backend.connect();
  const network = backend.network(await readFile(new URL('weights/mlp.safetensors', www)), '{}');
  const run = network.maximize([3, 8], '{}');

  const most = run.largestStep('{}');
  assert.equal(most, 260);
  for (const count of [-1, 0.5, 261, 1e7, 1e9, 2 ** 32 + 5, ...NO_NUMBERS]) {
    assert.equal(
      refusal(() => run.step(count, '{}')),
      `The number of iterations is ${Number(count)}. It must be a whole number from 0 to 260: more iterations take ` +
        'several steps.',
    );
  }
  assert.equal(run.iteration, 0);
  run.step(0, '{}');
  run.step(3, '{}');
  const frame = await run.snapshot('{}');
  assert.equal(frame.iteration, 3);
  assert.equal(frame.trace.length, 3 * 2 * 11);
  assert.ok(frame.images.every(Number.isFinite));

  assert.equal(run.largestTrace, 762_600);

  for (const iteration of [-1, 0.5, 2 ** 31, 2 ** 32 + 5, ...NO_NUMBERS]) {
    assert.equal(
      refusal(() => network.resume([3, 8], '{}', undefined, iteration, frame.state)),
      `The iteration to resume from is ${Number(iteration)}. It must be a whole number from 0 to 1000000000.`,
    );
  }
  const state = frame.state.slice();
  state[1568] = NaN;
  assert.equal(
    refusal(() => network.resume([3, 8], '{}', undefined, 3, state)),
    'Number 1568 of the state to resume is NaN. Every number of a state must be finite, and no second moment ' +
      'negative.',
  );
  for (const digit of [-1, 0.5, 10, 65_539, 2 ** 32 + 3, NaN]) {
    assert.equal(
      refusal(() => network.maximize([3, digit], '{}')),
      `The digit is ${digit}. It must be one of 0 to 9.`,
    );
  }
  const resumed = network.resume(Uint16Array.of(3, 8), '{}', undefined, 3, frame.state);
  assert.equal(resumed.iteration, 3);

  for (const colors of ['magma', 'Viridis', '']) {
    assert.equal(
      refusal(() => module.paint(new Float32Array(784), 0, 1, colors)),
      `There is no color map "${colors}". There are: viridis, diverging.`,
    );
  }

  for (const settings of ['{"regularizers": {"tv": 0.05}}', '{"transforms": {"rotate": 3}}', '{"target": 1}']) {
    const said = [
      refusal(() => run.step(1, settings)),
      refusal(() => run.largestStep(settings)),
      refusal(() => module.checkSettings(settings)),
    ];
    assert.equal(new Set(said).size, 1, said.join('\n'));
    assert.match(said[0], /^The (settings cannot be read \(unknown field `(tv|rotate)`|target probability is 1\.)/);
  }
});

test('a network gives the parameters of its layers, as they are in its file', async () => {
  const module = await instance('parameters');
  const backend = await module.Backend.connect();
  const file = await readFile(new URL('weights/lenet5.safetensors', www));
  const network = backend.network(file, '{}');
  const header = Number(file.readBigUInt64LE(0));
  const tensors = JSON.parse(file.toString('utf8', 8, 8 + header));
  const inFile = (/** @type {string} */ name) => {
    const [from, to] = tensors[name].data_offsets;
    return Float32Array.from({ length: (to - from) / 4 }, (_, at) => file.readFloatLE(8 + header + from + 4 * at));
  };
  for (const [layer, shape] of /** @type {const} */ ([['conv1', [6, 1, 5, 5]], ['conv2', [16, 6, 5, 5]]])) {
    const { weight, ...its } = network.parameters(layer);
    assert.deepEqual(its, { shape, bias: inFile(`${layer}.bias`) });
    assert.deepEqual(weight, inFile(`${layer}.weight`));
  }
  // In the file, as in PyTorch, a dense layer's weights are [out, in].
  const last = network.parameters('fc3');
  assert.deepEqual([last.shape, last.bias], [[84, 10], inFile('fc3.bias')]);
  const weight = inFile('fc3.weight');
  assert.ok(last.weight.every((it, at) => it === weight[(at % 10) * 84 + Math.floor(at / 10)]));
  // It is a copy.
  network.parameters('conv1').weight.fill(0);
  assert.deepEqual(network.parameters('conv1').weight, inFile('conv1.weight'));
  assert.equal(
    refusal(() => network.parameters('fc4')),
    'There is no layer "fc4" in this network. There are: conv1, conv2, fc1, fc2, fc3.',
  );
  assert.equal(network.layers, '[["conv1",6,[24,24]],["conv2",16,[8,8]],["fc1",120],["fc2",84]]');
});

test('a module that is connected says so', async () => {
  const module = await instance('twice');
  const [first, second] = await Promise.allSettled([module.Backend.connect(), module.Backend.connect()]);
  assert.equal(first.status, 'fulfilled');
  assert.equal(second.status, 'rejected');
  await assert.rejects(module.Backend.connect(), {
    message: 'This module is already connected: use the Backend of the first call.',
  });
});

test('a module that got no GPU can be connected once there is one', async () => {
  const [browser, server] = await Promise.all([launch('chromium'), serve(undefined, MODULES)]);
  try {
    const { page } = await open(browser, `${server.url}icon.svg`);
    const said = await page.evaluate(async (url) => {
      const module = await import(url);
      await module.default({ module_or_path: url.replace('actmax.js', 'actmax_bg.wasm') });
      const asked = GPU.prototype.requestAdapter;
      GPU.prototype.requestAdapter = async () => null;
      /** @type {string[]} */
      const words = [];
      const attempt = () =>
        module.Backend.connect().then(
          (/** @type {{ name: string }} */ backend) => words.push(backend.name),
          (/** @type {Error} */ { message }) => words.push(message),
        );
      await attempt();
      await attempt();
      GPU.prototype.requestAdapter = asked;
      await attempt();
      await attempt();
      return words;
    }, `${server.url}pkg/webgpu/actmax.js`);
    assert.match(said[0], /^The GPU could not be used: /);
    assert.deepEqual(said.slice(1), [said[0], 'webgpu', 'This module is already connected: use the Backend of the first call.']);
  } finally {
    await browser.close();
    await server.close();
  }
});
