// @ts-check
// What other pages can do to a figure: with messages to its frame, with its attributes, and from
// another origin. They get what an attribute can do, however they ask and however often.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { MODULES, launch, open, serve } from './browser.js';
import { TIMEOUT, figure, reached, shadow } from './figure.js';
import { frameOf, pageOf, wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */

const FIGURE = 'activation-maximization';
const CHROMIUMS_OWN = 'warn: No available adapters.';

/** Counts the runs that are begun and given back, and how long the page stood still. */
const COUNT = `<script type="module">
  import { Engine } from './engine.js';
  import { Run } from './src/engine/run.js';

  window.counts = { begun: 0, freed: 0, advanced: 0, stood: 0 };
  const count = (prototype, method, name) => {
    const original = prototype[method];
    prototype[method] = function (...values) {
      window.counts[name] += 1;
      return original.apply(this, values);
    };
  };
  count(Engine.prototype, 'begin', 'begun');
  count(Run.prototype, 'free', 'freed');
  count(Run.prototype, 'advance', 'advanced');
  let last = performance.now();
  const look = (now) => {
    window.counts.stood = Math.max(window.counts.stood, now - last);
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  await import('./src/page/embed.js');
</script>`;

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** Another origin. @type {Awaited<ReturnType<typeof serve>>} */
let elsewhere;
/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  server = await serve((path, response) => {
    if (path !== '/counted.html') {
      return false;
    }
    response.setHeader('Content-Type', 'text/html');
    response.end(pageOf('', `<link rel="stylesheet" href="src/figure/base.css"><link rel="stylesheet" href="src/page/embed.css">${COUNT}`));
    return true;
  }, MODULES);
  elsewhere = await serve((path, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(
      pageOf(`<iframe id="frame" src="${server.url}counted.html?backend=cpu#steps=20&pace=full" style="width: 600px; height: 900px"></iframe>
        <iframe id="other" srcdoc="<p>Another frame"></iframe>
        <script>
          window.say = (data) => document.getElementById('frame').contentWindow.postMessage(data, '*');
          window.ask = (settings) => say({ type: 'actmax:settings', settings });
        </script>`),
    );
    return true;
  });
  browser = await launch('chromium');
});
after(async () => {
  await browser.close();
  await server.close();
  await elsewhere.close();
});

/** A page of another origin with a figure in a frame, which has come to its end. */
async function visit() {
  const { page, messages } = await open(browser, elsewhere.url);
  const frame = await frameOf(page, 'counted.html');
  await reached(frame, FIGURE, 'done');
  return {
    page,
    frame,
    /** @returns {Promise<{ begun: number, freed: number, advanced: number, stood: number }>} */
    counts: () => frame.evaluate(() => /** @type {any} */ (window).counts),
    async close() {
      await page.close();
      assert.deepEqual(messages.filter((it) => it !== CHROMIUMS_OWN), []);
    },
  };
}

/** @param {any} frame @param {number} digit */
function makes(frame, digit) {
  return frame.waitForFunction(
    (/** @type {number} */ digit) => {
      const it = /** @type {any} */ (document.querySelector('activation-maximization'));
      return it.settings.digits[0] === digit && it.state === 'done' && it.experiment?.digits[0] === digit;
    },
    { timeout: TIMEOUT },
    digit,
  );
}

/** Nothing is left of the runs but the one on show. @param {Awaited<ReturnType<typeof visit>>} tab */
async function tidy({ frame }) {
  await frame.waitForFunction(
    () => {
      const { begun, freed } = /** @type {any} */ (window).counts;
      return begun - freed === 1;
    },
    { timeout: TIMEOUT },
  );
}

describe('messages from another origin', () => {
  test('of no kind that is known, do nothing', async () => {
    const tab = await visit();
    const before = await figure(tab.frame, FIGURE, (it) => it.outerHTML);
    await tab.page.evaluate(() => {
      const { say } = /** @type {any} */ (window);
      const cyclic = /** @type {any} */ ({ type: 'actmax:settings' });
      cyclic.settings = cyclic;
      let deep = /** @type {any} */ ({});
      for (let level = 0; level < 500; level += 1) {
        deep = { settings: deep };
      }
      for (const data of [
        undefined, null, 0, NaN, '', 'slide:none', true, [], {}, new Map([['type', 'actmax:settings']]), 10n,
        { type: 'actmax:settings' }, { type: 'actmax:settings', settings: null }, { type: 'actmax:settings', settings: 7 },
        { type: 'actmax:settings', settings: 'digit' }, { type: 'actmax:settings', settings: new Date() },
        { type: 'actmax:settings', settings: Array.from({ length: 100_000 }, () => '7') },
        { type: 'actmax:settings', settings: new Float32Array(1e6) }, cyclic, deep,
        { type: { toString: 1 }, settings: { digit: '7' } }, { type: 'actmax:evaluate', code: 'window.hacked = 1' },
        { type: 'actmax:settings', settings: { [Symbol.iterator.description ?? '']: 1, ['__proto__']: { digit: '7' } } },
        { type: 'actmax:settings', settings: JSON.parse('{"__proto__": {"digit": "7"}, "constructor": "7", "toString": "7"}') },
        { type: 'actmax:settings', settings: { innerHTML: '<img src=x onerror=alert(1)>', onclick: 'alert(1)', style: 'color: red', class: 'a', id: 'b', 'data-x': '1', src: '//other.example' } },
        { type: 'actmax:key', key: 'ArrowRight' }, { type: 'actmax:size', height: 1e9 },
        JSON.stringify({ method: 'slide', args: [3] }), { theme: 'dark' }, { type: 'actmax:settings', settings: { backend: 'webgpu', theme: 'dark', fit: '1', transparent: '1' } },
      ]) {
        say(data);
      }
    });
    await wait(500);
    assert.equal(await figure(tab.frame, FIGURE, (it) => it.outerHTML), before);
    assert.equal((await tab.counts()).begun, 1);
    await tab.close();
  });

  test('that are no text are named in the words of an attribute', async () => {
    const tab = await visit();
    await tab.page.evaluate(() =>
      /** @type {any} */ (window).ask({ digit: { toString: 1, valueOf: 1 }, target: ['0.5'], rate: undefined, seed: new Map() }),
    );
    await tab.frame.waitForFunction(
      () => document.querySelector('activation-maximization')?.shadowRoot?.querySelector('.message')?.textContent,
    );
    const words = await shadow(tab.frame, FIGURE, '.message', (it) => it.textContent);
    assert.match(words, /The digit is "\[object\]"\. It must be 0 to 9/);
    assert.match(words, /The target probability is "\[object\]"\. It must be a number/);
    assert.match(words, /The learning rate is "\[undefined\]"\. It must be/);
    assert.match(words, /The seed is "\[object\]"\. It must be/);
    await tab.page.evaluate(() => /** @type {any} */ (window).ask({ digit: 7, target: 0.5, rate: null, seed: null, controls: false }));
    await makes(tab.frame, 7);
    assert.equal(await shadow(tab.frame, FIGURE, '.message', (it) => it.textContent), '');
    assert.equal(await figure(tab.frame, FIGURE, (it) => `${it.settings.target} ${it.hasAttribute('controls')}`), '0.5 false');
    await tab.close();
  });

  test('of millions of letters are refused, and the page lives on', async () => {
    const tab = await visit();
    await tab.page.evaluate(() => {
      const long = ',1'.repeat(500_000);
      /** @type {any} */ (window).ask({ digit: long, network: long, start: long, objective: long, seed: long, show: long, hide: long, pace: long });
    });
    await tab.frame.waitForFunction(
      () => /The digit is ",1,1/.test(document.querySelector('activation-maximization')?.shadowRoot?.querySelector('.message')?.textContent ?? ''),
      { timeout: TIMEOUT },
    );
    const words = await shadow(tab.frame, FIGURE, '.message', (it) => it.textContent);
    assert.ok(words.length < 5000, `${words.length} letters`);
    assert.ok((await tab.counts()).stood < 3000, `stood still for ${(await tab.counts()).stood} ms`);
    await tab.close();
  });

  test('from another frame of that page are not heard', async () => {
    const tab = await visit();
    await tab.page.evaluate(() => {
      const other = /** @type {any} */ (document.getElementById('other')).contentWindow;
      other.eval(`parent.frames[0].postMessage({ type: 'actmax:settings', settings: { digit: '7' } }, '*')`);
    });
    await wait(300);
    assert.deepEqual(await figure(tab.frame, FIGURE, (it) => it.settings.digits), [3]);
    await tab.close();
  });

  test('in a burst of a hundred thousand, are heard once a frame: the last one counts', async () => {
    const tab = await visit();
    const { stood } = await tab.frame.evaluate(() => Object.assign(/** @type {any} */ (window).counts, { stood: 0 }));
    assert.equal(stood, 0);
    await tab.page.evaluate(async () => {
      const { say, ask } = /** @type {any} */ (window);
      for (let index = 0; index < 100_000; index += 1) {
        if (index % 3 === 0) {
          ask({ digit: String(index % 10), seed: index });
        } else {
          say(index % 3 === 1 ? 'slide:stop' : 'slide:start');
        }
        if (index % 5000 === 0) {
          await new Promise((resolve) => setTimeout(resolve)); // The page around it is in the same process.
        }
      }
      ask({ digit: '4', seed: '5' });
    });
    await makes(tab.frame, 4);
    await tidy(tab);
    const counts = await tab.counts();
    // The bar is that the page is alive; how long a frame takes is the machine's business.
    assert.ok(counts.stood < 3000, `stood still for ${counts.stood} ms`);
    assert.ok(counts.begun < 10_000, `${counts.begun} runs`);
    await tab.close();
  });
});

describe('attributes', () => {
  test('changed a thousand times a second begin no more runs than there are frames, and leave none behind', async () => {
    const tab = await visit();
    const { frames, seconds } = await tab.frame.evaluate(async () => {
      const it = /** @type {any} */ (document.querySelector('activation-maximization'));
      let frames = 0;
      const count = () => {
        frames += 1;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      const { port1, port2 } = new MessageChannel();
      const turn = () =>
        new Promise((resolve) => {
          port1.onmessage = resolve;
          port2.postMessage(0);
        });
      const began = performance.now();
      for (let index = 0; index < 2000; index += 1) {
        it.setAttribute('digit', String(index % 10));
        it.setAttribute('target', String(0.1 + 0.0004 * index));
        it.setAttribute('at', String(index % 20));
        await turn();
      }
      it.removeAttribute('at');
      it.setAttribute('digit', '6');
      return { frames, seconds: (performance.now() - began) / 1000 };
    });
    await makes(tab.frame, 6);
    await tidy(tab);
    const { begun } = await tab.counts();
    assert.ok(begun <= frames + 5, `${begun} runs in ${frames} frames, ${seconds} s`);
    assert.equal(await figure(tab.frame, FIGURE, (it) => it.iteration), 20);
    await tab.close();
  });

  test('that a waiting figure follows are followed once a frame', async () => {
    const tab = await visit();
    await figure(tab.frame, FIGURE, (it) => it.reset());
    await tab.frame.waitForFunction(() => /** @type {any} */ (document.querySelector('activation-maximization')).iteration === 0);
    const { advanced } = await tab.counts();
    const frames = await tab.frame.evaluate(async () => {
      const it = /** @type {any} */ (document.querySelector('activation-maximization'));
      let frames = 0;
      const count = () => {
        frames += 1;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      for (let index = 0; index < 1000; index += 1) {
        it.setAttribute('rate', String(0.001 + 1e-6 * index));
        await new Promise((resolve) => setTimeout(resolve));
      }
      return frames;
    });
    await wait(500);
    const after = (await tab.counts()).advanced;
    assert.ok(after - advanced <= frames + 10, `${after - advanced} looks in ${frames} frames`);
    await tab.close();
  });

  test('with the names of what every object has are no parts', async () => {
    const tab = await visit();
    await figure(tab.frame, FIGURE, (it) => it.setAttribute('show', 'constructor __proto__ toString hasOwnProperty'));
    await wait(100);
    const words = await shadow(tab.frame, FIGURE, '.message', (it) => it.textContent);
    assert.match(words, /^There are no parts "constructor", "__proto__", "toString"\. There are: timeline, /);
    await tab.close();
  });
});
