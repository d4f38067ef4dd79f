// @ts-check
// The engine in Node, where there is no page: it reads its files from the disk, and computes the same.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';

import { makePackage } from '../npm/make.js';
import { SITE, builtFile } from './browser.js';

/** As the page is published. @type {typeof import('../../www/engine.js')} */
const { Engine } = await import(pathToFileURL(`${SITE}/engine.js`).href);
/** @type {import('../../www/src/engine/task.ts').Begin} */
const LAB = { network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 };
const SETTINGS = { target: 0.9, learningRate: 0.005 };

/** @type {string} */
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'actmax-node-'));
});
after(() => rmSync(folder, { recursive: true }));

test('from www/dist, a run comes to its end, and every file is there', async () => {
  const engine = await Engine.start();
  await engine.upgraded;
  assert.equal(engine.status.backend, 'cpu');
  const run = await engine.begin(LAB);
  const snapshot = await run.advance(50, SETTINGS);
  assert.ok(Math.exp(snapshot.now[3]) > 0.9, `the network gives ${Math.exp(snapshot.now[3])}`);
  assert.equal((await engine.means()).length, 7840);
  assert.equal((await engine.prototypes()).length, 78_400);
  assert.ok((await engine.probabilities('lenet5', snapshot.images))[0][3] < 1);
  assert.ok(Number((await engine.card('robust'))?.robust?.accuracy) > 0.5);
  const reference = await engine.begin({ ...LAB, parameterization: 'pca', path: 'reference' });
  assert.equal((await reference.advance(2, SETTINGS)).iteration, 2);
  assert.equal(reference.path, 'reference');
});

test('from the package, by its name', () => {
  const installed = join(folder, 'node_modules/actmax');
  mkdirSync(installed, { recursive: true });
  makePackage(installed);
  writeFileSync(
    join(folder, 'app.mjs'),
    `import { Engine } from 'actmax';
    const engine = await Engine.start();
    const run = await engine.begin(${JSON.stringify(LAB)});
    const snapshot = await run.advance(50, ${JSON.stringify(SETTINGS)});
    console.log(Math.exp(snapshot.now[3]) > 0.9);`,
  );
  assert.equal(execFileSync(process.execPath, ['app.mjs'], { cwd: folder, encoding: 'utf8' }), 'true\n');
});

test('a file that is not there is named', async () => {
  const copy = join(folder, 'copy with a space');
  cpSync(SITE, copy, { recursive: true });
  rmSync(copy + builtFile('/weights/mlp.safetensors').slice(SITE.length));
  const { Engine } = await import(new URL(`file://${copy}/engine.js`).href);
  const engine = await Engine.start({ backend: 'cpu' });
  await assert.rejects(
    engine.begin(LAB),
    /^Error: The file of the network mlp could not be loaded from file:.*copy%20with%20a%20space\/assets\/mlp-.*\.safetensors: ENOENT: no such file or directory, open '.*copy with a space\/assets\/mlp-.*\.safetensors'\.$/,
  );
});

test('to paint takes a browser', async () => {
  const engine = await Engine.start({ backend: 'cpu' });
  const paint = () => engine.paint(new Float32Array(784), 0, 1);
  assert.throws(paint, { message: 'Pictures are painted as ImageData, which only browsers have.' });
  assert.throws(paint, { message: 'Pictures are painted as ImageData, which only browsers have.' });
});
