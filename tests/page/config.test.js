// @ts-check
// Settings as text: what is written is read again, and what cannot be used is said.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { KEYS, readConfig, readSetting, writeConfig } from '../../www/src/settings/config.ts';
import { layerOf, objectiveIn, objectiveOf, positionOf } from '../../www/src/engine/objectives.ts';
import { PRESETS, presetOf, withPreset } from '../../www/src/settings/presets.ts';
import { PARTS, partsOf } from '../../www/src/figure/parts.ts';
import { readStart, writeStart } from '../../www/src/settings/start-image.ts';
import { anyConfig, drawing } from './any-config.js';

/** @param {string} query */
const read = (query) => readConfig(new URLSearchParams(query));

describe('configurations', () => {
  test('every one survives an address', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const text = writeConfig(config);
        // As a browser keeps it.
        const hash = new URL(`#${text}`, 'https://example.org/').hash.slice(1);
        assert.deepEqual(read(hash), { config, notes: [] });
      }),
      { numRuns: 500 },
    );
  });

  test('an address can be read by people', () => {
    const { config } = read('network=lenet5&digit=3&target=0.9&steps=500&seed=7');
    assert.equal(writeConfig(config), 'network=lenet5&digit=3&target=0.9&steps=500&seed=7');
    assert.equal(writeConfig(read('').config), 'network=mlp&digit=3&target=0.9&steps=50&seed=1');
    assert.equal(writeConfig(read('digit=all&network=both').config), 'network=both&digit=all&target=0.9&steps=500&seed=1');
  });

  test('a channel is asked for on average, or at one position of its map', () => {
    for (const [text, objective] of /** @type {const} */ ([
      ['channel-conv2', { channel: { layer: 'conv2' } }],
      ['channel-conv2-center', { channel: { layer: 'conv2', position: 'center' } }],
      ['channel-conv2-at-0-7', { channel: { layer: 'conv2', position: [0, 7] } }],
      ['channel-conv1-at-23-10', { channel: { layer: 'conv1', position: [23, 10] } }],
      ['neuron-fc2', { neuron: { layer: 'fc2' } }],
    ])) {
      const { config, notes } = read(`network=lenet5&objective=${text}`);
      assert.deepEqual([config.objective, notes], [text, []]);
      assert.deepEqual(objectiveOf(text), objective);
      assert.equal(objectiveIn(/** @type {string} */ (layerOf(text)), positionOf(text)), text);
    }
    for (const text of ['channel-conv2-middle', 'channel-conv2-at-1', 'channel-conv2-at-1-2-3', 'channel-conv2-at-01-2', 'channel-conv2-at-1.5-2', 'channel-conv2-at--1-2', 'neuron-fc1-center']) {
      assert.match(read(`network=lenet5&objective=${text}`).notes[0], new RegExp(`^The objective is "${text.slice(0, 24)}`));
    }
  });

  test('presets are settings like any other', () => {
    for (const name of Object.keys(PRESETS)) {
      const config = withPreset(read('network=lenet5&digit=7&seed=4').config, name);
      assert.equal(presetOf(config), name);
      assert.deepEqual(read(writeConfig(config)), { config, notes: [] });
    }
    assert.equal(presetOf(read('').config), 'notebook');
    assert.equal(presetOf(read('l1=0.5').config), undefined);
  });

  test('each network has its own iterations', () => {
    assert.equal(read('network=lenet5').config.steps, 500);
    assert.equal(read('steps=80&network=lenet5').config.steps, 80);
  });

  test('what is unknown is ignored', () => {
    assert.deepEqual(read('digit=7&color=blue&__proto__=1&constructor=2'), read('digit=7'));
    // So are settings by names that they had once: a link from then shows the lab's.
    assert.deepEqual(read('p=0.5&goal=logit&form=prior&deviation=1&near=1&shift=2&turn=9&zoom=0.1&soften=1'), read(''));
  });

  for (const [query, key, value, note] of /** @type {const} */ ([
    ['network=vgg', 'network', 'mlp', 'The network is "vgg". It must be one of: mlp, lenet5, control, robust, both, all, or several like lenet5,robust. mlp is used instead.'],
    ['digit=12', 'digits', [0], 'There is no digit 12: they are 0 to 9. 0 is used instead.'],
    ['digit=3,12', 'digits', [3], 'There is no digit 12: they are 0 to 9. 3 is used instead.'],
    ['objective=channel-conv1&digit=7&network=lenet5', 'digits', [0], 'There is no channel 7 in conv1: they are 0 to 5. 0 is used instead.'],
    ['objective=channel-conv1&network=both', 'objective', 'target-probability', 'There is no layer conv1 in mlp,lenet5. The objective target-probability is used instead.'],
    ['objective=fame', 'objective', 'target-probability', 'The objective is "fame". It must be target-probability, log-probability, logit, logit-minus-0 to logit-minus-9, neuron- and a dense layer like neuron-fc1, or channel- and a convolutional layer like channel-conv2, which is its average, or channel-conv2-center or channel-conv2-at-0-7, which is one position, by row and column. target-probability is used instead.'],
    ['objective=neuron-conv1&network=lenet5', 'objective', 'target-probability', 'The objective is "neuron-conv1". It must be target-probability, log-probability, logit, logit-minus-0 to logit-minus-9, neuron- and a dense layer like neuron-fc1, or channel- and a convolutional layer like channel-conv2, which is its average, or channel-conv2-center or channel-conv2-at-0-7, which is one position, by row and column. target-probability is used instead.'],
    ['objective=channel-conv1-at-24-3&network=lenet5', 'objective', 'channel-conv1-center', 'The position is row 24, column 3. The maps of conv1 have 24 rows and 24 columns, counted from 0. channel-conv1-center is used instead.'],
    ['objective=channel-conv2-at-0-8&network=control', 'objective', 'channel-conv2-center', 'The position is row 0, column 8. The maps of conv2 have 8 rows and 8 columns, counted from 0. channel-conv2-center is used instead.'],
    ['objective=channel-conv3-center&network=lenet5', 'objective', 'target-probability', 'There is no layer conv3 in lenet5. The objective target-probability is used instead.'],
    ['objective=neuron-fc4', 'objective', 'target-probability', 'There is no layer fc4 in mlp. The objective target-probability is used instead.'],
    ['tv=-1', 'tv', 0, 'The weight of total variation is "-1". It must be a number from 0 to 1000. 0 is used instead.'],
    ['digit=300', 'digits', [0], 'There is no digit 300: they are 0 to 9. 0 is used instead.'],
    ['digit=4096', 'digits', [3], 'The digit is "4096". It must be 0 to 9, several like 3,8, or all. 3 is used instead.'],
    ['digit=', 'digits', [3], 'The digit is "". It must be 0 to 9, several like 3,8, or all. 3 is used instead.'],
    ['target=1.7', 'target', 0.999, 'The target probability is "1.7". It must be a number from 0.001 to 0.999. 0.999 is used instead.'],
    ['target=NaN', 'target', 0.9, 'The target probability is "NaN". It must be a number from 0.001 to 0.999. 0.9 is used instead.'],
    ['target=', 'target', 0.9, 'The target probability is no number. It must be a number from 0.001 to 0.999. 0.9 is used instead.'],
    ['steps=1e400', 'steps', 100_000, 'The number of iterations is "1e400". It must be a whole number from 1 to 100000. 100000 is used instead.'],
    ['steps=1000000000', 'steps', 100_000, 'The number of iterations is "1000000000". It must be a whole number from 1 to 100000. 100000 is used instead.'],
    ['seed=0x10', 'seed', 1, 'The seed is "0x10". It must be a whole number from 0 to 4294967295. 1 is used instead.'],
    ['seed=１２', 'seed', 1, 'The seed is "１２". It must be a whole number from 0 to 4294967295. 1 is used instead.'],
    ['seed=-3', 'seed', 0, 'The seed is "-3". It must be a whole number from 0 to 4294967295. 0 is used instead.'],
    ['seed=1.4', 'seed', 1, 'The seed is "1.4". It must be a whole number from 0 to 4294967295. 1 is used instead.'],
    ['optimizer=SGD', 'optimizer', 'adam', 'The optimizer is "SGD". It must be one of: adam, momentum, sgd. adam is used instead.'],
    ['rate=fast', 'rate', 0.005, 'The learning rate is "fast". It must be a number from 0.00001 to 1. 0.005 is used instead.'],
    ['noise-std=-1', 'noiseStd', 0, 'The noise\'s standard deviation is "-1". It must be a number from 0 to 1. 0 is used instead.'],
    ['start=<svg onload=alert(1)>', 'start', '', 'The start is "<svg onload=alert(1)>". It must be mean0 to mean9, or a drawing made on the page. Noise is used instead.'],
    ['pace=warp', 'pace', 'normal', 'The pace is "warp". It must be one of: slow, normal, full. normal is used instead.'],
    ['colors=Viridis', 'colors', 'viridis', 'The color map is "Viridis". It must be one of: viridis, diverging. viridis is used instead.'],
    ['colors=', 'colors', 'viridis', 'The color map is "". It must be one of: viridis, diverging. viridis is used instead.'],
    ['color-scale=-1', 'colorScale', 'fitted', 'The color scale is "-1". It must be one of: fitted, fixed. fitted is used instead.'],
    ['digit=3&row=4', 'row', undefined, 'There is no image 4: they count from 0 to 0.'],
  ])) {
    test(`"${query}" is corrected, and said`, () => {
      const { config, notes } = read(query);
      assert.deepEqual(config[key], value);
      assert.deepEqual(notes, [note]);
    });
  }

  test('any text at all gives a configuration that can be used', () => {
    const key = fc.constantFrom(...KEYS);
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.string({ unit: 'binary' })), { maxLength: 12 }), (pairs) => {
        const { config } = readConfig(new URLSearchParams(pairs));
        assert.deepEqual(read(writeConfig(config)), { config, notes: [] });
      }),
      { numRuns: 2000 },
    );
  });

  test('a text that is too long is refused, and not as what it begins with', () => {
    for (const key of KEYS.filter((it) => it !== 'log')) {
      const { problem } = readSetting(key, `0.5${' '.repeat(5_000_000)},${'1,'.repeat(5_000_000)}`);
      assert.ok(problem && problem.length < 400, `${key}: ${problem}`);
    }
  });

  test('a setting that a person types is refused in the same words', () => {
    assert.deepEqual(readSetting('seed', ' 12 '), { value: 12 });
    assert.equal(
      readSetting('seed', 'twelve').problem,
      'The seed is "twelve". It must be a whole number from 0 to 4294967295.',
    );
  });
});

describe('drawings as text', () => {
  test('every one is restored exactly', () => {
    fc.assert(
      fc.property(drawing, (image) => {
        assert.deepEqual(readStart(writeStart(image)), image);
      }),
      { numRuns: 200 },
    );
  });

  test('a text of any kind gives 784 pixels from 0 to 1', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const image = readStart(text);
        assert.equal(image.length, 784);
        assert.ok(image.every((pixel) => pixel >= 0 && pixel <= 1));
      }),
    );
  });
});

describe('parts of a figure', () => {
  const none = { controls: false, show: '', hide: '' };

  test('groups, single parts, and what is hidden', () => {
    assert.deepEqual([...partsOf(none).parts], ['scale', 'readings']);
    const { parts } = partsOf({ controls: true, show: 'charts, digit', hide: 'pace mean' });
    assert.ok(['run', 'timeline', 'loss', 'bars', 'digit'].every((it) => parts.has(it)));
    assert.ok(!parts.has('pace') && !parts.has('mean') && !parts.has('network'));
    assert.equal(partsOf({ ...none, show: 'all' }).parts.size, PARTS.length);
  });

  test('what there is not is said', () => {
    const [note] = partsOf({ ...none, show: 'loss legend' }).notes;
    assert.match(note, /^There is no part "legend"\. There are: timeline, run, .*, all\.$/);
  });
});
