// @ts-check
// On which backend a page computes, for everything that may be known.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { chooseBackend } from '../../www/src/engine/choose-backend.ts';
import { trial } from '../../www/src/engine/trial.ts';

/** @typedef {import('../../www/src/engine/choose-backend.ts').Known} Known */

const HARDWARE = { name: 'Fine GPU', software: false };
const SOFTWARE = { name: 'google swiftshader', software: true };
const LACK = { brief: 'there is none', reason: 'There is none.' };
const NONE = { name: '', software: false, lack: LACK };
const BROKEN = { brief: 'it broke', reason: 'It broke down.' };

const IN_TIME = { whole: 4, reading: 0.5, display: 1000 / 60 };
const LATE = { whole: 104.2, reading: 100.4, display: 1000 / 60 };

/** @type {[name: string, known: Known, decision: string][]} */
const TABLE = [
  ['nothing is known yet', { forced: 'auto' }, 'cpu, undecided: WebGPU is being prepared'],
  ['a hardware adapter that nobody has measured', { forced: 'auto', adapter: HARDWARE }, 'cpu, undecided: WebGPU is being prepared'],
  ['a hardware adapter that keeps up', { forced: 'auto', adapter: HARDWARE, frame: IN_TIME }, 'webgpu'],
  ['one that keeps up just so', { forced: 'auto', adapter: HARDWARE, frame: { ...IN_TIME, whole: 1000 / 60 } }, 'webgpu'],
  ['one that does not', { forced: 'auto', adapter: HARDWARE, frame: LATE }, 'cpu, retry: the GPU cannot keep up'],
  ['a software adapter', { forced: 'auto', adapter: SOFTWARE }, 'cpu: the GPU is a software adapter'],
  ['a software adapter that keeps up', { forced: 'auto', adapter: SOFTWARE, frame: IN_TIME }, 'cpu: the GPU is a software adapter'],
  ['no adapter', { forced: 'auto', adapter: NONE }, 'cpu: there is none'],
  ['an adapter that will not do', { forced: 'auto', adapter: { ...HARDWARE, lack: LACK } }, 'cpu: there is none'],
  ['one that broke when it was started', { forced: 'auto', adapter: HARDWARE, broken: BROKEN }, 'cpu, retry: it broke'],
  ['one that kept up, and broke', { forced: 'auto', adapter: HARDWARE, frame: IN_TIME, broken: BROKEN }, 'cpu, retry: it broke'],

  ['WebGPU is asked for, and nothing is known', { forced: 'webgpu' }, 'cpu, undecided: WebGPU is being prepared'],
  ['WebGPU is asked for, of a hardware adapter', { forced: 'webgpu', adapter: HARDWARE }, 'webgpu'],
  ['WebGPU is asked for, of a slow one', { forced: 'webgpu', adapter: HARDWARE, frame: LATE }, 'webgpu'],
  ['WebGPU is asked for, of a software adapter', { forced: 'webgpu', adapter: SOFTWARE }, 'webgpu'],
  ['WebGPU is asked for, and there is none', { forced: 'webgpu', adapter: NONE }, 'cpu: there is none'],
  ['WebGPU is asked for, and broke', { forced: 'webgpu', adapter: HARDWARE, broken: BROKEN }, 'cpu, retry: it broke'],

  ['the CPU is asked for', { forced: 'cpu' }, 'cpu: as asked for'],
  ['the CPU is asked for beside a fast GPU', { forced: 'cpu', adapter: HARDWARE, frame: IN_TIME }, 'cpu: as asked for'],
];

for (const [name, known, decision] of TABLE) {
  test(name, () => {
    const { backend, brief, retry, undecided } = chooseBackend(known);
    const flags = `${retry ? ', retry' : ''}${undecided ? ', undecided' : ''}`;
    assert.equal(`${backend}${flags}${brief === undefined ? '' : `: ${brief}`}`, decision);
  });
}

describe('what is said of it:', () => {
  /** @param {Known} known */
  const reason = (known) => chooseBackend(known).reason;

  test('on WebGPU, the name of the GPU', () => {
    const status = chooseBackend({ forced: 'auto', adapter: HARDWARE, frame: IN_TIME });
    assert.deepEqual(status, { backend: 'webgpu', adapter: 'Fine GPU' });
  });

  test('where reading takes longer than a frame, as in Firefox, that it does', () => {
    assert.equal(
      reason({ forced: 'auto', adapter: HARDWARE, frame: LATE }),
      'A frame takes the GPU here (Fine GPU) 100 ms, of which 100 ms go into reading the images back; the display ' +
        'shows one every 17 ms. To see WebGPU at work all the same, add ?backend=webgpu to the address.',
    );
  });

  test('of a software adapter, its name and what one can do', () => {
    assert.equal(
      reason({ forced: 'auto', adapter: SOFTWARE }),
      'The only GPU here (google swiftshader) is a software adapter: it computes on the CPU, which is faster when ' +
        'used directly. To see WebGPU at work all the same, add ?backend=webgpu to the address.',
    );
  });

  test('of the rest, what was found', () => {
    assert.equal(reason({ forced: 'auto', adapter: NONE }), 'There is none.');
    assert.equal(reason({ forced: 'auto', broken: BROKEN }), 'It broke down.');
    assert.equal(reason({ forced: 'cpu' }), 'The CPU was asked for.');
    assert.match(reason({ forced: 'auto' }) ?? '', /^The CPU draws first\. /);
  });
});

test('a network that cannot be loaded says nothing against WebGPU', async () => {
  const nobody = /** @type {any} */ ({}); // No session is asked for anything.
  const { whole } = await trial(nobody, nobody, [Promise.reject(new Error('The file could not be loaded.'))]);
  assert.equal(whole, 0);
});
