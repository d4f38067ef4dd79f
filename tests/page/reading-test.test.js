// @ts-check
// The reading test: a person says which digit each image is, and what they said is counted and saved.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import fc from 'fast-check';

import { readCsv, scores, writeCsv } from '../../www/src/page/reading-test/score.ts';
import { MODULES, browserAndServer, open } from './browser.js';
import { TIMEOUT } from './figure.js';

const { browser, server } = await browserAndServer(MODULES);
const HEAD = 'person,network,preset,seed,digit,answer';
const TEST = '.reading-test';

/** What a browser has saved, once it is there. @param {string} path */
async function saved(path) {
  for (const end = Date.now() + TIMEOUT; Date.now() < end; await setTimeout(50)) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.endsWith('\n')) {
      return text;
    }
  }
  throw new Error(`${path} was not saved.`);
}

test('answers come back from CSV as they were saved', () => {
  const answer = fc.record({
    person: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((it) => it.replaceAll(/[\r\n\p{Cc}\u2028\u2029]/gu, '').trim()).filter((it) => it !== '' && !/^[=+\-@]/.test(it)),
    network: fc.constantFrom('mlp', 'lenet5', 'robust', 'own-my-net'),
    preset: fc.constantFrom('notebook', 'legible'),
    seed: fc.integer({ min: 1, max: 9999 }),
    digit: fc.integer({ min: 0, max: 9 }),
    answer: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(/** @type {const} */ ('none'))),
  }, { noNullPrototype: true });
  fc.assert(fc.property(fc.array(answer, { maxLength: 30 }), (answers) => assert.deepEqual(readCsv(writeCsv(answers), 'a.csv'), answers)));
});

test('a name is no formula for a spreadsheet', () => {
  const line = (/** @type {string} */ person) =>
    writeCsv([{ person, network: 'mlp', preset: 'notebook', seed: 1, digit: 3, answer: 3 }]).split('\n')[1];
  assert.equal(line('=HYPERLINK("http://x")'), '"HYPERLINK(""http://x"")",mlp,notebook,1,3,3');
  assert.equal(line('@SUM(A1)'), 'SUM(A1),mlp,notebook,1,3,3');
});

test('what is no file of answers is refused in words', () => {
  for (const [text, words] of [
    ['', `“a.csv” is no file of answers. Its first line must be “${HEAD}”: save it with “Answers (.csv)”.`],
    ['network,digit\nmlp,3\n', `“a.csv” is no file of answers. Its first line must be “${HEAD}”: save it with “Answers (.csv)”.`],
    [`${HEAD}\nAda,mlp,notebook,1,3,3\nAda,mlp,notebook,1,3,13\n`, `Line 3 of “a.csv” is not “${HEAD}”, but “Ada,mlp,notebook,1,3,13”. Nothing of it was added.`],
    [`${HEAD}\n"Ada,mlp,notebook,1,3,3`, `Line 2 of “a.csv” is not “${HEAD}”, but “"Ada,mlp,notebook,1,3,3”. Nothing of it was added.`],
    [`${HEAD}\n${'x'.repeat(5e6)}`, '“a.csv” is larger than 4 MiB: this is no file of answers that this page has saved.'],
  ]) {
    assert.throws(() => readCsv(text, 'a.csv'), { message: words });
  }
  // As a spreadsheet saves it.
  const [answer] = readCsv(`\uFEFF${HEAD}\r\nAda,mlp,notebook,1,3,none\r\n`, 'a.csv');
  assert.deepEqual(answer, { person: 'Ada', network: 'mlp', preset: 'notebook', seed: 1, digit: 3, answer: 'none' });
});

test('a score counts what was read right, and where no digit was seen', () => {
  const of = (/** @type {string} */ network, /** @type {number} */ digit, /** @type {number | 'none'} */ answer) =>
    ({ person: 'Ada', network, preset: 'notebook', seed: 1, digit, answer });
  assert.deepEqual(scores([of('mlp', 3, 3), of('robust', 4, 'none'), of('mlp', 5, 3), of('mlp', 6, 'none')]), [
    { network: 'mlp', preset: 'notebook', asked: 3, right: 1, none: 1 },
    { network: 'robust', preset: 'notebook', asked: 1, right: 0, none: 1 },
  ]);
});

test('a person reads images whose digits stand nowhere, and what was read is counted, saved and added up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'answers-'));
  const { page, messages } = await open(browser, `${server.url}?backend=cpu#exercise-11`);
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  const check = (/** @type {string} */ value) => page.click(`${TEST} input[value="${value}"]`);
  const words = (/** @type {string} */ selector) => page.$eval(`${TEST} ${selector}`, (it) => /** @type {HTMLElement} */ (it).innerText);
  await page.waitForSelector(`${TEST} input[value="lenet5"]`);

  // Nothing to be asked about.
  for (const it of ['lenet5', 'robust']) {
    await check(it);
  }
  assert.equal(await words('.setup .caption'), 'Choose at least one network and one preset.');
  assert.ok(await page.$eval(`${TEST} .setup .primary`, (it) => /** @type {HTMLButtonElement} */ (it).disabled));
  await check('mlp');
  await check('legible');
  await check('prior');
  assert.equal(await words('.setup .caption'), '20 images, about a minute.');
  await page.type(`${TEST} input[name="person"]`, 'Ada');
  await page.click(`${TEST} .setup .primary`);
  await page.waitForSelector(`${TEST} .reading-questions:not([hidden])`);

  const seen = [];
  const given = [];
  for (let number = 1; number <= 20; number += 1) {
    assert.equal(await words('.reading-questions [role="status"]'), `Image ${number} of 20: which digit is it?`);
    seen.push(
      await page.evaluate((test) => {
        const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(`${test} canvas`));
        const html = document.querySelector(test)?.outerHTML.replaceAll(/Image \d+ of/g, 'Image');
        return { html, pixels: [.../** @type {any} */ (canvas.getContext('2d')).getImageData(0, 0, 28, 28).data] };
      }, TEST),
    );
    const answer = number === 7 ? 'none' : (3 * number) % 10;
    given.push(answer);
    await (number % 2 === 0
      ? page.keyboard.press(answer === 'none' ? 'n' : /** @type {any} */ (String(answer)))
      : page.click(`${TEST} .digit-choice button:nth-child(${answer === 'none' ? 11 : answer + 1})`));
  }
  assert.equal(new Set(seen.map((it) => it.html)).size, 1, 'the document differs from one image to the next');
  assert.equal(new Set(seen.map((it) => String(it.pixels))).size, 20, 'an image was shown twice');

  await page.click(`${TEST} .after button:not(.primary)`);
  const csv = await saved(join(folder, 'actmax-answers.csv'));
  const answers = readCsv(csv, 'actmax-answers.csv');
  assert.deepEqual(answers.map((it) => it.answer), given);
  assert.deepEqual(new Set(answers.map((it) => it.person)), new Set(['Ada']));
  for (const preset of ['notebook', 'prior']) {
    const digits = answers.filter((it) => it.preset === preset).map((it) => it.digit);
    assert.deepEqual(digits.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
  assert.notDeepEqual(answers.map((it) => it.digit), answers.map((it) => it.digit).toSorted(), 'they are in order');

  // The digits in the file are those of the images that were shown.
  const made = await page.evaluate(async (answers) => {
    const from = (/** @type {string} */ path) => import(/** @type {any} */ (path));
    const { Engine } = await from('/engine.js');
    const { scale } = await from('/src/figure/colors.js');
    const { DEFAULTS, stepSettingsOf, taskOf } = await from('/src/settings/config.js');
    const { withPreset } = await from('/src/settings/presets.js');
    const engine = await Engine.start({ backend: 'cpu' });
    const found = [];
    for (const { network, preset, seed, digit } of answers) {
      const config = withPreset({ ...DEFAULTS, network, digits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], seed }, preset);
      const run = await engine.begin({ network, digits: config.digits, ...taskOf(config) });
      const { images } = await run.advance(config.steps, stepSettingsOf(config));
      const image = images.subarray(digit * 784, (digit + 1) * 784);
      const { low, high } = scale(image);
      found.push([...engine.paint(image, low, high).data]);
      run.free();
    }
    return found;
  }, answers.slice(0, 5));
  assert.deepEqual(made, seen.slice(0, 5).map((it) => it.pixels));

  const right = answers.filter((it) => it.answer === it.digit).length;
  assert.match(await words('.results p'), /^One person, 20 answers\./);
  assert.match(await words('.results tbody'), /^MLP\t(Prior|Notebook)\t\d+\.\d%\t\d+ of 10 \(\d+\.0%\)\t[01]\n/);

  // A class: all of the files, or none.
  const input = await page.$(`${TEST} input[type="file"]`);
  const other = join(folder, 'bob.csv');
  const broken = join(folder, 'broken.csv');
  await writeFile(other, csv.replaceAll('Ada', '"Bob, jr."'));
  await writeFile(broken, `${HEAD}\nEve,mlp,notebook,1,3\n`);
  await /** @type {any} */ (input).uploadFile(other, broken);
  await page.waitForFunction((test) => document.querySelector(`${test} .reading-wrong`)?.textContent !== '', {}, TEST);
  assert.equal(await words('.reading-wrong'), `Line 2 of “broken.csv” is not “${HEAD}”, but “Eve,mlp,notebook,1,3”. Nothing of it was added.`);
  assert.match(await words('.results p'), /^One person, 20 answers\./);
  await /** @type {any} */ (input).uploadFile(other);
  await page.waitForFunction((test) => /^2 people, 40 answers\./.test(document.querySelector(`${test} .results p`)?.textContent ?? ''), {}, TEST);
  assert.equal(await words('.reading-wrong'), '');
  const [, both = '0'] = /Most legible: .*?\((\d+) of 20\)|All are equally legible/.exec(await words('.results p')) ?? [];
  assert.equal(Number(both) % 2, 0, `${right} right`);

  // A test that is stopped does not count.
  await page.click(`${TEST} .after .primary`);
  await page.click(`${TEST} .setup .primary`);
  await page.waitForSelector(`${TEST} .reading-questions:not([hidden])`);
  await page.keyboard.press('3');
  await page.click(`${TEST} .reading-questions .stop`);
  assert.match(await words('.results p'), /^2 people, 40 answers\./);
  assert.deepEqual(messages, []);
  await rm(folder, { recursive: true });
});
