// @ts-check
// Networks of one's own, where no page is needed: their names, the registry, what is tried and
// chosen, and what the figures make of one.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import fc from 'fast-check';

import { iterationsOf, readConfig, writeConfig } from '../../www/src/settings/config.ts';
import { commonLayers } from '../../www/src/engine/objectives.ts';
import * as networks from '../../www/src/engine/networks.ts';
import { INPUTS, best, checkedOptions, combinations, readsOf } from '../../www/src/engine/import-options.ts';
import { objectiveFor, instead } from '../../www/src/page/networks/figures.ts';
import { addressName, cleanName, nameOfFile, uniqueName } from '../../www/src/networks/names.ts';
import { patchOf } from '../../www/src/player/patch.ts';
import { presetOf, withPreset } from '../../www/src/settings/presets.ts';
import { anyConfig } from './any-config.js';

/** @typedef {import('../../www/src/engine/networks.ts').Layers} Layers */

const OPTIONS = /** @type {const} */ ({ activation: 'relu', pooling: 'max', candidate: 0, mean: 0, std: 1 });

/** @param {string} name @param {Layers} layers */
function bring(name, layers) {
  const source = { bytes: new Uint8Array(), options: '{}' };
  networks.addNetwork(name, { name, layers, source, description: '', parameters: 1, options: OPTIONS, reads: 100 });
}

/** @param {string} query */
const read = (query) => readConfig(new URLSearchParams(query));

afterEach(() => networks.ownNames().forEach(networks.removeNetwork));

describe('while it is not known what the browser keeps', () => {
  test('a network of one’s own may still come', () => {
    assert.deepEqual(read('network=own-mine&objective=neuron-fc9&digit=4000').notes, []);
    assert.equal(networks.isNetwork('own-mine'), false);
    assert.equal(networks.isExpected('own-mine'), true);
    for (const never of ['own-', 'own-Mine', 'own-__proto__', 'own-a/b', `own-${'a'.repeat(41)}`, 'constructor']) {
      assert.equal(networks.isExpected(never), false, never);
    }
  });
});

describe('once it is known', () => {
  test('one that is missing is said, and what is there is used instead', () => {
    networks.completeNetworks();
    const words = (/** @type {string} */ which) =>
      `This browser has no network ${which}: somebody brought it in another browser, or it was removed. Bring its file again to see it.`;
    for (const [query, left, which] of [
      ['own-mine', 'mlp', '"own-mine"'],
      ['lenet5,own-mine', 'lenet5', '"own-mine"'],
      ['own-a,robust,own-b', 'robust', '"own-a" and "own-b"'],
    ]) {
      const { config, notes } = read(`network=${query}`);
      assert.equal(config.network, left);
      assert.deepEqual(notes, [`${words(which)} ${left} is used instead.`]);
    }
  });

  test('one that was removed is said to have been, and one that is being read is waited for', () => {
    networks.expectNetwork('own-soon', true);
    assert.deepEqual([networks.isExpected('own-soon'), read('network=own-soon').notes], [true, []]);
    networks.expectNetwork('own-soon', false);
    assert.equal(networks.isExpected('own-soon'), false);
    assert.match(read('network=own-soon').notes[0], /^This browser has no network "own-soon": somebody brought it/);
    bring('own-gone', []);
    bring('own-too', []);
    networks.removeNetwork('own-gone');
    networks.removeNetwork('own-too');
    networks.removeNetwork('own-never');
    assert.deepEqual(read('network=own-gone').notes, [
      'The network "own-gone" was removed from this browser. Bring its file again to see it. mlp is used instead.',
    ]);
    assert.deepEqual(read('network=own-gone,lenet5,own-too').notes, [
      'The networks "own-gone" and "own-too" were removed from this browser. Bring their files again to see them. lenet5 is used instead.',
    ]);
    assert.match(read('network=own-gone,own-never').notes[0], /^This browser has no network "own-gone" and "own-never": somebody/);
    bring('own-gone', []);
    assert.deepEqual(read('network=own-gone').notes, []);
  });

  test('one that is there is like any other', () => {
    bring('own-mlp', [['fc1', 4096], ['fc7', 20]]);
    bring('own-lenet', [['conv1', 4, [28, 20]], ['fc1', 40]]);
    const own = fc.constantFrom('own-mlp', 'own-lenet', 'mlp,own-mlp', 'own-mlp,own-lenet,robust');
    fc.assert(
      fc.property(anyConfig, own, (config, network) => {
        const asked = { ...config, network, objective: config.objective === 'neuron-fc2' ? 'neuron-fc1' : config.objective };
        const hash = new URL(`#${writeConfig(asked)}`, 'https://example.org/').hash.slice(1);
        assert.deepEqual(read(hash), { config: asked, notes: [] });
      }),
    );
    const neuron = 'network=own-mlp&objective=neuron-fc1&digit=4095';
    assert.deepEqual([read(neuron).config.digits, read(neuron).notes], [[4095], []]);
    assert.equal(read('network=own-mlp,own-lenet&objective=neuron-fc1&digit=40').notes[0], 'There is no neuron 40 in fc1: they are 0 to 39. 0 is used instead.');
    assert.deepEqual(commonLayers('lenet5,own-lenet'), [['conv1', 4, [24, 20]], ['fc1', 40]]);
    assert.deepEqual(commonLayers('own-mlp,lenet5'), [['fc1', 120]]);
    // Of several networks, the smallest map counts.
    assert.deepEqual(read('network=own-lenet&objective=channel-conv1-at-27-19').notes, []);
    assert.equal(
      read('network=own-lenet,lenet5&objective=channel-conv1-at-24-19').notes[0],
      'The position is row 24, column 19. The maps of conv1 have 24 rows and 20 columns, counted from 0. channel-conv1-center is used instead.',
    );
    assert.equal(iterationsOf('own-mlp'), 50);
    assert.equal(iterationsOf('own-lenet'), 500);
    assert.equal(presetOf(withPreset(read('network=own-lenet').config, 'sharp')), 'sharp');
  });

  test('it is heard when one comes and goes, and none comes twice', () => {
    let heard = 0;
    const unlisten = networks.onNetworks(() => (heard += 1));
    bring('own-mine', []);
    assert.throws(() => bring('own-mine', []), RangeError);
    assert.throws(() => bring('own-__proto__', []), RangeError);
    networks.removeNetwork('own-mine');
    assert.equal(heard, 2);
    assert.equal(networks.isNetwork('own-mine'), false);
    unlisten();
  });

  test('figures and exercises show it in place of what is most like it', () => {
    bring('own-mlp', [['fc1', 32], ['fc2', 16]]);
    bring('own-lenet', [['conv1', 4, [28, 28]], ['fc1', 40]]);
    assert.equal(instead('mlp', 'own-lenet'), 'own-lenet');
    assert.equal(instead('both', 'own-lenet'), 'mlp,own-lenet');
    assert.equal(instead('both', 'own-mlp'), 'own-mlp,lenet5');
    assert.equal(instead('lenet5,robust', 'own-mlp'), 'own-mlp,robust');
    assert.equal(objectiveFor('channel-conv2', 'own-lenet'), 'channel-conv1');
    assert.equal(objectiveFor('channel-conv2', 'own-mlp'), 'neuron-fc2');
    assert.equal(objectiveFor('channel-conv1-center', 'own-lenet'), 'channel-conv1-center');
    assert.equal(objectiveFor('channel-conv2-center', 'own-lenet'), 'channel-conv1-center');
    assert.equal(objectiveFor('channel-conv2-center', 'own-mlp'), 'neuron-fc2');
    assert.equal(objectiveFor('logit', 'own-mlp'), 'logit');
    assert.equal(objectiveFor(null, 'own-mlp'), null);
  });
});

describe('what a filter of the first convolution is multiplied with', () => {
  // Each pixel says where it is: row 3, column 12 is 312.
  const image = Float32Array.from({ length: 784 }, (_, at) => 100 * Math.floor(at / 28) + (at % 28));
  const patch = (/** @type {any} */ position, /** @type {any} */ map, /** @type {any} */ kernel) => [...patchOf(image, position, map, kernel)];

  test('without padding it begins at the position', () => {
    assert.deepEqual(patch([3, 12], [27, 26], [2, 3]), [312, 313, 314, 412, 413, 414]);
    assert.deepEqual(patch('center', [27, 26], [2, 3]), [1313, 1314, 1315, 1413, 1414, 1415]);
    assert.deepEqual(patch([26, 25], [27, 26], [2, 3]), [2625, 2626, 2627, 2725, 2726, 2727]);
  });

  test('with padding the position is its middle, and what lies outside the image is 0', () => {
    assert.deepEqual(patch([3, 12], [28, 28], [3, 3]), [211, 212, 213, 311, 312, 313, 411, 412, 413]);
    assert.deepEqual(patch([0, 27], [28, 28], [3, 3]), [0, 0, 0, 26, 27, 0, 126, 127, 0]);
    assert.deepEqual(patch([27, 0], [28, 28], [1, 3]), [0, 2700, 2701]);
  });
});

describe('what a network is called', () => {
  test('any name gives an address that no other has', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (names) => {
        const taken = new Set();
        for (const name of names) {
          const address = addressName(cleanName(name), (it) => taken.has(it));
          assert.ok(networks.isOwnName(address), address);
          assert.ok(!taken.has(address));
          taken.add(address);
        }
      }),
    );
  });

  test('the file’s name, in one line; with a number where there is one already', () => {
    assert.equal(nameOfFile('my_MLP_drop.safetensors'), 'my_MLP_drop');
    assert.equal(nameOfFile('lenet.v2.pth'), 'lenet.v2');
    assert.equal(nameOfFile('.pt'), 'My network');
    assert.equal(cleanName('  a\n\u202Eb\t c '), 'a b c');
    assert.equal([...cleanName('🙂'.repeat(50))].length, 40);
    assert.equal(uniqueName('mine', ['mine', 'mine 2']), 'mine 3');
    assert.equal(addressName('Ünser Netz!', () => false), 'own-unser-netz');
    assert.equal(addressName('__proto__', () => false), 'own-proto');
    assert.equal(addressName('網路', (it) => it === 'own-network'), 'own-network-2');
  });
});

describe('what the shapes do not say', () => {
  test('every combination is tried once, the most usual first', () => {
    const plain = combinations([{ description: '', pooled: false }], INPUTS);
    assert.equal(plain.length, 12);
    assert.deepEqual(plain[0], OPTIONS);
    const pooled = combinations([{ description: '', pooled: true }, { description: '', pooled: false }], INPUTS);
    assert.equal(new Set(pooled.map((it) => JSON.stringify(it))).size, 24 + 12);
  });

  test('what reads most is preselected; of equals, the most usual', () => {
    const score = (/** @type {number} */ reads, /** @type {any} */ options) => ({ reads, options });
    assert.equal(best([score(97, 'a'), score(100, 'b'), score(100, 'c')]).options, 'b');
  });

  test('what is read is counted; what is no number is not', () => {
    const right = Array.from({ length: 100 }, (_, index) =>
      Array.from({ length: 10 }, (_, digit) => (digit === Math.floor(index / 10) ? 0.9 : 0.01)),
    );
    assert.equal(readsOf(right), 100);
    assert.equal(readsOf(right.map((it) => it.map(() => NaN))), 0);
    assert.equal(readsOf(right.toReversed()), 0);
  });

  test('import options that were kept are those, or none', () => {
    assert.deepEqual(checkedOptions({ ...OPTIONS, more: 1 }, 1), OPTIONS);
    for (const wrong of [
      undefined, null, 7, 'relu', {}, { ...OPTIONS, activation: 'constructor' }, { ...OPTIONS, candidate: 1 },
      { ...OPTIONS, candidate: -1 }, { ...OPTIONS, mean: '0' }, { ...OPTIONS, std: 0 }, { ...OPTIONS, mean: NaN },
    ]) {
      assert.equal(checkedOptions(wrong, 1), undefined);
    }
  });
});
