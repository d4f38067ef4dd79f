// @ts-check
// What the laboratory writes for other pages, and those pages.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { readConfig, writeConfig } from '../../www/src/settings/config.ts';
import { FORMATS, embedAddress, escaped, isOnlyHere, snippet } from '../../www/src/page/snippets.ts';
import { MODULES, lacking } from './browser.js';
import { figure, reached } from './figure.js';
import { frameOf, pageOf, traveling } from './travel.js';

/** @typedef {import('../../www/src/page/snippets.ts').Format} Format */
/** @typedef {import('../../www/src/page/snippets.ts').Wish} Wish */

const ASKED = 'network=lenet5&digit=3,8&target=0.75&steps=40&seed=7&start=10A20B752&pace=full';
const { config } = readConfig(new URLSearchParams(ASKED));

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
/** @type {Wish} */
let wish;
before(async () => {
  world = await traveling({}, MODULES);
  wish = { base: world.url, config, controls: true, autoplay: true, form: false, charts: false };
});
after(() => world.close());

test('every format carries every setting', () => {
  for (const { format } of FORMATS) {
    const text = snippet(format, { ...wish, charts: true });
    assert.match(text, format === 'reveal' ? /show="loss,bars"/ : /show="charts"|show=charts/, format);
    assert.ok(text.includes(ASKED) || text.includes(escaped(ASKED)), `${format}: the address`);
    if (format !== 'iframe' && format !== 'myst') {
      for (const attribute of ['network="lenet5"', 'digit="3,8"', 'target="0.75"', 'steps="40"', 'seed="7"', 'pace="full"', 'start="10A20B752"', ' controls', ' autoplay']) {
        assert.ok(text.includes(attribute), `${format}: ${attribute}`);
      }
    }
  }
});

test('the address of the frame is read as it was written', () => {
  const address = embedAddress({ ...wish, controls: false, autoplay: false, form: true, charts: true });
  const texts = new URLSearchParams(new URL(address).hash.slice(1));
  assert.equal(writeConfig(readConfig(texts).config), ASKED);
  assert.deepEqual(['show', 'controls', 'autoplay'].map((it) => texts.get(it)), ['settings,charts', '0', '0']);
});

test('an address that nobody else can open is known', () => {
  for (const address of ['http://localhost:8080/', 'http://127.0.0.1/a/', 'http://[::1]:8000/', 'http://it.localhost/', 'file:///home/me/dist/']) {
    assert.ok(isOnlyHere(address), address);
  }
  for (const address of ['https://example.org/', 'http://192.168.1.5/', 'https://localhost.example.org/', 'https://127.example.org/']) {
    assert.ok(!isOnlyHere(address), address);
  }
});

test('nothing gets out of an attribute', () => {
  const base = 'https://example.org/"><script>alert(1)</script>&amp;/';
  for (const { format } of FORMATS.filter(({ format }) => format !== 'myst')) {
    const text = snippet(format, { ...wish, base });
    assert.ok(!text.includes('<script>alert'), format);
    assert.ok(text.includes('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;/'), format);
  }
});

test('what stands in for the figure says what the images are made for', () => {
  /** @type {[string, string][]} */
  const cases = [
    ['network=mlp&digit=8', 'An image becomes an 8 in the eyes of an MLP: live figure'],
    ['network=lenet5&objective=logit-minus-8&digit=3', 'An image becomes a 3 in the eyes of LeNet-5: live figure'],
    ['network=mlp&digit=0,0,0', 'Images become digits in the eyes of an MLP: live figure'],
    ['network=mlp,lenet5,robust&digit=all', 'Images become digits in the eyes of an MLP, LeNet-5 and Robust LeNet-5: live figure'],
    ['network=mlp&objective=neuron-fc1&digit=12', 'An image that activates neuron 12 of fc1 in an MLP: live figure'],
    ['network=lenet5&objective=channel-conv2&digit=8', 'An image that activates channel 8 of conv2 in LeNet-5: live figure'],
    ['network=lenet5&objective=channel-conv2-center&digit=8', 'An image that activates channel 8 of conv2 at the center in LeNet-5: live figure'],
    ['network=lenet5&objective=channel-conv1-at-0-7&digit=1,2', 'Images that activate channels 1 and 2 of conv1 at row 0, column 7 in LeNet-5: live figure'],
    ['network=mlp,lenet5&objective=neuron-fc1&digit=3,4,11', 'Images that activate neurons 3, 4 and 11 of fc1 in an MLP and LeNet-5: live figure'],
  ];
  for (const [address, words] of cases) {
    const asked = readConfig(new URLSearchParams(address)).config;
    for (const format of /** @type {const} */ (['element', 'iframe', 'myst'])) {
      const text = snippet(format, { ...wish, config: asked });
      assert.ok(text.includes(words), `${format}, ${address}: ${text}`);
    }
  }
});

const skip = lacking('firefox', 'Its driver cannot turn scripts off.');

/** What a book makes of a raw block. @param {string} text */
const raw = (text) => text.replace(/^```.*$/gm, '');

/** @type {[string, Format, (text: string) => string][]} */
const PAGES = [
  ['a page', 'element', pageOf],
  ['Quarto, between its fences,', 'quarto', (text) => pageOf(raw(text))],
  ['Jupyter Book, between its fences,', 'jupyter', (text) => pageOf(raw(text))],
  ['Marp, in a slide as it makes them,', 'marp', (text) => pageOf(`<svg viewBox="0 0 1280 720"><foreignObject width="1280" height="720"><section>${text}</section></foreignObject></svg>`)],
  [
    'a deck of reveal.js as it comes',
    'reveal',
    (text) => {
      const [head, slide] = text.split(/<!-- a slide.*-->/);
      return pageOf(
        `<div class="reveal"><div class="slides"><section>One</section>${slide}</div></div>
         <script type="module">
           import Reveal from './vendor/reveal/reveal.mjs';
           window.deck = new Reveal();
           await window.deck.initialize();
           window.deck.next();
         </script>`,
        `<link rel="stylesheet" href="vendor/reveal/reveal.css">${head}`,
      );
    },
  ],
];

describe('what is written runs', () => {
  for (const [index, [where, format, page]] of PAGES.entries()) {
    test(`in ${where}`, async () => {
      world.pages[`/page-${index}.html`] = page(snippet(format, wish));
      const tab = await world.visit(`page-${index}.html`);
      await reached(tab.page, 'activation-maximization', 'done');
      assert.equal(await figure(tab.page, 'activation-maximization', (it) => it.iteration), 40);
      assert.deepEqual(
        await figure(tab.page, 'activation-maximization', (it) => it.settings),
        JSON.parse(JSON.stringify(config)),
      );
      if (format === 'reveal') {
        const { top, bottom } = await figure(tab.page, 'activation-maximization', (it) => it.getBoundingClientRect().toJSON());
        assert.ok(top >= 0 && bottom <= 720, `from ${top} to ${bottom}`);
      }
      await tab.close();
    });
  }

  test('in a page, as a frame that gets its height', async () => {
    world.pages['/frame.html'] = pageOf(snippet('iframe', wish));
    const { page, close } = await world.visit('frame.html');
    const frame = await frameOf(page, 'embed.html');
    await reached(frame, 'activation-maximization', 'done');
    const high = await frame.$eval('body', (/** @type {any} */ it) => Math.ceil(it.getBoundingClientRect().height));
    assert.equal(await page.$eval('iframe', (it) => it.style.height), `${high}px`);
    await close();
  });

  test('on another server', async () => {
    const other = await traveling({ '/there.html': pageOf(snippet('element', wish)) });
    const { page, close } = await other.visit('there.html');
    await reached(page, 'activation-maximization', 'done');
    await close();
    await other.close();
  });

  for (const digits of [[3], [3, 8]]) {
    test(`and where no script runs, there is a picture’s place with a link: ${digits}`, { skip }, async () => {
      const asked = { ...wish, config: { ...config, digits } };
      world.pages['/without.html'] = pageOf(snippet('element', asked));
      const { page, close } = await world.visit('without.html', (page) => page.setJavaScriptEnabled(false));
      const { width, height } = await figure(page, 'activation-maximization', (it) => it.getBoundingClientRect().toJSON());
      assert.equal(width, height);
      assert.equal(width, 416); // As its picture would be, not as the page.
      const link = await page.$eval('activation-maximization > a', (it) => ({ href: it.href, seen: it.checkVisibility() }));
      assert.deepEqual(link, { href: `${world.url}#${writeConfig(asked.config)}`, seen: true });
      await close();
    });
  }

  test('where the script is late, the room that the figure will take is kept', async () => {
    const asked = { ...wish, config: { ...config, digits: [3] } };
    world.pages['/late.html'] = pageOf(`${snippet('element', asked).replace(/<script.*<\/script>/, '')}<p>Below.</p>`);
    const { page, close } = await world.visit('late.html');
    const below = () => page.$eval('p', (it) => it.getBoundingClientRect().top);
    const before = await below();
    await page.addScriptTag({ type: 'module', url: 'activation-maximization.js' });
    await reached(page, 'activation-maximization', 'done');
    const moved = (await below()) - before;
    assert.ok(Math.abs(moved) <= 1, `what is below moved by ${moved} pixels`);
    await close();
  });
});

test('the dialog writes it for the figure as it is, and copies it', async () => {
  world.pages['/dialog.html'] = pageOf(
    '<activation-maximization id="it" digit="4" autoplay pace="full"></activation-maximization>',
    `<link rel="stylesheet" href="src/figure/base.css"><link rel="stylesheet" href="src/page/share-dialog.css">
     <script type="module">
       import './activation-maximization.js';
       import { ShareDialog } from './src/page/share-dialog.js';
       const dialog = new ShareDialog();
       document.body.append(dialog.element);
       document.getElementById('it').setAttribute('seed', '9');
       dialog.open(document.getElementById('it'));
     </script>`,
  );
  const { page, close } = await world.visit('dialog.html');
  await page.waitForSelector('dialog[open]');
  const text = () => page.$eval('dialog textarea', (it) => it.value);
  for (const { format } of FORMATS) {
    await page.$eval(`dialog input[value="${format}"]`, (it) => it.click());
    await page.$eval('dialog input[value="charts"]', (it) => it.click());
    const parts = (await page.$eval('dialog input[value="charts"]', (it) => it.checked)) ? 'charts' : '';
    const { config: shown } = readConfig(new URLSearchParams('digit=4&seed=9&pace=full'));
    const on = { base: world.url, config: shown, controls: true, autoplay: true, form: false };
    assert.equal(await text(), snippet(format, { ...on, charts: parts !== '' }));
  }
  await page.click('dialog button.primary');
  await page.waitForFunction(() => /^Copied\.|It is selected/.test(document.querySelector('dialog .said')?.textContent ?? ''));
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog:not([open])');
  await close();
});
