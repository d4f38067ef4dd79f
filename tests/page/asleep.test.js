// @ts-check
// What nobody sees, nobody computes: however a figure is hidden, there is no frame, no work for the
// GPU and no iteration until it is seen again; then the same run goes on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { MODULES } from './browser.js';
import { counted, look, one, past, workDuring, workOf } from './asleep.js';
import { figure } from './figure.js';
import { few, pairs, rare } from './nightly.js';
import { frameOf, pageOf, traveling, wait } from './travel.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('puppeteer-core').Frame} Frame */

/** Milliseconds that a figure stays hidden. */
const HIDDEN = 1000;
/** Milliseconds after which a frame that was under way is over, on a software adapter. */
const SETTLED = 1000;
/**
 * No observer tells when a style no longer hides a figure: it looks, four times a second. Twice that,
 * because a busy machine takes longer than it is asked to.
 */
const LOOKS = (8 * HIDDEN) / 1000;

const FRAMED = pageOf(
  `<div id="around"><iframe src="embed.html?backend=cpu#digit=3&steps=5000&pace=slow" width="640" height="600"></iframe></div>
   <div style="height: 400vh"></div>`,
);

const DECK = pageOf(
  `<div class="reveal"><div class="slides">
     <section><activation-maximization id="one" digit="3" steps="5000" pace="slow" autoplay style="--actmax-image: 15rem">
     </activation-maximization></section><section>Two</section></div></div>
   <script type="module">
     import Reveal from './vendor/reveal/reveal.mjs';
     window.deck = new Reveal({ transition: 'fade' });
     await deck.initialize();
   </script>`,
  `<link rel="stylesheet" href="vendor/reveal/reveal.css">
   <script type="module" src="activation-maximization.js"></script>`,
);

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  world = await traveling({
    '/cpu.html': one('cpu'),
    '/webgpu.html': one('webgpu'),
    '/framed.html': FRAMED,
    '/deck.html': DECK,
    '/elsewhere.html': pageOf('Elsewhere'),
  }, MODULES);
});
after(() => world.close());

/**
 * A way to hide a figure, and to show it again.
 *
 * @typedef {object} Way
 * @property {(page: Page) => Promise<unknown>} hide
 * @property {(page: Page) => Promise<unknown>} show
 * @property {number} [timers] How many may go off meanwhile; none, if nothing else.
 */
/** @type {Record<string, Way>} */
const WAYS = {
  'scrolled away': {
    hide: (page) => page.evaluate(() => scrollTo(0, 3 * innerHeight)),
    show: (page) => page.evaluate(() => scrollTo(0, 0)),
  },
  'in something that is not displayed': {
    hide: (page) => style(page, 'display: none'),
    show: (page) => style(page, ''),
  },
  'in something invisible': {
    hide: (page) => style(page, 'visibility: hidden'),
    show: (page) => style(page, ''),
    timers: LOOKS,
  },
  'in something transparent': {
    hide: (page) => style(page, 'opacity: 0'),
    show: (page) => style(page, ''),
    timers: LOOKS,
  },
  'in a tab behind another': { hide: behind, show: inFront },
  'in a tab that the browser has frozen': {
    hide: async (page) => {
      await behind(page);
      await lifecycle(page, 'frozen');
    },
    show: async (page) => {
      await lifecycle(page, 'active');
      await inFront(page);
    },
  },
};

/** @param {Page} page @param {string} text */
function style(page, text) {
  return page.$eval('#around', (it, text) => it.setAttribute('style', text), text);
}

/** Opens another tab in front. @param {Page} page */
async function behind(page) {
  const other = await page.browser().newPage();
  await other.bringToFront();
}

/** Closes what is in front. @param {Page} page */
async function inFront(page) {
  await page.bringToFront();
  for (const other of await page.browser().pages()) {
    if (other !== page) {
      await other.close();
    }
  }
}

/** @param {Page} page @param {'frozen' | 'active'} state */
async function lifecycle(page, state) {
  const client = await page.createCDPSession();
  await client.send('Page.setWebLifecycleState', { state });
  await client.detach();
}

/**
 * Nothing is done while a figure is hidden, and its run goes on when it is shown again.
 *
 * @param {Page | Frame} page That the figure is in.
 * @param {Way} way
 * @param {Page} around The tab.
 */
async function sleeps(page, { hide, show, timers: most = 0 }, around) {
  await past(page);
  await look(page);
  await hide(around);
  let hidden;
  try {
    await wait(SETTLED);
    hidden = await look(page);
    assert.equal(hidden.state, 'paused');
    const { timers, ...work } = await workDuring(page, () => wait(HIDDEN));
    assert.deepEqual(work, { frames: 0, submissions: 0, steps: 0 });
    assert.ok(timers <= most, `${timers} timers`);
    assert.deepEqual(await look(page), hidden);
  } finally {
    await show(around); // The next way begins with a figure on show.
  }
  await past(page, hidden.iteration);
  assert.equal((await look(page)).same, true);
}

for (const backend of /** @type {const} */ (['cpu', 'webgpu'])) {
  describe(`on ${backend}, no work for a figure`, () => {
    /** @type {Awaited<ReturnType<typeof counted>>} */
    let tab;
    before(async () => {
      tab = await counted(world, `${backend}.html`);
    });
    after(() => tab.close());

    test('but it is counted while it is seen', async () => {
      await past(tab.page);
      const { frames, steps, submissions } = await workOf(tab.page);
      assert.ok(frames > 0 && steps > 0, `${frames} frames, ${steps} steps`);
      assert.equal(submissions > 0, backend === 'webgpu');
    });

    for (const [[name, way]] of pairs(Object.entries(WAYS), ['cpu', 'webgpu']).filter(([, on]) => on === backend)) {
      test(name, () => sleeps(tab.page, way, tab.page));
    }

    test('in the back/forward cache', { skip: backend === 'webgpu' && rare }, async () => {
      const { page } = tab;
      await past(page);
      await page.evaluate(() => {
        const it = /** @type {any} */ (window);
        document.addEventListener('freeze', () => (it.frozen = { ...it.work }));
        document.addEventListener('resume', () => (it.resumed = { ...it.work }));
        addEventListener('pageshow', ({ persisted }) => (it.persisted = persisted));
      });
      const { iteration } = await look(page);
      await page.goto(`${world.url}elsewhere.html`);
      await wait(HIDDEN);
      await page.goBack();
      const { persisted, frozen, resumed } = await page.evaluate(() => {
        const { persisted, frozen, resumed } = /** @type {any} */ (window);
        return { persisted, frozen, resumed };
      });
      assert.equal(persisted, true);
      // What had been asked for before may come after.
      const come = resumed.steps - frozen.steps;
      assert.ok(come <= 1, `${come} steps`);
      assert.deepEqual({ ...resumed, steps: frozen.steps }, frozen);
      await past(page, iteration);
      assert.equal((await look(page)).same, true);
    });
  });
}

test('a GPU that is lost in the back/forward cache is a run that goes on', async () => {
  const prepare = () => {
    const request = globalThis.GPUAdapter?.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      const device = await request.apply(this, given);
      addEventListener('pagehide', () => device.destroy());
      addEventListener('pageshow', ({ persisted }) => (/** @type {any} */ (window).persisted = persisted));
      return device;
    };
  };
  const { page, close } = await world.visit('webgpu.html', (tab) => tab.evaluateOnNewDocument(prepare));
  await past(page);
  const { iteration } = await look(page);
  await page.goto(`${world.url}elsewhere.html`);
  await wait(500);
  await page.goBack();
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).persisted), true);
  await past(page, iteration + 10);
  assert.equal((await look(page)).same, true);
  assert.equal(await figure(page, '#one', (it) => it.experiment.networkResults[0].run.backend), 'cpu');
  await close();
});

test('no work for a figure on a slide that has left', async () => {
  const { page, close } = await counted(world, 'deck.html');
  const turn = (/** @type {'next' | 'prev'} */ way) => (/** @type {Page} */ page) =>
    page.evaluate((way) => /** @type {any} */ (window).deck[way](), way);
  // reveal.js has timers of its own.
  await sleeps(page, { hide: turn('next'), show: turn('prev'), timers: Infinity }, page);
  await close();
});

test('no work for a figure in a frame', async () => {
  const { page, close } = await counted(world, 'framed.html');
  const frame = await frameOf(page, 'embed.html');
  for (const name of few(['scrolled away', 'in something that is not displayed', 'in a tab behind another'], 1)) {
    await sleeps(frame, WAYS[name], page);
  }
  await close();
});

