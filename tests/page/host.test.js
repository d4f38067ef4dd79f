// @ts-check
// The element in other people's pages, whose styles are for other things: what they say does not
// reach into a figure, and a figure can be read on whatever it stands on.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { contrast, judge, luminance } from '../../www/src/figure/backdrop.ts';
import { figureStyle } from '../build/figure-styles.js';
import { TIMEOUT } from './figure.js';
import { builtFile } from './browser.js';
import { few } from './nightly.js';
import { pageOf, traveling } from './travel.js';

const SCRIPT = '<script type="module" src="./activation-maximization.js"></script>';

/** @param {string} [more] Attributes. */
const figure = (more = 'show="all" controls') =>
  `<activation-maximization steps="20" pace="full" autoplay loading="eager" ${more}></activation-maximization>`;

/** @param {string} style @param {string} [body] */
const styled = (style, body = figure()) => pageOf(body, `<style>${style}</style>${SCRIPT}`);

/** What texts stand on, where it is the page's, as sRGB of 0 to 255. */
const BACKDROPS = {
  // reveal.js's black theme, which says nothing of a scheme.
  'black.html': { page: styled('body { background: #191919; color: #fff }'), behind: [25, 25, 25] },
  // Tailwind 4: a class on the root, colors in a wide space.
  'tailwind.html': {
    page: styled('.dark body { background: oklch(0.21 0.034 264.665); color: oklch(0.928 0.006 264.531) }').replace(
      '<html',
      '<html class="dark"',
    ),
    behind: [16, 24, 40],
  },
  // A slide's background lies beside the slide, which is on white otherwise.
  'beside.html': {
    page: styled(
      '.back { position: fixed; inset: 0; background: #102030; z-index: -1 } section { color: #fff }',
      `<div class="back"></div><section>${figure()}</section>`,
    ),
    behind: [16, 32, 48],
  },
  // And the other way round.
  'light-slide.html': {
    page: styled(
      'body { background: #191919; color: #fff } .back { position: absolute; inset: 0; background: #fff } section { position: relative; color: #222 }',
      `<div class="back"></div><section>${figure()}</section>`,
    ),
    behind: [255, 255, 255],
  },
  'gradient.html': {
    page: styled('body { background: #2b2b2b radial-gradient(#555a5f, #555a5f); color: #eee }'),
    behind: [85, 90, 95],
  },
  'picture.html': {
    page: styled('body { background: linear-gradient(#223, #223); color: #ddd }'),
    behind: [34, 34, 51],
  },
  'gray.html': { page: styled('body { background: #808080; color: #000 }'), behind: [128, 128, 128] },
  'veil.html': {
    page: styled('body { background: #000; color: #eee } main { background: rgb(255 255 255 / 10%) }', `<main>${figure()}</main>`),
    behind: [26, 26, 26],
  },
  'red.html': {
    page: styled('* { color: red; font-family: serif }'),
    behind: [255, 255, 255],
  },
  'pale.html': { page: styled('body { color: #aaa }'), behind: [255, 255, 255] },
  'scheme.html': { page: styled(':root { color-scheme: dark }'), behind: [18, 18, 18] },
};

const LEAKS = {
  'plain.html': pageOf(figure(), SCRIPT),
  'rem.html': styled('html { font-size: 62.5% }'),
  'names.html': styled(
    ':root, body, * { --image: 28px; --columns: 3; --gap: 0px; --ink: red; --line: 1.5; --field: red; --radius: 50%; --across: 1; --all: 1; --key: red }',
  ),
  'rtl.html': styled('').replace('<html lang="en"', '<html lang="ar" dir="rtl"'),
  'reset.html': styled(
    `* { font: 9px/3 serif; color: red; letter-spacing: 0.3em; text-align: right; text-transform: uppercase;
     white-space: pre; word-spacing: 1em; text-indent: 4em; writing-mode: vertical-rl; text-shadow: 0 0 3px red;
     font-variant: small-caps; hyphens: auto; text-decoration: underline }`,
  ),
};

const WIDTHS = {
  'dialog.html': styled('', `<dialog open>${figure()}</dialog>`),
  'row.html': styled('', `<div style="display: flex; align-items: center">${figure()}${figure()}</div>`),
  'narrow-row.html': styled('', `<div style="display: flex; width: 500px">${figure()}${figure()}</div>`),
  'float.html': styled('', `<div style="float: left">${figure()}</div>`),
  'grid.html': styled(
    '',
    `<div style="display: grid; grid-template-columns: 200px 1fr"><div>${figure()}</div><div>Text</div></div>`,
  ),
  'cell.html': styled('', `<table><tr><td style="width: 200px">${figure('show="all" controls digit="all"')}</td></tr></table>`),
};

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  const grounds = Object.fromEntries(Object.entries(BACKDROPS).map(([name, { page }]) => [`/${name}`, page]));
  const others = Object.fromEntries(Object.entries({ ...LEAKS, ...WIDTHS }).map(([name, page]) => [`/${name}`, page]));
  world = await traveling({ ...grounds, ...others });
});
after(() => world.close());

/** @param {string} name */
async function shown(name) {
  const visit = await world.visit(name);
  await visit.page.waitForFunction(
    () =>
      [...document.querySelectorAll('activation-maximization')].every((it) => /** @type {any} */ (it).state === 'done'),
    { timeout: TIMEOUT },
  );
  return visit;
}

/**
 * The texts of a figure, each with its color and the nearest background that is the figure's own.
 *
 * @param {import('puppeteer-core').Page} page
 * @returns {Promise<{ text: string, color: number[], behind: number[] | null, size: number }[]>}
 */
function textsOf(page) {
  return page.evaluate(() => {
    const root = /** @type {ShadowRoot} */ (document.querySelector('activation-maximization')?.shadowRoot);
    const context = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d', { willReadFrequently: true }));
    const rgba = (/** @type {string} */ color) => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data];
    };
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = /** @type {HTMLElement} */ (walker.currentNode.parentElement);
      const text = (walker.currentNode.textContent ?? '').trim();
      const seen = element.checkVisibility() && element.getBoundingClientRect().width > 1;
      if (text === '' || !seen || element.matches('style, option')) {
        continue;
      }
      let behind = null;
      for (let it = /** @type {HTMLElement | null} */ (element); it && !behind; it = it.parentElement) {
        const color = rgba(getComputedStyle(it).backgroundColor);
        behind = color[3] === 255 ? color : null;
      }
      const { color, fontSize } = getComputedStyle(element);
      found.push({ text, color: rgba(color), behind, size: Number.parseFloat(fontSize) });
    }
    return found;
  });
}

/** @param {number[]} rgb */
const light = ([red, green, blue]) => luminance([red / 255, green / 255, blue / 255, 1]);

/** @param {import('puppeteer-core').Page} page @param {number[]} behind What is behind the figure. */
async function illegible(page, behind) {
  const texts = await textsOf(page);
  assert.ok(texts.length > 60, `only ${texts.length} texts`);
  return texts
    .map((it) => ({ ...it, contrast: contrast(light(it.color), light(it.behind ?? behind)) }))
    .filter((it) => it.contrast < 4.5)
    .map((it) => `${it.text}: ${it.contrast.toFixed(1)}`);
}

for (const [name, { behind }] of few(Object.entries(BACKDROPS), 6)) {
  test(`every text can be read on ${name}`, async () => {
    const { page, close } = await shown(name);
    assert.deepEqual(await illegible(page, behind), []);
    await close();
  });
}

/** The most that anything on a chart stands out from its card. @param {import('puppeteer-core').Page} page */
async function contrastOfChart(page) {
  const { surface, pixels } = await page.evaluate(() => {
    const root = /** @type {ShadowRoot} */ (document.querySelector('activation-maximization')?.shadowRoot);
    const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector('.uplot canvas'));
    const copy = document.createElement('canvas');
    const { height } = Object.assign(copy, { width: 52, height: canvas.height });
    const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext('2d', { willReadFrequently: true }));
    context.drawImage(canvas, 0, 0); // The numbers beside the axis of the losses, and nothing else.
    const { data } = context.getImageData(0, 0, 52, height);
    const card = /** @type {HTMLElement} */ (canvas.closest('.card'));
    return { surface: getComputedStyle(card).backgroundColor.match(/\d+/g)?.map(Number) ?? [], pixels: [...data] };
  });
  let most = 1;
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3] / 255;
    const mixed = surface.map((it, part) => alpha * pixels[at + part] + (1 - alpha) * it);
    most = Math.max(most, contrast(light(mixed), light(surface)));
  }
  return most;
}

test('a page that turns dark takes its figures along, charts too', async () => {
  const { page, close } = await shown('plain.html');
  assert.ok((await contrastOfChart(page)) > 4, `${await contrastOfChart(page)}`);
  await page.addStyleTag({ content: '.dark { background: #111; color: #eee }' });
  await page.evaluate(() => document.body.classList.add('dark'));
  await page.waitForFunction(
    () => document.querySelector('activation-maximization')?.shadowRoot?.querySelector('[data-scheme="dark"]'),
    { timeout: TIMEOUT },
  );
  assert.deepEqual(await illegible(page, [17, 17, 17]), []);
  assert.ok((await contrastOfChart(page)) > 4, `${await contrastOfChart(page)}`);
  await page.evaluate(() => document.body.classList.remove('dark'));
  await page.waitForFunction(
    () => document.querySelector('activation-maximization')?.shadowRoot?.querySelector('[data-scheme="light"]'),
    { timeout: TIMEOUT },
  );
  assert.deepEqual(await illegible(page, [255, 255, 255]), []);
  await close();
});

test('what is behind a figure is judged by what the page’s text can be read on', () => {
  /** @type {[red: number, green: number, blue: number, alpha: number]} */
  const white = [1, 1, 1, 1];
  /** @type {typeof white} */
  const black = [0, 0, 0, 1];
  /** @type {typeof white} */
  const none = [0, 0, 0, 0];
  assert.deepEqual(judge(black, [{ color: none, image: false }], white), { dark: false, luminance: 1 });
  assert.deepEqual(judge(white, [{ color: black, image: false }], white), { dark: true, luminance: 0 });
  assert.deepEqual(judge(white, [{ color: white, image: false }], white), { dark: true, luminance: undefined });
  assert.deepEqual(judge(white, [{ color: none, image: true }], black), { dark: true, luminance: undefined });
  assert.deepEqual(judge(white, [{ color: black, image: true }], white), { dark: true, luminance: undefined });
  // What is behind an opaque background is not seen.
  assert.deepEqual(
    judge(black, [{ color: white, image: false }, { color: black, image: true }], black),
    { dark: false, luminance: 1 },
  );
  const veiled = judge(white, [{ color: [1, 1, 1, 0.5], image: false }, { color: black, image: false }], white);
  assert.equal(veiled.dark, false); // Half white over black is middle gray: 0.21.
});

/** What a figure looks like, as far as it can be said in numbers. @param {import('puppeteer-core').Page} page */
function looks(page) {
  return page.evaluate(() => {
    const host = /** @type {HTMLElement} */ (document.querySelector('activation-maximization'));
    const root = /** @type {ShadowRoot} */ (host.shadowRoot);
    const left = host.getBoundingClientRect().left;
    const boxes = ['.image canvas', '.ramp', '.readings', '.transport', '.segments.digit', '.card .chart', '.bar .track'];
    const texts = ['.readings dd', '.scale', '.iteration', 'button.run', '.card .title', '.field .label', 'select', '.bar'];
    const styles = ['color', 'font-family', 'font-size', 'letter-spacing', 'text-align', 'text-transform', 'white-space',
      'word-spacing', 'text-indent', 'direction', 'writing-mode', 'text-shadow', 'line-height', 'font-variant-caps'];
    return {
      boxes: boxes.map((selector) => {
        const { x, width, height } = /** @type {Element} */ (root.querySelector(selector)).getBoundingClientRect();
        return [selector, x - left, width, height].map((it) => (typeof it === 'number' ? Math.round(it) : it)).join(' ');
      }),
      texts: texts.map((selector) => {
        const style = getComputedStyle(/** @type {Element} */ (root.querySelector(selector)));
        return [selector, ...styles.map((name) => style.getPropertyValue(name))].join(' ');
      }),
      language: root.querySelector('.readings')?.closest('[lang]')?.getAttribute('lang'),
    };
  });
}

/** How a figure looks in a page, at a width that is the same in all of them. @param {string} name */
async function looksIn(name) {
  const { page, close } = await shown(name);
  await page.addStyleTag({
    content: `html, body { margin: 0 !important; writing-mode: horizontal-tb !important }
      activation-maximization { display: block !important; width: 1200px !important; font-size: 16px !important; writing-mode: horizontal-tb !important }`,
  });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const found = await looks(page);
  await close();
  return found;
}

for (const name of Object.keys(LEAKS).filter((it) => it !== 'plain.html')) {
  test(`the styles of ${name} do not reach into a figure`, async () => {
    assert.deepEqual(await looksIn(name), await looksIn('plain.html'));
  });
}

test('where the page makes all text tiny, a figure’s can be read', async () => {
  const { page, close } = await shown('reset.html');
  const sizes = (await textsOf(page)).map(({ size }) => size);
  assert.ok(Math.min(...sizes) >= 10, `${Math.min(...sizes)} px`);
  await close();
});

test('a page’s rem is not the figure’s', async () => {
  for (const name of ['plain.html', 'rem.html']) {
    const { page, close } = await shown(name);
    const found = await page.evaluate(() => {
      const root = document.querySelector('activation-maximization')?.shadowRoot;
      const button = /** @type {HTMLElement} */ (root?.querySelector('button.run'));
      return [root?.querySelector('.image canvas')?.getBoundingClientRect().width, getComputedStyle(button).fontSize];
    });
    assert.deepEqual(found, [416, '16px'], name);
    await close();
  }
  assert.equal(
    figureStyle('.a { width: min(1rem, -0.5rem) } @container (min-width: 40rem) { .b1rem { margin: .5rem } }'),
    '.a { width: min(calc(1 * var(--actmax-rem)), calc(-0.5 * var(--actmax-rem))) } @container (min-width: 40em) { .b1rem { margin: calc(.5 * var(--actmax-rem)) } }',
  );
});

for (const name of Object.keys(WIDTHS)) {
  test(`it has a width and stays in it in ${name}`, async () => {
    const { page, close } = await shown(name);
    const found = await page.evaluate(() =>
      [...document.querySelectorAll('activation-maximization')].map((host) => {
        const { width, right } = host.getBoundingClientRect();
        const root = /** @type {ShadowRoot} */ (host.shadowRoot);
        // A table that is wider scrolls in its card, and what is for screen readers takes no room.
        const inner = [...root.querySelectorAll('*')].filter((it) => !it.closest('.uplot, .sideways, .visually-hidden'));
        const beyond = inner.filter(
          (it) => it.getBoundingClientRect().right > right + 1 && it.getBoundingClientRect().width > 0,
        );
        return { width, beyond: beyond.map((it) => `${it.tagName}.${it.className}`) };
      }),
    );
    for (const { width, beyond } of found) {
      const [least, most] = name.includes('cell') || name.includes('grid') ? [190, 210] : [200, 520];
      assert.ok(width >= least && width <= most, `${width} px wide`);
      assert.deepEqual(beyond, []);
    }
    await close();
  });
}

test('its styles come with its modules: no style sheet is asked for', async () => {
  /** @type {string[]} */
  const asked = [];
  const { page, close } = await world.visit('plain.html', async (tab) => {
    tab.on('request', (request) => asked.push(new URL(request.url()).pathname));
  });
  await page.waitForFunction(
    () => /** @type {any} */ (document.querySelector('activation-maximization')).state === 'done',
    { timeout: TIMEOUT },
  );
  assert.deepEqual(asked.filter((it) => it.endsWith('.css')), []);
  await close();
  assert.match(readFileSync(builtFile('/assets/figure.js'), 'utf8'), /\.uplot\b/);
});
