// @ts-check
// Whatever the engine's API is given: what cannot be used is refused in a sentence, and the run that it was
// asked of, all other runs, the module and the status of the page are as they were.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browserAndServer, open } from './browser.js';

const { browser, server } = await browserAndServer();

/** A page of the same origin that runs nothing, with an engine in `window`. @param {string} backend */
async function engineOn(backend) {
  const { page } = await open(browser, `${server.url}icon.svg`);
  await page.evaluate(async (backend) => {
    const { Engine } = await import(/** @type {any} */ ('/engine.js'));
    /** @type {any[]} */
    const said = [];
    const engine = await Engine.start({ backend, onStatus: (/** @type {any} */ it) => said.push(it) });
    const good = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 };
    const settings = { target: 0.9, learningRate: 0.005 };
    /** What is said of a call that is refused. */
    const message = async (/** @type {() => unknown} */ call) => {
      try {
        await call();
        return 'nothing was refused';
      } catch (error) {
        return error instanceof Error ? error.message : `not an error: ${error}`;
      }
    };
    Object.assign(window, { engine, said, good, settings, message });
  }, backend);
  return page;
}

/** The sentence about a count, for a run of one image. @param {string} count */
const badCount = (count) => `The number of iterations is ${count}. It must be a whole number from 0 to 1000000.`;

/** @type {[asked: string, said: string][]} What is given to `run.advance`, as JavaScript. */
const ADVANCES = [
  ['-1, s', badCount('-1')],
  ['0.5, s', badCount('0.5')],
  ['NaN, s', badCount('NaN')],
  ['undefined, s', badCount('undefined')],
  ['null, s', badCount('null')],
  ['Infinity, s', badCount('Infinity')],
  ['1e7, s', badCount('10000000')],
  ['1e9, s', badCount('1000000000')],
  ['2 ** 31, s', badCount('2147483648')],
  ['2 ** 32 + 5, s', badCount('4294967301')],
  ['"3", s', badCount('"3"')],
  ['3n, s', badCount('3n')],
  ['true, s', badCount('true')],
  ['[3], s', badCount('a list')],
  ['{}, s', badCount('an object')],
  ['() => 3, s', badCount('a function')],
  ['Symbol("3"), s', badCount('Symbol(3)')],
  ['Number.MIN_VALUE, s', badCount('5e-324')],
  ['1, undefined', 'The argument "settings" is undefined. It must be an object like { target: 0.9, learningRate: 0.005 }.'],
  ['1, new Map([["target", 0.5]])', 'The argument "settings" is a Map. It must be an object like { target: 0.9, learningRate: 0.005 }.'],
  ['1, { ["y".repeat(5000)]: "x" }', `The setting "${'y'.repeat(40)}…" is "x". It must be a finite number.`],
  ['1, { ...s, target: 1n }', 'The setting "target" is 1n. It must be a finite number.'],
  ['1, null', 'The argument "settings" is null. It must be an object like { target: 0.9, learningRate: 0.005 }.'],
  ['1, 0.9', 'The argument "settings" is 0.9. It must be an object like { target: 0.9, learningRate: 0.005 }.'],
  ['1, "{}"', 'The argument "settings" is "{}". It must be an object like { target: 0.9, learningRate: 0.005 }.'],
  ['1, []', 'The argument "settings" is a list. It must be an object like { target: 0.9, learningRate: 0.005 }.'],
  ['1, () => s', 'The argument "settings" is a function. It must be an object like { target: 0.9, learningRate: 0.005 }.'],
  ['1, { ...s, target: "0.9" }', 'The setting "target" is "0.9". It must be a finite number.'],
  ['1, { ...s, target: null }', 'The setting "target" is null. It must be a finite number.'],
  ['1, { ...s, target: 9n }', 'The setting "target" is 9n. It must be a finite number.'],
  ['1, { ...s, target: [0.9] }', 'The setting "target" is a list. It must be a finite number.'],
  ['1, { ...s, target: { valueOf: () => 0.9 } }', 'The setting "target" is an object. It must be a finite number.'],
  ['1, { ...s, target: new Number(0.9) }', 'The setting "target" is an object. It must be a finite number.'],
  ['1, { ...s, gradientBlur: -Infinity }', 'The setting "gradientBlur" is -Infinity. It must be a finite number.'],
  ['1, { ...s, optimizer: "rmsprop" }', 'The optimizer is "rmsprop". It must be one of: adam, momentum, sgd.'],
  ['1, { ...s, optimizer: null }', 'The optimizer is null. It must be one of: adam, momentum, sgd.'],
  ['1, { ...s, optimizer: 1 }', 'The optimizer is 1. It must be one of: adam, momentum, sgd.'],
  ['1, { ...s, regularizers: 5 }', 'The setting "regularizers" is 5. It must be an object of numbers.'],
  ['1, { ...s, regularizers: null }', 'The setting "regularizers" is null. It must be an object of numbers.'],
  ['1, { ...s, transforms: [] }', 'The setting "transforms" is a list. It must be an object of numbers.'],
  ['1, { ...s, transforms: { jitter: true } }', 'The setting "jitter" is true. It must be a finite number.'],
  ['1, { ...s, regularizers: { l1: NaN } }', 'The setting "l1" is NaN. It must be a finite number.'],
  ['1, { ...s, target: 1 }', 'The target probability is 1. It must lie between 0 and 1, both excluded: 0.9 asks for 90% confidence.'],
  ['1, { ...s, learningRate: 0 }', 'The learning rate is 0. It must be above 0 and at most 1; the lab uses 0.005.'],
  ['1, { ...s, regularizers: { l2: 1001 } }', 'The setting "l2" is 1001. It must lie between 0 and 1000; 0 leaves it out.'],
  ['1, { ...s, transforms: { jitter: -1 } }', 'The setting "jitter" is -1. It must lie between 0 and 8; 0 leaves it out.'],
];

const example = "{ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 }";
const badObjective = (/** @type {string} */ objective) =>
  `The objective is ${objective}. It must be "target-probability", "log-probability", "logit", { "logit-difference": { other: 8 } }, { neuron: { layer: "fc1" } } or { channel: { layer: "conv2" } }.`;

const badPosition = (/** @type {string} */ position) =>
  `The position is ${position}. It must be "center", or a row and a column like [0, 7], whole numbers from 0 to 27.`;

/** @type {[asked: string, said: string][]} What is given to `engine.begin`; `good` can be used. */
const BEGINS = [
  ['undefined', `What a run begins with is undefined. It must be an object like ${example}.`],
  ['null', `What a run begins with is null. It must be an object like ${example}.`],
  ['"mlp"', `What a run begins with is "mlp". It must be an object like ${example}.`],
  ['[]', `What a run begins with is a list. It must be an object like ${example}.`],
  ['{}', 'There is no network undefined. There are: mlp, lenet5, control, robust.'],
  ['{ ...good, network: "__proto__" }', 'There is no network "__proto__". There are: mlp, lenet5, control, robust.'],
  ['{ ...good, network: Symbol("mlp") }', 'There is no network Symbol(mlp). There are: mlp, lenet5, control, robust.'],
  ['{ ...good, objektiv: "logit" }', 'A run does not begin with "objektiv". It begins with: network, digits, seed, noiseStd, image, objective, parameterization, path.'],
  ['{ ...good, digits: undefined }', 'The digits are undefined. They must be a list, like [3] or [3, 8].'],
  ['{ ...good, digits: 3 }', 'The digits are 3. They must be a list, like [3] or [3, 8].'],
  ['{ ...good, digits: "3" }', 'The digits are "3". They must be a list, like [3] or [3, 8].'],
  ['{ ...good, digits: [] }', 'The run has 0 digits. It must have 1 to 100.'],
  ['{ ...good, digits: Array(101).fill(3) }', 'The run has 101 digits. It must have 1 to 100.'],
  ['{ ...good, digits: Array(5e6).fill(3) }', 'The run has 5000000 digits. It must have 1 to 100.'],
  ['{ ...good, digits: [3, 1.5] }', 'The digit is 1.5. It must be a whole number from 0 to 9.'],
  ['{ ...good, digits: [3, "7"] }', 'The digit is "7". It must be a whole number from 0 to 9.'],
  ['{ ...good, digits: [, 3] }', 'The digit is undefined. It must be a whole number from 0 to 9.'],
  ['{ ...good, digits: [65539] }', 'The digit is 65539. It must be a whole number from 0 to 9.'],
  ['{ ...good, digits: [-1] }', 'The digit is -1. It must be a whole number from 0 to 9.'],
  ['{ ...good, digits: [64], objective: { neuron: { layer: "fc3" } } }', 'The neuron is 64. This layer has 64, counted from 0.'],
  ['{ ...good, seed: undefined }', 'The seed is undefined. It must be a whole number from 0 to 4294967295.'],
  ['{ ...good, seed: 2 ** 32 }', 'The seed is 4294967296. It must be a whole number from 0 to 4294967295.'],
  ['{ ...good, seed: "1" }', 'The seed is "1". It must be a whole number from 0 to 4294967295.'],
  ['{ ...good, noiseStd: NaN }', 'The noise has a standard deviation of NaN. It must lie between 0 and 1; the lab uses 0.01.'],
  ['{ ...good, noiseStd: undefined }', 'The noise has a standard deviation of undefined. It must lie between 0 and 1; the lab uses 0.01.'],
  ['{ ...good, noiseStd: "0.01" }', 'The noise has a standard deviation of "0.01". It must lie between 0 and 1; the lab uses 0.01.'],
  ['{ ...good, noiseStd: 1.5 }', 'The noise has a standard deviation of 1.5. It must lie between 0 and 1; the lab uses 0.01.'],
  ['{ ...good, image: 5 }', 'The start image is 5. A Float32Array is needed: 784 pixels (28 × 28), or 784 for each digit.'],
  ['{ ...good, image: "x".repeat(784) }', `The start image is "${'x'.repeat(40)}…". A Float32Array is needed: 784 pixels (28 × 28), or 784 for each digit.`],
  ['{ ...good, image: { length: 784 } }', 'The start image is an object. A Float32Array is needed: 784 pixels (28 × 28), or 784 for each digit.'],
  ['{ ...good, image: Array(784) }', 'Pixel 0 of the image is NaN. Every pixel must be a finite number.'],
  ['{ ...good, image: new BigInt64Array(784) }', 'The start image is a list. A Float32Array is needed: 784 pixels (28 × 28), or 784 for each digit.'],
  ['{ ...good, image: new Float32Array(785) }', 'The start image has 785 pixels for 1 digit(s). It must have 784 (28 × 28), or 784 for each digit.'],
  ['{ ...good, image: new Float32Array(2e7) }', 'The start image has 20000000 pixels for 1 digit(s). It must have 784 (28 × 28), or 784 for each digit.'],
  ['{ ...good, image: new Float32Array(784).fill(Infinity, 5) }', 'Pixel 5 of the image is Infinity. Every pixel must be a finite number.'],
  ['{ ...good, image: new Float64Array(784).fill(1e39, 7) }', 'Pixel 7 of the image is Infinity. Every pixel must be a finite number.'],
  ['{ ...good, objective: "fame" }', badObjective('"fame"')],
  ['{ ...good, objective: null }', badObjective('null')],
  ['{ ...good, objective: () => "logit" }', badObjective('a function')],
  ['{ ...good, objective: 1n }', badObjective('1n')],
  ['{ ...good, network: "n".repeat(5000) }', `There is no network "${'n'.repeat(40)}…". There are: mlp, lenet5, control, robust.`],
  ['{ ...good, objective: new Map([["neuron", { layer: "fc1" }]]) }', badObjective('a Map')],
  ['{ ...good, objective: { neuron: { layer: "fc1", number: 3 } } }', badObjective('an object')],
  ['{ ...good, objective: { "logit-difference": { other: 8, not: 9 } } }', badObjective('an object')],
  ['{ ...good, objective: { neuron: { layer: "fc1", position: "center" } } }', badObjective('an object')],
  ['{ ...good, objective: { channel: { layer: "conv1", place: "center" } } }', badObjective('an object')],
  ['{ ...good, network: "lenet5", objective: { channel: { layer: "conv1", position: "middle" } } }', badPosition('"middle"')],
  ['{ ...good, network: "lenet5", objective: { channel: { layer: "conv1", position: null } } }', badPosition('null')],
  ['{ ...good, network: "lenet5", objective: { channel: { layer: "conv1", position: [1] } } }', badPosition('a list')],
  ['{ ...good, network: "lenet5", objective: { channel: { layer: "conv1", position: [1.5, -1] } } }', badPosition('[1.5, -1]')],
  ['{ ...good, network: "lenet5", objective: { channel: { layer: "conv1", position: [28, 0] } } }', badPosition('[28, 0]')],
  ['{ ...good, network: "lenet5", objective: { channel: { layer: "conv1", position: [3, 24] } } }', 'The position is row 3, column 24. The maps of conv1 have 24 rows and 24 columns, counted from 0.'],
  ['{ ...good, network: "lenet5", objective: { channel: { layer: "conv2", position: [8, 7] } } }', 'The position is row 8, column 7. The maps of conv2 have 8 rows and 8 columns, counted from 0.'],
  ['{ ...good, objective: { neuron: { layer: 2 } } }', badObjective('an object')],
  ['{ ...good, objective: { neuron: { layer: "fc1" }, "logit-difference": { other: 8 } } }', badObjective('an object')],
  ['{ ...good, objective: { "logit-difference": { other: 10 } } }', 'The other digit of the logit difference is 10. It must be a whole number from 0 to 9.'],
  ['{ ...good, parameterization: "waves" }', 'The parameterization is "waves". It must be one of: pixels, sigmoid, fourier, pca.'],
  ['{ ...good, path: 1 }', 'The path is 1. It must be one of: fused, reference.'],
];

const badPixels = (/** @type {string} */ length) =>
  `There are ${length} pixels. There must be 784 (28 × 28) for each of 1 to 100 images.`;

/** @type {[asked: string, said: string][]} What else the engine is asked, with a snapshot of two images. */
const OTHERS = [
  ['engine.paint(snapshot.images.subarray(1), 0, 1)', badPixels('1567')],
  ['engine.paint(new Float32Array(0), 0, 1)', badPixels('0')],
  ['engine.paint(new Float32Array(784 * 101), 0, 1)', badPixels('79184')],
  ['engine.paint(undefined, 0, 1)', 'The images are undefined. A Float32Array is needed: 784 pixels (28 × 28) for each of 1 to 100 images.'],
  ['engine.paint(snapshot.images, NaN, 1)', 'The colors are to go from NaN to 1. Both must be finite numbers.'],
  ['engine.paint(snapshot.images, 0)', 'The colors are to go from 0 to undefined. Both must be finite numbers.'],
  ['engine.paint(snapshot.images, -Infinity, Infinity)', 'The colors are to go from -Infinity to Infinity. Both must be finite numbers.'],
  ['engine.paint(snapshot.images, 0, 1e39)', 'The colors are to go from 0 to 1e+39. Both must be finite numbers.'],
  ['engine.paint(snapshot.images, 0, 1, "magma")', 'The color map is "magma". It must be one of: viridis, diverging.'],
  ['engine.paint(snapshot.images, 0, 1, null)', 'The color map is null. It must be one of: viridis, diverging.'],
  ['engine.paint(snapshot.images, "0", "1")', 'The colors are to go from "0" to "1". Both must be finite numbers.'],
  ['engine.probabilities("mlp", undefined)', 'The images are undefined. A Float32Array is needed: 784 pixels (28 × 28) for each of 1 to 100 images.'],
  ['engine.probabilities("mlp", "x".repeat(784))', `The images are "${'x'.repeat(40)}…". A Float32Array is needed: 784 pixels (28 × 28) for each of 1 to 100 images.`],
  ['engine.probabilities("mlp", new Float32Array(784).fill(NaN, 3))', 'Pixel 3 is NaN. Every pixel must be a finite number.'],
  ['engine.probabilities(undefined, snapshot.images)', 'There is no network undefined. There are: mlp, lenet5, control, robust.'],
  ['engine.parameters("vgg", "conv1")', 'There is no network "vgg". There are: mlp, lenet5, control, robust.'],
  ['engine.parameters("mlp")', 'The layer is undefined. It must be the name of one, like "conv1" or "fc1".'],
  ['engine.parameters("mlp", "f".repeat(5000))', `The layer is "${'f'.repeat(40)}…". It must be the name of one, like "conv1" or "fc1".`],
  ['engine.parameters("lenet5", "conv3")', 'There is no layer "conv3" in this network. There are: conv1, conv2, fc1, fc2, fc3.'],
  ['engine.card({})', 'There is no network an object. There are: mlp, lenet5, control, robust.'],
  ['engine.replay(two, undefined, [])', 'A snapshot to go on from is undefined. It must be an object like { iteration, state }.'],
  ['engine.replay(two, { ...snapshot, iteration: -1 }, [])', 'The iteration to go on from is -1. It must be a whole number from 0 to 1000000000.'],
  ['engine.replay(two, { ...snapshot, iteration: 2 ** 31 }, [])', 'The iteration to go on from is 2147483648. It must be a whole number from 0 to 1000000000.'],
  ['engine.replay(two, { ...snapshot, iteration: 1.5 }, [])', 'The iteration to go on from is 1.5. It must be a whole number from 0 to 1000000000.'],
  ['engine.replay(two, { ...snapshot, iteration: 1e9 }, [{ count: 1, settings: s }])', 'The number of iterations of the whole run is 1000000001. It must be a whole number from 0 to 1000000000.'],
  ['engine.replay(two, { ...snapshot, state: "state" }, [])', 'The state to go on from is "state". A Float32Array is needed: the numbers of a snapshot.'],
  ['engine.replay(two, { ...snapshot, state: new Float32Array(2e7) }, [])', 'The state to go on from has 20000000 numbers. For 2 image(s) it has at most 4704.'],
  ['engine.replay(two, { ...snapshot, state: snapshot.state.subarray(1) }, [])', 'The state to resume has 4703 numbers. For 2 image(s) of this kind it must have 4704: parameters, first and second moments.'],
  ['engine.replay(two, { ...snapshot, state: snapshot.state.map((it, at) => (at === 9 ? NaN : it)) }, [])', 'Number 9 of the state to go on from is NaN. Every number must be a finite number.'],
  ['engine.replay(two, snapshot, undefined)', 'The steps to make again are undefined. They must be a list like [{ count, settings }].'],
  ['engine.replay(two, snapshot, [3])', 'The steps to make again are a list. They must be a list like [{ count, settings }].'],
  ['engine.replay(two, snapshot, [{ count: -1, settings: s }])', 'The number of iterations is -1. It must be a whole number from 0 to 500000.'],
  ['engine.replay({ ...two, digits: [] }, snapshot, [])', 'The run has 0 digits. It must have 1 to 100.'],
  ['engine.constructor.start({ backend: "gpu" })', 'The backend is "gpu". It must be one of: auto, cpu, webgpu.'],
  ['engine.constructor.start(null)', "What an engine starts with is null. It must be an object like { backend: 'cpu' }."],
  ['engine.constructor.start("cpu")', `What an engine starts with is "cpu". It must be an object like { backend: 'cpu' }.`],
  ['engine.constructor.start({ backnd: "cpu" })', 'An engine does not start with "backnd". It starts with: backend, onStatus, onProgress, ahead, probe, trial.'],
  ['engine.constructor.start({ onStatus: 3 })', '"onStatus" is 3. It must be a function.'],
  ['engine.constructor.start({ onProgress: null })', '"onProgress" is null. It must be a function.'],
  ['engine.constructor.start({ ahead: "mlp" })', `The files to load ahead are "mlp". They must be a list, like ['mlp'].`],
];

for (const backend of ['cpu', 'webgpu']) {
  test(`what cannot be used is refused in words on ${backend}, and nothing has happened`, async () => {
    const page = await engineOn(backend);
    const it = await page.evaluate(
      async (advances, begins, others) => {
        const { engine, said, good, settings: s, message } = /** @type {any} */ (window);
        const two = { ...good, digits: [3, 8] };
        const [run, beside, frames] = [await engine.begin(good), await engine.begin(good), await engine.begin(two)];
        const snapshot = await frames.advance(2, s);
        await run.advance(2, s);
        const { length } = said;
        const status = JSON.stringify(engine.status);
        /** @type {string[]} */
        const changed = [];
        const of = async (/** @type {string[]} */ names, /** @type {any[]} */ values, /** @type {string} */ code) => {
          const heard = await message(() => new Function(...names, `return ${code}`)(...values));
          if (JSON.stringify(engine.status) !== status || said.length !== length) {
            changed.push(code);
          }
          return heard;
        };
        const heard = [];
        for (const [asked] of advances) {
          heard.push([asked, await of(['run', 's'], [run, s], `run.advance(${asked})`)]);
        }
        for (const [asked] of begins) {
          heard.push([asked, await of(['engine', 'good'], [engine, good], `engine.begin(${asked})`)]);
        }
        for (const [asked] of others) {
          heard.push([asked, await of(['engine', 'two', 'snapshot', 's'], [engine, two, snapshot, s], asked)]);
        }
        const [end, whole] = [await run.advance(3, s), await beside.advance(5, s)];
        return {
          heard,
          changed,
          iteration: end.iteration,
          trace: end.trace.length,
          off: Math.max(...end.images.map((/** @type {number} */ pixel, /** @type {number} */ at) => Math.abs(pixel - whole.images[at]))),
        };
      },
      ADVANCES,
      BEGINS,
      OTHERS,
    );
    assert.deepEqual(it.heard, [...ADVANCES, ...BEGINS, ...OTHERS]);
    assert.deepEqual([it.changed, it.iteration, it.trace], [[], 5, 3 * 11]);
    assert.ok(it.off < 1e-6, `pixels are ${it.off} off`);
    await page.close();
  });

  test(`a run that is freed, or asked while it is at work, says so on ${backend}`, async () => {
    const page = await engineOn(backend);
    const it = await page.evaluate(async () => {
      const { engine, said, good, settings: s, message } = /** @type {any} */ (window);
      const [run, beside] = [await engine.begin(good), await engine.begin(good)];
      await run.advance(1, s);
      await beside.advance(1, s);
      const status = JSON.stringify([engine.status, said]);
      const first = run.advance(300, s);
      const heard = [await message(() => run.advance(1, s)), await message(() => run.advance(0, s))];
      const iterations = [(await first).iteration, (await run.advance(1, s)).iteration];
      const pending = message(() => run.advance(100_000, s)); // In many pieces.
      await new Promise((resolve) => setTimeout(resolve, 50));
      run.free();
      run.free();
      heard.push(await pending, await message(() => run.advance(1, s)), await message(() => run.advance(0, s)));
      const atOnce = await engine.begin(good);
      const never = message(() => atOnce.advance(3, s));
      atOnce.free();
      heard.push(await never);
      iterations.push((await beside.advance(1, s)).iteration);
      return { heard, iterations, status: JSON.stringify([engine.status, said]) === status };
    });
    const freed = 'The run has been freed, and can make no more iterations. Begin another.';
    const busy = 'The run still makes the iterations of another call. Wait for that before the next.';
    assert.deepEqual(it, { heard: [busy, busy, freed, freed, freed, freed], iterations: [301, 302, 2], status: true });
    await page.close();
  });
}

test('what was given is copied: nobody changes it afterward', async () => {
  const page = await engineOn('cpu');
  const same = await page.evaluate(async () => {
    const { engine, good, settings } = /** @type {any} */ (window);
    const near = { ...settings, regularizers: { startDistance: 1 } };
    const image = new Float32Array(784).fill(0.5);
    const begin = { ...good, digits: [3, 8], image, objective: { 'logit-difference': { other: 1 } } };
    const [run, other] = [await engine.begin(begin), await engine.begin(begin)];
    image.fill(9);
    begin.digits.push(4);
    begin.objective['logit-difference'].other = 77;
    await run.advance(2, near);
    // Where it begins again, from its last snapshot.
    run.goBack(undefined);
    const [one, two] = [await run.advance(4, near), await other.advance(4, near)];
    return [one.iteration, String(one.state) === String(two.state), String(one.now) === String(two.now)];
  });
  assert.deepEqual(same, [4, true, true]);
  await page.close();
});
