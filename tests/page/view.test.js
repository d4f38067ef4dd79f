// @ts-check
// What a figure shows of networks that are not equally far, of neurons and channels, and of objectives other than the lab's;
// and what it says to those who do not see it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { BROWSER, MODULES, browserAndServer, open } from './browser.js';
import { appears, figure, press, reached, shadow } from './figure.js';
import { few, pairs } from './nightly.js';
import { bring, fixture } from './owning.js';
import { wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

const { browser, server } = await browserAndServer(MODULES);
const FIGURE = 'activation-maximization';

/**
 * A figure alone on its page, once it is there.
 *
 * @param {string} hash
 * @param {object} [options]
 * @param {string} [options.backend]
 * @param {(page: Page) => Promise<unknown>} [options.before]
 */
async function visit(hash, { backend = 'cpu', before = async () => {} } = {}) {
  const { page, messages } = await open(browser, 'about:blank');
  await page.setViewport({ width: 1280, height: 900 });
  await before(page);
  await page.goto(`${server.url}embed.html?backend=${backend}#${hash}`);
  await page.waitForSelector(FIGURE);
  return { page, messages };
}

/**
 * Brings what can be clicked in a figure into view, as a person meets it: where its middle is, and how many there are.
 *
 * @param {Page} page
 * @param {number} index From top to bottom.
 * @returns {Promise<{ what: string, x: number, y: number, count: number }>}
 */
const target = (page, index) =>
  page.$eval(
    `${FIGURE} >>> .figure`,
    (it, index) => {
      const all = /** @type {HTMLInputElement[]} */ ([...it.querySelectorAll('button, input, select, summary')]);
      const targets = all.filter((one) => one.checkVisibility() && !one.disabled);
      const one = targets[index];
      one?.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { left, top, width, height } = one?.getBoundingClientRect() ?? new DOMRect();
      return { what: one ? `${one.tagName} ${one.name || one.className} ${one.value ?? ''}` : '', x: left + width / 2, y: top + height / 2, count: targets.length };
    },
    index,
  );

/** Until whatever was done has been drawn. @param {Page} page */
const drawn = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

describe('networks that are not equally far', () => {
  const backends = BROWSER === 'chromium' ? ['cpu', 'webgpu'] : ['cpu'];
  for (const [backend, network] of few(pairs(backends, ['both', 'lenet5,robust,mlp,own']), 1)) {
    test(`everything is clicked while ${network} play, on ${backend}`, { timeout: 600_000 }, async () => {
      const four = network.endsWith('own');
      const tab = await open(browser, 'about:blank');
      const { page, messages } = tab;
      await page.setViewport({ width: 1280, height: 900 });
      if (four) {
        await page.goto(`${server.url}?backend=${backend}#network=mlp&steps=5&pace=full`);
        await page.waitForSelector('.drop-zone');
        await bring(page, fixture('my_mlp_drop.safetensors'));
        await reached(page, '#lab', 'done');
      }
      const names = four
        ? `lenet5,robust,mlp,${await page.evaluate(async () => (await import(/** @type {any} */ ('/src/engine/networks.js'))).ownNames()[0])}`
        : network;
      await page.goto(`${server.url}embed.html?backend=${backend}#network=${names}&digit=3,8&steps=100000&pace=slow&show=all`);
      await page.waitForFunction((it) => /** @type {any} */ (document.querySelector(it))?.state === 'playing', { timeout: 120_000 }, FIGURE);
      const { count } = await target(page, 0);
      assert.ok(count > 30, `${count}`);
      for (let index = 0; index < count; index += 1) {
        // Whatever was pressed last, it plays again, with two networks: so that one is ahead of the other.
        await page.$eval(FIGURE, (it, names) => {
          const figure = /** @type {any} */ (it);
          figure.setAttribute('network', names);
          figure.setAttribute('digit', '3,8');
          figure.setAttribute('steps', '100000');
          figure.setAttribute('pace', 'slow');
          if (figure.state !== 'playing') figure.play();
        }, names);
        const { what, x, y } = await target(page, index);
        if (what) {
          await page.mouse.click(x, y);
          await drawn(page);
          assert.deepEqual(messages.filter((it) => !/No available adapters/.test(it)), [], `after a click on ${what}`);
        }
      }
      assert.equal(await shadow(page, FIGURE, '.message', (it) => it.textContent), '');
      await page.close();
    });
  }
});

/** Lets no run of a network make frames until `release` is called. Runs in the page. @param {string} network */
async function holdRunsOf(network) {
  const { Engine } = await import(/** @type {any} */ ('/engine.js'));
  Object.assign(window, { held: 0 });
  const released = new Promise((resolve) => Object.assign(window, { release: resolve }));
  const { begin } = Engine.prototype;
  Engine.prototype.begin = async function (/** @type {any} */ task) {
    const run = await begin.call(this, task);
    if (task.network === network) {
      const { advance } = run;
      run.advance = async (/** @type {any[]} */ ...given) => {
        /** @type {any} */ (window).held += 1;
        await released;
        return advance.apply(run, given);
      };
    }
    return run;
  };
}

test('a network without any frame yet is left out, and the others answer', async () => {
  const { page, messages } = await visit('network=mlp&show=all');
  await reached(page, FIGURE, 'done');
  await page.evaluate(holdRunsOf, 'lenet5');
  await page.$eval(FIGURE, (it) => it.setAttribute('network', 'mlp,lenet5'));
  await page.waitForFunction(() => /** @type {any} */ (window).held > 0);
  for (const [name, value] of [['log', '1'], ['row', '0'], ['at', '0'], ['show', 'settings loss'], ['show', 'all'], ['target', '0.7']]) {
    await page.$eval(FIGURE, (it, name, value) => it.setAttribute(name, value), name, value);
    await wait(50);
  }
  assert.deepEqual(messages, []);
  await page.$eval(FIGURE, (it) => it.removeAttribute('at'));
  await page.evaluate(() => /** @type {any} */ (window).release());
  await reached(page, FIGURE, 'done');
  assert.deepEqual(await figure(page, FIGURE, (it) => it.experiment.networkResults.map((/** @type {any} */ one) => one.history.iteration)), [500, 500]);
  assert.equal(await shadow(page, FIGURE, '.columns', (it) => it.querySelectorAll('.readings dd').length), 8);
  assert.deepEqual(messages, []);
  await page.close();
});

/** Keeps with what every curve is drawn. Runs in the page. */
function watchCurves() {
  const drawn = new Set();
  Object.assign(window, { drawn });
  const { stroke } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.stroke = function (/** @type {any[]} */ ...path) {
    // The grid is one pixel wide, curves are two.
    if (this.lineWidth >= 2) {
      drawn.add(`${this.strokeStyle} ${this.getLineDash()}`);
    }
    return stroke.apply(this, /** @type {any} */ (path));
  };
}

/** With what curves were drawn since that was last asked. @param {Page} page @returns {Promise<string[]>} */
const curves = (page) =>
  page.evaluate(() => {
    const { drawn } = /** @type {any} */ (window);
    const all = [...drawn];
    drawn.clear();
    return all;
  });

describe('every curve can be told from every other', () => {
  for (const [what, hash, count] of /** @type {const} */ ([
    ['channels above 9', 'network=lenet5&objective=channel-conv2&digit=12,13', 2],
    ['neurons on both sides of 9', 'network=lenet5&objective=neuron-fc1&digit=2,9,10,119', 4],
    ['ten neurons', 'objective=neuron-fc1&digit=1,20,40,60,80,100,120,140,160,180', 10],
    ['one channel above 9', 'network=lenet5&objective=channel-conv2&digit=12', 1],
    ['ten digits of four networks', 'network=all&digit=all', 40],
  ])) {
    test(what, async () => {
      const { page, messages } = await visit(`${hash}&steps=5&pace=full&show=loss`, {
        before: (page) => page.evaluateOnNewDocument(watchCurves),
      });
      await reached(page, FIGURE, 'done');
      const seen = await curves(page);
      assert.equal(seen.length, count, `${seen}`);
      assert.deepEqual(messages, []);
      await page.close();
    });
  }

  test('four and five networks, one of them brought, at one digit and at two', async () => {
    const { page, messages } = await open(browser, `${server.url}?backend=cpu#network=mlp&steps=5&pace=full`);
    await page.waitForSelector('.drop-zone');
    for (const name of ['my_mlp_drop.safetensors', 'my_lenet.safetensors']) {
      await bring(page, fixture(name));
    }
    await page.evaluateOnNewDocument(watchCurves);
    const own = await page.evaluate(async () => (await import(/** @type {any} */ ('/src/engine/networks.js'))).ownNames());
    for (const [networks, digit] of /** @type {const} */ ([[4, '3'], [5, '3'], [4, '3,8'], [5, '3,8']])) {
      const names = ['mlp', 'lenet5', 'robust', ...own].slice(0, networks);
      await page.goto('about:blank');
      await page.goto(`${server.url}embed.html?backend=cpu#network=${names}&digit=${digit}&steps=5&pace=full&show=loss`);
      await reached(page, FIGURE, 'done');
      const seen = await curves(page);
      assert.equal(seen.length, names.length * digit.split(',').length, `${names} at ${digit}: ${seen.join(' | ')}`);
    }
    assert.deepEqual(messages, []);
    await page.close();
  });
});

describe('the words are those of the objective', () => {
  const ALL = 'steps=5&pace=full&show=all';
  const LOSSES = {
    'target-probability': 'Squared difference between ln p(digit | image) and ln target, at every iteration.',
    'log-probability': '−ln p(digit | image), at every iteration.',
    logit: 'Minus the logit of the digit, at every iteration.',
    'logit-minus-8': 'The logit of the 8, minus the logit of the digit, at every iteration.',
    'channel-conv2': 'Minus the mean of the channel of conv2, before the activation function, at every iteration.',
    'channel-conv2-center': 'Minus the value of the channel of conv2 at the center, before the activation function, at every iteration.',
    'channel-conv2-at-0-7': 'Minus the value of the channel of conv2 at row 0, column 7, before the activation function, at every iteration.',
    'neuron-fc1': 'Minus the output of the neuron of fc1, before the activation function, at every iteration.',
  };
  for (const [objective, loss] of Object.entries(LOSSES)) {
    test(objective, async () => {
      const isHidden = /^(neuron|channel)-/.test(objective);
      const { page } = await visit(`network=lenet5&objective=${objective}&digit=${isHidden ? 12 : 3}&${ALL}`);
      await reached(page, FIGURE, 'done');
      const said = await shadow(page, FIGURE, '.figure', (it) => {
        const text = (/** @type {string} */ selector) => [...it.querySelectorAll(selector)].filter((one) => one.checkVisibility()).map((one) => one.textContent);
        return {
          captions: text('.cards .caption'),
          titles: text('.cards .title'),
          legend: text('.bars ~ .legend > span, .legend > span'),
          marks: it.querySelectorAll('.bars .target:not([hidden])').length,
          image: it.querySelector('.images canvas').getAttribute('aria-label'),
          digits: it.querySelector('fieldset.digit legend').textContent,
          target: it.querySelector('input[name="target"]').disabled,
          all: it.textContent,
        };
      });
      assert.equal(said.captions[0], loss);
      const isLab = objective === 'target-probability';
      // Only the lab's objective has a target.
      assert.deepEqual([said.target, said.marks, said.legend.includes('target')], isLab ? [false, 1, true] : [true, 0, false]);
      const name = {
        'channel-conv2': 'channel 12 of conv2',
        'channel-conv2-center': 'channel 12 of conv2 at the center',
        'channel-conv2-at-0-7': 'channel 12 of conv2 at row 0, column 7',
        'neuron-fc1': 'neuron 12 of fc1',
      }[objective] ?? '3';
      assert.ok(said.image.startsWith(`Image for ${name}, made with the LeNet-5, after 5 iterations.`), said.image);
      assert.ok(said.titles.includes(`What was changed: LeNet-5, image for ${name}`), said.titles.join());
      assert.ok(said.titles.includes(`Nearest prototypes: LeNet-5, image for ${name}`), said.titles.join());
      assert.ok(said.captions.includes(`What the LeNet-5 says of the image for ${name}, after 5 iterations.`), said.captions.join());
      const legend = objective.startsWith('channel') ? 'Channel of conv2' : objective.startsWith('neuron') ? 'Neuron of fc1' : 'Digit';
      assert.equal(said.digits, legend);
      assert.equal(said.titles.includes('Probability of the digit'), !isHidden);
      await page.close();
    });
  }

  test('penalties are part of the loss, and follow their fields; a logarithmic scale says what it leaves out', async () => {
    const { page } = await visit(`objective=logit&l1=0.1&${ALL}`);
    await reached(page, FIGURE, 'done');
    const caption = () => shadow(page, FIGURE, '.cards .caption', (it) => it.textContent);
    assert.equal(await caption(), 'Minus the logit of the digit, plus penalties, at every iteration.');
    await page.$eval(FIGURE, (it) => it.removeAttribute('l1'));
    await wait(50);
    assert.equal(await caption(), 'Minus the logit of the digit, at every iteration.');
    await page.$eval(FIGURE, (it) => it.setAttribute('log', ''));
    await wait(50);
    assert.equal(
      await caption(),
      'Minus the logit of the digit, at every iteration. It can be negative: on a logarithmic scale, only what is above 0 is drawn.',
    );
    await page.$eval(FIGURE, (it) => it.setAttribute('objective', 'target-probability'));
    await page.waitForFunction((it) => /** @type {any} */ (document.querySelector(it)).experiment.networkResults[0].begin.objective === 'target-probability', {}, FIGURE);
    assert.equal(await caption(), 'Squared difference between ln p(digit | image) and ln target, at every iteration.');
    await page.close();
  });
});

describe('how much images look like digits', () => {
  /** Counts the comparisons of an image with typical ones. Runs in the page. */
  async function count() {
    const { TypicalDigits } = await import(/** @type {any} */ ('/src/player/typical-digits.js'));
    const { compare } = TypicalDigits.prototype;
    Object.assign(window, { compared: 0 });
    TypicalDigits.prototype.compare = function (/** @type {any[]} */ ...given) {
      /** @type {any} */ (window).compared += 1;
      return compare.apply(this, given);
    };
  }

  test('is computed where it is said, and nowhere else', async () => {
    const { page, messages } = await visit('network=mlp&digit=3&steps=60&autoplay=0&hide=readings&show=bars,nearest');
    await page.waitForFunction((it) => /** @type {any} */ (document.querySelector(it)).experiment?.begun, {}, FIGURE);
    await page.evaluate(count);
    const compared = () => page.evaluate(() => /** @type {any} */ (window).compared);
    const name = () => shadow(page, FIGURE, '.images canvas', (it) => it.ariaLabel);
    await page.$eval(FIGURE, (it) => /** @type {any} */ (it).play());
    await reached(page, FIGURE, 'done');
    assert.equal(await compared(), 0);
    assert.match(await name(), /It gives the 3 \d+\.\d%\.$/);
    for (const [attribute, value] of [['hide', 'opinions'], ['show', 'mean']]) {
      await page.$eval(FIGURE, (it, attribute, value) => {
        it.setAttribute('hide', 'readings');
        it.setAttribute(attribute, value);
        Object.assign(window, { compared: 0 });
      }, attribute, value);
      await page.waitForFunction(() => /** @type {any} */ (window).compared > 0);
      await drawn(page);
      assert.match(await name(), /It gives the 3 \d+\.\d%\. Correlation with a typical 3 of MNIST: −?\d\.\d\d, margin −?\d\.\d\d\.$/);
    }
    assert.deepEqual(messages, []);
    await page.close();
  });
});

describe('the timeline', () => {
  test('stands at the start until there is a snapshot', async () => {
    const { page } = await visit('network=mlp&steps=80&autoplay=0', {
      before: async (page) => {
        await page.setRequestInterception(true);
        page.on('request', (request) => request.url().includes('.wasm') || request.continue());
      },
    });
    await appears(page, FIGURE, '.timeline-slider');
    const slider = await shadow(page, FIGURE, '.timeline-slider', ({ value, max, ariaValueText }) => ({ value, max, ariaValueText }));
    assert.deepEqual(slider, { value: '0', max: '80', ariaValueText: 'iteration 0 of 80' });
    assert.equal(await shadow(page, FIGURE, '.iteration', (it) => it.textContent), 'Iteration 0 of 80');
    await page.close();
  });

  test('is not read out in every frame, but where it rests; no more are the images', async () => {
    const { page } = await visit('network=mlp&digit=3,8&steps=2000&pace=slow&show=all');
    await page.waitForFunction((it) => /** @type {any} */ (document.querySelector(it))?.state === 'playing', {}, FIGURE);
    const changes = await shadow(page, FIGURE, '.figure', async (it) => {
      /** @type {Record<string, number>} */
      const counts = {};
      new MutationObserver((records) => {
        for (const { target, attributeName } of records) {
          const key = `${/** @type {HTMLElement} */ (target).className || target.nodeName} ${attributeName}`;
          counts[key] = (counts[key] ?? 0) + 1;
        }
      }).observe(it, { subtree: true, attributes: true, attributeFilter: ['aria-valuetext', 'aria-label', 'title'] });
      await new Promise((resolve) => setTimeout(resolve, 7000));
      return counts;
    });
    assert.ok(Object.keys(changes).length > 0, 'nothing was said in seven seconds');
    // Once or twice, each of ten bars, of eight pictures, of two charts …
    assert.ok(Object.entries(changes).every(([key, count]) => count <= (/^(bar|CANVAS)/.test(key) ? 24 : 4)), JSON.stringify(changes));
    await press(page, FIGURE, '.run');
    await wait(300);
    const { said, name, iteration } = await figure(page, FIGURE, ({ shadowRoot, iteration }) => ({
      iteration,
      said: shadowRoot.querySelector('.timeline-slider').getAttribute('aria-valuetext'),
      name: shadowRoot.querySelector('button.image').getAttribute('aria-label'),
    }));
    assert.equal(said, `iteration ${iteration} of 2000`);
    assert.ok(name.includes(`after ${iteration} iterations`), name);
    // A hand that moves it hears where it is, at once.
    await page.$eval(`${FIGURE} >>> .timeline-slider`, (it) => /** @type {HTMLElement} */ (it).focus());
    await page.keyboard.press('ArrowLeft');
    await wait(100);
    assert.equal(await shadow(page, FIGURE, '.timeline-slider', (it) => it.getAttribute('aria-valuetext')), `iteration ${iteration - 1} of 2000`);
    await page.close();
  });
});

test('how far a download is is not read out, what is loaded is', async () => {
  const { page } = await visit('network=mlp&digit=3&pace=full');
  await reached(page, FIGURE, 'done');
  const changes = await page.evaluate(async () => {
    const { View } = await import(/** @type {any} */ ('/src/figure/view.js'));
    const view = new View({ onChange() {}, onRun() {}, onStep() {}, onReset() {}, onSeek() {}, onRetry() {} });
    document.body.append(view.element);
    let count = 0;
    const live = view.element.querySelector('[role="status"]');
    new MutationObserver((records) => (count += records.length)).observe(live, { childList: true, characterData: true, subtree: true });
    for (let loaded = 0; loaded < 270; loaded += 1) {
      view.messages.load({ what: 'CPU module', bytes: loaded * 1e4 });
      await Promise.resolve();
    }
    await new Promise((resolve) => setTimeout(resolve));
    return { count, seen: view.element.querySelector('.message').textContent };
  });
  assert.deepEqual(changes, { count: 1, seen: 'Loading the CPU module … 2.7 MB' });
  await page.close();
});

describe('how a run ended is said', () => {
  /** @type {[string, RegExp][]} */
  const CASES = [
    ['digit=3&steps=1', /^1 iteration made\. The MLP gives the 3 \d+\.\d%\.$/],
    ['network=mlp&objective=neuron-fc1&digit=12&steps=9', /^9 iterations made\. In the MLP, the activation minus penalties is −?\d[\d.]* for neuron 12 of fc1\.$/],
    ['network=mlp,lenet5&objective=neuron-fc2&digit=3,5&steps=4', /^4 iterations made\. In the MLP, the activation minus penalties is \S+ for neuron 3 of fc2, \S+ for neuron 5 of fc2\. In the LeNet-5, /],
  ];
  for (const [hash, words] of CASES) {
    test(hash, async () => {
      const { page } = await visit(`${hash}&pace=full&show=all`);
      await reached(page, FIGURE, 'done');
      assert.match(await shadow(page, FIGURE, '.figure > [role="status"]', (it) => it.textContent), words);
      const labels = await shadow(page, FIGURE, '.figure', (it) => [...it.querySelectorAll('[aria-label]')].map((one) => one.getAttribute('aria-label')));
      assert.deepEqual(labels.filter((/** @type {string} */ it) => /\b1 iterations\b/.test(it)), []);
      await page.close();
    });
  }
});
