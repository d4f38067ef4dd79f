// @ts-check
// A student's own networks, in a real browser: chosen, asked about, used everywhere, kept, removed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { FIREFOX, MODULES, launch, serve } from './browser.js';
import { LAB, TIMEOUT, address, figure, reached, untilDone } from './figure.js';
import { few } from './nightly.js';
import { ask, bring, choose, fixture, makeFiles, questions, safetensors, said, visit } from './owning.js';

/** @typedef {import('puppeteer-core').Page} Page */

const MLP = fixture('my_mlp_drop.safetensors');
const LENET = fixture('my_lenet.safetensors');

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import('puppeteer-core').Browser} */
let browser;
const files = makeFiles();
before(async () => {
  server = await serve(undefined, MODULES);
  browser = await launch('chromium');
});
after(async () => {
  files.remove();
  await browser.close();
  await server.close();
});

/**
 * @param {string} hash
 * @param {(page: Page) => Promise<void>} act
 * @param {() => void} [before]
 */
async function withPage(hash, act, before) {
  const { page, messages, close } = await visit(browser, `${server.url}?backend=cpu${hash}`, before);
  try {
    await act(page);
    assert.deepEqual(messages, []);
  } finally {
    await close();
  }
}

/** The networks that the laboratory's figure offers. @param {Page} page */
function offered(page) {
  return figure(page, LAB, (lab) =>
    [...lab.shadowRoot.querySelectorAll('input[name="network"]')].map((it) => it.value),
  );
}

/** @param {Page} page */
const cards = (page) => page.$$eval('#own-models .model-card', (all) => all.map((it) => it.textContent ?? ''));

/** What the laboratory's run ends with, of its networks. @param {Page} page */
const made = (page) =>
  figure(page, LAB, (lab) =>
    lab.experiment.networkResults.map((/** @type {any} */ it) => [it.network, it.name, it.history.probabilities[0].at(-1) > 0.5]),
  );

/** Waits for the laboratory to end a run of these networks. @param {Page} page @param {string} networks */
async function ran(page, networks) {
  await page.waitForFunction(
    (networks) => {
      const lab = /** @type {any} */ (document.getElementById('lab'));
      const now = lab.experiment?.networkResults.map((/** @type {any} */ it) => it.network).join(',');
      return now === networks && lab.state === 'done';
    },
    { timeout: TIMEOUT },
    networks,
  );
}

describe('what is asked', () => {
  test('the student’s MLP: ReLU, pixels from 0 to 1', () =>
    withPage('', async (page) => {
      await ask(page, MLP);
      assert.deepEqual(await questions(page), {
        recognized: 'Recognized: 784-32-16-10, 25,818 parameters, PyTorch layout.',
        answers: { name: 'my_mlp_drop', activation: 'ReLU (100 of 100)', inputs: '0 to 1 (100 of 100)' },
        warning: '',
      });
      const cut = await page.$$eval('.questions button', (all) => all.filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.textContent));
      assert.deepEqual(cut, [], 'every button shows all of its words');
      const options = await page.$$eval('.questions select[name="activation"] option', (all) => all.map((it) => it.textContent));
      assert.deepEqual(options.map((it) => it?.replace(/\d+ of/, 'n of')), ['ReLU (n of 100)', 'Sigmoid (n of 100)', 'tanh (n of 100)', 'GELU (n of 100)']);
    }));

  test('the LeNet with tanh, average pooling and normalized inputs; and what another answer would do', () =>
    withPage('', async (page) => {
      await ask(page, LENET);
      assert.deepEqual(await questions(page), {
        recognized: 'Recognized: padded conv 5×5 to 4 maps, pool 2, conv 5×5 to 8 maps, pool 2, dense 200-40-20-10, 9,982 parameters, PyTorch layout.',
        answers: {
          name: 'my_lenet',
          activation: 'tanh (100 of 100)',
          inputs: 'Normalized: 0.1307, 0.3081 (100 of 100)',
          pooling: 'Average (100 of 100)',
        },
        warning: '',
      });
      await page.select('.questions select[name="inputs"]', '0');
      const { warning } = await questions(page);
      assert.equal(warning, 'This network reads 31 of 100 digits: are your inputs normalized?');
      // Numbers of one's own are tried, too.
      await page.select('.questions select[name="inputs"]', 'other');
      await page.waitForFunction(() => /it reads 100 of/.test(document.querySelector('.reads')?.textContent ?? ''), { timeout: TIMEOUT });
      await page.$eval('.questions input[name="std"]', (it) => {
        it.value = '0';
        it.dispatchEvent(new Event('change', { bubbles: true }));
      });
      assert.match((await questions(page)).warning, /^The mean must be a number from −100 to 100, and the standard deviation one from 0\.001 to 100\.$/);
      assert.equal(await page.$eval('.questions button[type="submit"]', (it) => it.disabled), true);
    }));

  test('a Keras layout is recognized as it is', () =>
    withPage('', async (page) => {
      await ask(page, fixture('my_mlp_keras.safetensors'));
      const { recognized, answers } = await questions(page);
      assert.equal(recognized, 'Recognized: 784-32-16-10, 25,818 parameters, Keras layout.');
      assert.equal(answers.inputs, '0 to 1 (100 of 100)');
    }));
});

for (const { name, launched } of [
  { name: 'Chromium', launched: () => launch('chromium') },
  { name: 'Firefox', launched: () => launch('firefox') },
]) {
  const skip = name === 'Firefox' && !FIREFOX ? 'Firefox is not installed' : false;
  test(`${name}: brought, run, kept over a reload, removed, missed`, { skip }, async () => {
    const other = await launched();
    try {
      const { page } = await visit(other, `${server.url}?backend=cpu#network=mlp&digit=3&pace=full`);
      await reached(page, LAB, 'done');
      await bring(page, MLP);
      await ran(page, 'own-my-mlp-drop');
      assert.deepEqual(await made(page), [['own-my-mlp-drop', 'my_mlp_drop', true]]);
      assert.match(await address(page), /#network=own-my-mlp-drop&digit=3&target=0.9&steps=50&/);
      assert.equal((await said(page)).said, 'my_mlp_drop is among the networks of every figure, and stays in this browser until you remove it.');
      const [card] = await cards(page);
      assert.equal(
        card,
        'my_mlp_drop784-32-16-10, ReLU. 25,818 parameters, frozen.It reads 100 of the 100 prototypes. ' +
          'The file is in this browser only.Remove my_mlp_drop',
      );

      const images = () => figure(page, LAB, (lab) => Array.from(lab.experiment.networkResults[0].history.at().images));
      const first = await images();
      await page.reload();
      await ran(page, 'own-my-mlp-drop');
      assert.deepEqual(await images(), first);
      assert.equal((await cards(page))[0], card);

      await page.$eval('#own-models button', (it) => it.click());
      await ran(page, 'mlp');
      assert.equal((await said(page)).said, 'my_mlp_drop was removed.');
      assert.deepEqual(await cards(page), []);
      assert.match(await address(page), /#network=mlp&/);
      assert.ok(!(await offered(page)).includes('own-my-mlp-drop'));

      await page.goto(`${server.url}?backend=cpu#network=own-my-mlp-drop&digit=3&pace=full`);
      await page.reload();
      await ran(page, 'mlp');
      assert.equal(
        await page.$eval('#notice-text', (it) => it.textContent),
        'This browser has no network "own-my-mlp-drop": somebody brought it in another browser, or it was ' +
          'removed. Bring its file again to see it. mlp is used instead.',
      );
    } finally {
      await other.close();
    }
  });
}

test('it is a citizen of the laboratory: beside others, its neurons and channels, second opinions, what is saved and embedded', () =>
  withPage('#network=mlp&digit=3&pace=full', async (page) => {
    await reached(page, LAB, 'done');
    await bring(page, LENET);
    await page.evaluate(() => {
      const lab = /** @type {any} */ (document.getElementById('lab'));
      lab.steps = 30;
      lab.pace = 'full';
    });
    await untilDone(page, LAB, () => page.select(`${LAB} >>> select[name="beside"]`, 'lenet5'));
    await page.evaluate(() => (/** @type {any} */ (document.getElementById('lab')).steps = 30));
    assert.equal(await figure(page, LAB, (lab) => lab.settings.network), 'own-my-lenet,lenet5');
    assert.deepEqual((await made(page)).map((/** @type {any[]} */ [name]) => name), ['own-my-lenet', 'lenet5']);
    const judges = await figure(page, LAB, (lab) => lab.experiment.opinions(lab.experiment.networkResults[1], 30));
    assert.deepEqual(judges.map((/** @type {any} */ it) => it.name), ['MLP', 'Control LeNet-5', 'Robust LeNet-5', 'my_lenet']);

    // It reads what it read when it was tried, so it is used as was chosen.
    const right = await page.evaluate(async () => {
      const from = (/** @type {string} */ path) => import(/** @type {any} */ (path));
      const engine = await (await from('/src/engine/shared-engine.js')).sharedEngine();
      const { readsOf } = await from('/src/engine/import-options.js');
      return readsOf(await engine.probabilities('own-my-lenet', await engine.prototypes()));
    });
    assert.equal(right, 100);

    // Its own layers, not ours: four channels.
    await untilDone(page, LAB, () => page.select(`${LAB} >>> select[name="beside"]`, ''));
    const objectives = await figure(page, LAB, (lab) => [...lab.shadowRoot.querySelector('select[name="objective"]').options].map((it) => it.value));
    assert.deepEqual(objectives.filter((/** @type {string} */ it) => /^(neuron|channel)-/.test(it)), ['channel-conv1', 'channel-conv1-center', 'channel-conv2', 'channel-conv2-center', 'neuron-fc1', 'neuron-fc2']);
    await page.evaluate(() => (location.hash = '#network=own-my-lenet&objective=channel-conv1&digit=all&steps=10&pace=full'));
    await page.waitForFunction(() => String(/** @type {any} */ (document.getElementById('lab')).experiment?.digits) === '0,1,2,3', { timeout: TIMEOUT });
    // Its filters are of a padded convolution, and its pixels are normalized; at one position it wants them all the same.
    await untilDone(page, LAB, () =>
      page.evaluate(() => void (location.hash = '#network=own-my-lenet&objective=channel-conv1-at-2-20&digit=all&steps=150&rate=0.05&l2=0.2&pace=full')),
    );
    assert.deepEqual(
      await figure(page, LAB, (lab) => [...lab.shadowRoot.querySelectorAll('.filter')].map((it) => it.textContent)),
      [0, 1, 2, 3].map((it) => `filter ${it}r 1.00`),
    );

    await page.evaluate(() => (location.hash = '#network=own-my-lenet&digit=3&steps=10&pace=full'));
    await page.waitForFunction(() => {
      const lab = /** @type {any} */ (document.getElementById('lab'));
      return lab.experiment?.ofLayer === false && lab.state === 'done';
    }, { timeout: TIMEOUT });
    const json = await figure(page, LAB, async (lab) => {
      const from = (/** @type {string} */ path) => import(/** @type {any} */ (path));
      const { json } = await from('/src/page/export/numbers.js');
      const { onShow } = await from('/src/page/export/shown.js');
      const { networks } = JSON.parse(await (await json(onShow(lab))).text());
      return { ...networks[0], digits: networks[0].digits.length };
    });
    assert.deepEqual(json, {
      network: 'own-my-lenet',
      name: 'my_lenet',
      description: 'padded conv 5×5 to 4 maps, average-pool 2, conv 5×5 to 8 maps, average-pool 2, dense 200-40-20-10, tanh, input normalized by 0.1307 and 0.3081',
      image_iteration: 10,
      digits: 1,
    });
    await page.$eval('.embed', (it) => /** @type {HTMLElement} */ (it).click());
    assert.equal(
      await page.$eval('.only-here', (it) => (it.checkVisibility() ? it.textContent : '')),
      'Only this browser has my_lenet: on another computer, the figure says so and shows the networks that are there, or the MLP.',
    );
    assert.match(await page.$eval('.share-dialog textarea', (it) => it.value), /network="own-my-lenet".*in the eyes of my_lenet: live figure/s);

    // Alone in a frame, in this browser, it is there.
    const embedded = /** @type {string} */ (await page.$eval('.share-dialog footer a', (it) => it.getAttribute('href')));
    await page.goto(`${embedded}&backend=cpu&pace=full`);
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('activation-maximization'))?.state === 'done', { timeout: TIMEOUT });
    assert.equal(await page.$eval('activation-maximization', (it) => /** @type {any} */ (it).experiment.networkResults[0].name), 'my_lenet');
  }));

test('the exercises and the paper are shown with it, and go back', () =>
  withPage('', async (page) => {
    const shown = () => page.$$eval('.exercise activation-maximization', (all) => all.map((it) => `${it.id} ${it.getAttribute('network')} ${it.getAttribute('objective') ?? ''}`.trim()));
    const written = await shown();
    assert.equal(await page.$eval('.exercise-choice', (it) => it.checkVisibility()), false);
    await bring(page, LENET);
    await page.select('.exercise-choice select', 'own-my-lenet');
    assert.deepEqual(await shown(), [
      'noise own-my-lenet',
      'adam own-my-lenet',
      'three own-my-lenet',
      'ten own-my-lenet',
      'both mlp,own-my-lenet',
      'lenet own-my-lenet',
      'robust own-my-lenet,robust',
      'legible own-my-lenet logit',
      'filters own-my-lenet channel-conv1-center',
      'change own-my-lenet,robust',
    ]);
    await figure(page, '#three', (it) => {
      it.setAttribute('pace', 'full');
      it.scrollIntoView({ block: 'center', behavior: 'instant' });
    });
    await page.waitForFunction(
      () => /** @type {any} */ (document.querySelector('#three'))?.experiment?.networkResults[0].name === 'my_lenet',
      { timeout: TIMEOUT },
    );
    assert.match(await page.$eval('#exercise-5 .open a', (it) => it.getAttribute('href') ?? ''), /network=own-my-lenet&/);

    const paper = '#reader .paper';
    await page.$eval(paper, (it) => it.scrollIntoView({ block: 'center', behavior: 'instant' }));
    const box = /** @type {import('puppeteer-core').BoundingBox} */ (await (await page.$(paper))?.boundingBox());
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 40, { steps: 5 });
    await page.mouse.up();
    await page.waitForFunction(() => /^The my_lenet reads an? \d/.test(document.querySelector('#reader .reading .caption')?.textContent ?? ''), { timeout: TIMEOUT });

    await page.$eval('#own-models button', (it) => it.click());
    await page.waitForFunction(() => document.querySelectorAll('#own-models .model-card').length === 0);
    assert.deepEqual(await shown(), written);
    await page.waitForFunction(() => /^The MLP reads an? \d/.test(document.querySelector('#reader .reading .caption')?.textContent ?? ''), { timeout: TIMEOUT });
  }));

/** Drops files as a person does. @param {Page} page @param {string} name @param {string[]} contents In base 64. */
function drop(page, name, contents) {
  return page.$eval(
    '.drop-zone',
    (zone, name, contents) => {
      const dataTransfer = new DataTransfer();
      for (const content of contents) {
        const bytes = Uint8Array.from(atob(content), (it) => it.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
      }
      zone.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    },
    name,
    contents,
  );
}

test('a file that is brought twice, and dropped, is two networks', () =>
  withPage('', async (page) => {
    await bring(page, MLP);
    const content = readFileSync(MLP).toString('base64');
    await drop(page, 'my_mlp_drop.safetensors', [content, content]);
    assert.equal((await said(page)).wrong, 'Drop one file: a network has all its weights in one.');
    await drop(page, 'my_mlp_drop.safetensors', [content]);
    await page.waitForSelector('.questions:not([hidden])', { timeout: TIMEOUT });
    assert.equal((await questions(page)).answers.name, 'my_mlp_drop 2');
    await page.$eval('.questions button[type="submit"]', (it) => it.click());
    await page.waitForFunction(() => document.querySelectorAll('#own-models .model-card').length === 2, { timeout: TIMEOUT });
    assert.deepEqual((await offered(page)).slice(-2), ['own-my-mlp-drop', 'own-my-mlp-drop-2']);
    assert.deepEqual(await page.$$eval('#own-models h4', (all) => all.map((it) => it.textContent)), ['my_mlp_drop', 'my_mlp_drop 2']);
  }));

test('it outlives the module', () =>
  withPage('', async (page) => {
    await bring(page, LENET);
    await ran(page, 'own-my-lenet');
    await page.evaluate(async () => {
      const { sharedEngine } = await import(/** @type {any} */ ('/src/engine/shared-engine.js'));
      const engine = await sharedEngine();
      /** @type {unknown} */
      let first;
      await engine.attempt(async (/** @type {unknown} */ session) => {
        first ??= session;
        if (session === first) {
          throw new WebAssembly.RuntimeError('for a test');
        }
      });
      const lab = /** @type {any} */ (document.getElementById('lab'));
      lab.pace = 'full';
      lab.steps = lab.iteration + 5;
    });
    await page.waitForFunction(() => {
      const lab = /** @type {any} */ (document.getElementById('lab'));
      return lab.state === 'done' && lab.iteration === 505;
    }, { timeout: TIMEOUT });
  }));

describe('files that are no network', () => {
  const mlp = readFileSync(MLP);
  for (const [name, bytes, message] of few(/** @type {[string, string | Uint8Array, RegExp][]} */ ([
    ['text', 'This is my network.', /safetensors/],
    ['empty', '', /safetensors/],
    ['truncated', mlp.subarray(0, mlp.length / 2), /./],
    ['without an end', safetensors({ w: [128, 784], v: [12, 128] }), /784 inputs .* to 10 outputs/],
    ['too wide', safetensors({ w: [5000, 784], v: [10, 5000] }), /at most/],
    ['too large', new Uint8Array(33 * 2 ** 20), /^The file bad\.safetensors has 33 MiB\. A network may have up to 32\.$/],
  ]), (_, at) => [0, 3, 5].includes(at))) {
    test(name, () =>
      withPage('#digit=3&pace=full', async (page) => {
        await reached(page, LAB, 'done');
        await choose(page, files.write('bad.safetensors', bytes));
        await page.waitForFunction(() => document.querySelector('.wrong')?.textContent !== '', { timeout: TIMEOUT });
        const { wrong } = await said(page);
        assert.match(wrong ?? '', message);
        assert.match(wrong ?? '', /^[A-Z].*[.!?]$/s);
        // All that was there still is.
        assert.equal(await figure(page, LAB, (lab) => lab.experiment.networkResults[0].network), 'mlp');
        assert.deepEqual(await cards(page), []);
        await bring(page, MLP);
        assert.equal((await said(page)).wrong, '');
      }));
  }
});

describe('a browser that keeps nothing', () => {
  for (const [name, before, reason] of few(/** @type {[string, () => void, string][]} */ ([
    [
      'a page of no origin',
      () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
      },
      'it lets this page keep nothing',
    ],
    [
      'no room',
      () => {
        IDBObjectStore.prototype.add = () => {
          throw new DOMException('No room.', 'QuotaExceededError');
        };
      },
      'there is no room left for it',
    ],
    [
      'a database that never answers',
      () => {
        IDBFactory.prototype.open = () => /** @type {any} */ ({});
        const { setTimeout } = window;
        // Not every time for five seconds.
        Object.assign(window, { setTimeout: (/** @type {() => void} */ act, /** @type {number} */ delay) => setTimeout(act, delay === 5000 ? 1500 : delay) });
      },
      'its database did not answer within 5 seconds',
    ],
  ]), ([name]) => name !== 'a page of no origin')) {
    test(name, () =>
      withPage('', async (page) => {
        await bring(page, MLP);
        await ran(page, 'own-my-mlp-drop');
        assert.equal((await said(page)).said, `my_mlp_drop is among the networks of every figure, but for this visit only: ${reason}.`);
        await page.$eval('#own-models button', (it) => it.click());
        await ran(page, 'mlp');
        assert.equal((await said(page)).said, 'my_mlp_drop was removed.');
      }, before));
  }
});

test('what comes back from the browser is checked as if a stranger had brought it', () =>
  withPage('', async (page) => {
    await bring(page, MLP);
    await page.evaluate(async () => {
      const database = await new Promise((resolve) => {
        const request = indexedDB.open('actmax', 1);
        request.onsuccess = () => resolve(request.result);
      });
      const store = database.transaction('networks', 'readwrite').objectStore('networks');
      const good = await new Promise((resolve) => {
        const request = store.get('own-my-mlp-drop');
        request.onsuccess = () => resolve(request.result);
      });
      store.put({ ...good, name: '<img src=x onerror=alert(1)>' }, 'own-script');
      store.put({ ...good, name: 'text', bytes: new TextEncoder().encode('text') }, 'own-text');
      store.put({ ...good, name: 'choice', options: { ...good.options, activation: 'swish' } }, 'own-choice');
      store.put({ ...good, name: 'key' }, 'mlp');
      store.put('nothing', 'own-nothing');
      store.put(good, 7);
      await new Promise((resolve) => (store.transaction.oncomplete = resolve));
      database.close();
    });
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll('#own-models .model-card').length === 2, { timeout: TIMEOUT });
    assert.deepEqual(await page.$$eval('#own-models h4', (all) => all.map((it) => it.textContent)), ['my_mlp_drop', '<img src=x onerror=alert(1)>']);
    await page.waitForSelector('#notice:not([hidden])');
    const notice = await page.$eval('#notice-text', (it) => it.textContent ?? '');
    for (const name of ['text', 'choice', 'key', 'My network']) {
      assert.ok(notice.includes(`The network ${name} that this browser kept cannot be read any more and was removed.`), `${name}: ${notice}`);
    }
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll('#own-models .model-card').length === 2, { timeout: TIMEOUT });
    assert.equal(await page.$eval('#notice', (it) => it.checkVisibility()), false);
  }));
