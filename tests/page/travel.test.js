// @ts-check
// The page for frames, as its address and the page around it ask for it; and the examples.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { TIMEOUT, figure, reached, shadow } from './figure.js';
import { few, rare } from './nightly.js';
import { frameOf, pageOf, traveling, wait } from './travel.js';

const FIGURE = 'activation-maximization';

/** Keeps what the frame in it says. */
const PARENT = pageOf(
  `<iframe id="frame" src="embed.html#steps=30&pace=full" style="width: 600px; height: 300px"></iframe>
   <script>
     window.heard = [];
     addEventListener('message', ({ data }) => window.heard.push(data));
     window.ask = (settings) =>
       document.getElementById('frame').contentWindow.postMessage({ type: 'actmax:settings', settings }, '*');
   </script>`,
);

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  world = await traveling({ '/parent.html': PARENT });
});
after(() => world.close());

describe('embed.html', () => {
  test('takes settings from the query and the hash, which goes first', async () => {
    const { page, close } = await world.visit(
      'embed.html?digit=7&target=0.5&seed=4&network=lenet5&pace=full&frogs=9#network=mlp&target=0.8&steps=20',
    );
    await reached(page, FIGURE, 'done');
    const settings = await figure(page, FIGURE, (it) => it.settings);
    const { network, digits, target, steps, seed, pace } = settings;
    assert.deepEqual(
      { network, digits, target, steps, seed, pace },
      { network: 'mlp', digits: [7], target: 0.8, steps: 20, seed: 4, pace: 'full' },
    );
    assert.equal(await figure(page, FIGURE, (it) => it.iteration), 20);
    const link = await page.$eval('.link', (it) => /** @type {HTMLAnchorElement} */ (it).href);
    assert.equal(link, `${world.url}#network=mlp&digit=7&target=0.8&steps=20&seed=4&pace=full`);
    await close();
  });

  test('follows its hash, and forgets what is no longer in it', async () => {
    const { page, close } = await world.visit('embed.html#digit=7&seed=4&steps=20&pace=full');
    await reached(page, FIGURE, 'done');
    await page.evaluate(() => (location.hash = 'digit=2&steps=30&pace=full'));
    await page.waitForFunction(
      () => {
        const it = /** @type {any} */ (document.querySelector('activation-maximization'));
        return it.state === 'done' && it.iteration === 30;
      },
      { timeout: TIMEOUT },
    );
    const { digits, seed } = await figure(page, FIGURE, (it) => it.settings);
    assert.deepEqual({ digits, seed }, { digits: [2], seed: 1 });
    await close();
  });

  test('corrects what cannot be used, and says so', async () => {
    const { page, close } = await world.visit('embed.html#digit=12&target=7&steps=20&pace=full&hide=frogs');
    await reached(page, FIGURE, 'done');
    const note = await shadow(page, FIGURE, '.message', (it) => it.textContent);
    assert.match(note, /There is no digit 12: they are 0 to 9\. 0 is used instead\./);
    assert.match(note, /The target probability is "7"\..* 0\.999 is used instead\./);
    assert.match(note, /There is no part "frogs"\./);
    await close();
  });

  test('shows no more than it is asked for', async () => {
    const { page, close } = await world.visit(
      'embed.html#controls=0&autoplay=0&hide=link,scale&transparent=1&theme=dark&backend=cpu',
    );
    await page.waitForFunction(
      () => /** @type {any} */ (document.querySelector('activation-maximization')).experiment?.iteration === 0,
      { timeout: TIMEOUT },
    );
    await wait(300);
    assert.equal(await figure(page, FIGURE, (it) => `${it.state} ${it.iteration}`), 'paused 0');
    assert.equal(await page.$eval('.link', (it) => it.checkVisibility()), false);
    assert.equal(await shadow(page, FIGURE, '.run', (it) => it.checkVisibility()), false);
    assert.equal(await shadow(page, FIGURE, '.scale', (it) => it.checkVisibility()), false);
    assert.equal(await shadow(page, FIGURE, '.message', (it) => it.textContent), '');
    const style = await page.$eval(':root', (it) => {
      const { colorScheme, backgroundColor } = getComputedStyle(it);
      return [colorScheme, backgroundColor];
    });
    assert.deepEqual(style, ['dark', 'rgba(0, 0, 0, 0)']);
    await close();
  });

  test('is as high as its frame where it is asked to fit', async () => {
    for (const [width, height] of few([[360, 560], [640, 480], [1000, 800]], 1)) {
      const { page, close } = await world.visit('embed.html#fit=1&steps=20&pace=full');
      await page.setViewport({ width, height });
      await reached(page, FIGURE, 'done');
      const high = await page.$eval(':root', (it) => it.scrollHeight);
      assert.ok(high <= height, `${high} in ${width} × ${height}`);
      await close();
    }
  });
});

describe('a frame and the page around it', () => {
  test('the frame tells its height, and again when that changes', async () => {
    const { page, close } = await world.visit('parent.html');
    const frame = await frameOf(page, 'embed.html');
    await reached(frame, FIGURE, 'done');
    const told = () =>
      page.evaluate(() => /** @type {any} */ (window).heard.findLast((/** @type {any} */ it) => it.type === 'actmax:size'));
    const high = () => frame.$eval('body', (/** @type {any} */ it) => Math.ceil(it.getBoundingClientRect().height));
    const first = await told();
    assert.equal(first.height, await high());
    assert.ok(first.height > 300 && first.width > 500, JSON.stringify(first));
    await page.evaluate(() => /** @type {any} */ (window).ask({ show: 'charts' }));
    await page.waitForFunction(
      (before) =>
        /** @type {any} */ (window).heard.some(
          (/** @type {any} */ it) => it.type === 'actmax:size' && it.height > before + 200,
        ),
      {},
      first.height,
    );
    // Charts and tables come one after the other, and each is told of.
    for (const began = Date.now(); (await told()).height !== (await high()); ) {
      assert.ok(Date.now() - began < TIMEOUT, `told ${(await told()).height}, is ${await high()}`);
    }
    await close();
  });

  test('the page can ask for what attributes can, and for nothing else', async () => {
    const { page, close } = await world.visit('parent.html');
    const frame = await frameOf(page, 'embed.html');
    await reached(frame, FIGURE, 'done');
    const before = await figure(frame, FIGURE, (it) => it.getAttributeNames().sort());
    await page.evaluate(() =>
      /** @type {any} */ (window).ask({ digit: '7', target: '0.6', controls: '0', onclick: 'alert(1)', style: 'color: red' }),
    );
    await frame.waitForFunction(() => {
      const it = /** @type {any} */ (document.querySelector('activation-maximization'));
      return it.settings.digits[0] === 7 && it.state === 'done';
    });
    assert.deepEqual(
      await figure(frame, FIGURE, (it) => it.getAttributeNames().sort()),
      [...before.filter((/** @type {string} */ it) => it !== 'controls'), 'digit', 'target'].sort(),
    );
    await page.evaluate(() => /** @type {any} */ (window).ask({ digit: null }));
    await frame.waitForFunction(
      () => /** @type {any} */ (document.querySelector('activation-maximization')).settings.digits[0] === 3,
    );
    await frame.evaluate(() => postMessage({ type: 'actmax:settings', settings: { digit: '5' } }, '*'));
    await wait(100);
    assert.deepEqual(await figure(frame, FIGURE, (it) => it.settings.digits), [3]);
    await close();
  });

  test('keys that turn slides are handed on, unless a control of the figure needs them', async () => {
    const { page, close } = await world.visit('parent.html');
    const frame = await frameOf(page, 'embed.html');
    await reached(frame, FIGURE, 'done');
    /** @param {string} within @param {...import('puppeteer-core').KeyInput} keys */
    const press = async (within, ...keys) => {
      await page.evaluate(() => (/** @type {any} */ (window).heard.length = 0));
      await figure(frame, `${FIGURE} >>> ${within}`, (it) => it.focus());
      for (const key of keys) {
        await page.keyboard.press(key);
      }
      await wait(100);
      const heard = await page.evaluate(() => /** @type {any} */ (window).heard);
      return heard.filter((/** @type {any} */ it) => typeof it === 'string' || it.type === 'actmax:key');
    };
    assert.deepEqual(await press('.run', 'ArrowRight', 'PageUp', 'Escape'), [
      { type: 'actmax:key', key: 'ArrowRight' },
      '{"method":"triggerKey","args":[39]}',
      { type: 'actmax:key', key: 'PageUp' },
      '{"method":"triggerKey","args":[33]}',
      { type: 'actmax:key', key: 'Escape' },
      '{"method":"triggerKey","args":[27]}',
    ]);
    assert.deepEqual(await press('.run', ' ', 'b', 'Tab'), []);
    assert.deepEqual(await press('.timeline-slider', 'ArrowLeft', 'PageDown', 'ArrowDown'), []);
    assert.deepEqual(await press('.timeline-slider', 'Escape'), [
      { type: 'actmax:key', key: 'Escape' },
      '{"method":"triggerKey","args":[27]}',
    ]);
    await close();
  });
});

describe('the examples', () => {
  // Every day, security.test.js runs each of them to its end.
  test('the element, and what it tells the page', { skip: rare }, async () => {
    const { page, close } = await world.visit('examples/element.html');
    await page.waitForFunction(() => document.getElementById('said')?.textContent?.startsWith('Done'), {
      timeout: TIMEOUT,
    });
    await page.click(`#figure >>> input[name="digit"][value="7"]`);
    await page.waitForFunction(() => document.getElementById('settings')?.textContent?.includes('7'));
    await reached(page, '#figure', 'done');
    await close();
  });

  test('the frame gets its height', { skip: rare }, async () => {
    const { page, close } = await world.visit('examples/iframe.html');
    const frame = await frameOf(page, 'embed.html');
    await reached(frame, FIGURE, 'done');
    const high = await frame.$eval('body', (/** @type {any} */ it) => Math.ceil(it.getBoundingClientRect().height));
    assert.equal(await page.$eval('iframe', (it) => it.style.height), `${high}px`);
    await close();
  });

  test('the bare engine', { skip: rare }, async () => {
    const { page, close } = await world.visit('examples/api.html');
    await page.waitForFunction(
      () => /^Iteration 50: p\(3\) = 0\.9\d+$/.test(document.getElementById('said')?.textContent ?? ''),
      { timeout: TIMEOUT },
    );
    await close();
  });

  test('the list leads to all of them', async () => {
    const { page, close } = await world.visit('examples/');
    for (const link of await page.$$eval('li a', (links) => links.map((it) => /** @type {any} */ (it).href))) {
      assert.equal((await fetch(link)).status, 200, link);
    }
    await close();
  });
});
