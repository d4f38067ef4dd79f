// @ts-check
// The element as scripts and frameworks use it: its properties, and when it begins to play.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';

import { propertyOf } from '../../www/src/figure/properties.ts';
import { SITE, lacking } from './browser.js';
import { TIMEOUT, figure, reached, shadow } from './figure.js';
import { pageOf, traveling, wait } from './travel.js';

const ELEMENT = '<script type="module" src="./activation-maximization.js"></script>';
const ONE = '#one';

/** @type {Awaited<ReturnType<typeof traveling>>} */
let world;
before(async () => {
  world = await traveling({
    '/empty.html': pageOf('', ELEMENT),
    '/without.html': pageOf('<activation-maximization id="one"></activation-maximization>'),
    '/target.html': pageOf(
      '<activation-maximization id="one" target="0.8" steps="20" controls show="target"></activation-maximization>',
      ELEMENT,
    ),
    '/held.html': pageOf(
      '<activation-maximization id="one" steps="20" pace="full" controls></activation-maximization>',
      ELEMENT,
    ),
    '/contents.html': pageOf(
      '<activation-maximization id="one" style="display: contents" steps="20" pace="full" autoplay></activation-maximization>',
      ELEMENT,
    ),
    '/far.html': pageOf(
      `<div style="height: 300vh"></div>
       <activation-maximization id="one" steps="20" pace="full" autoplay></activation-maximization>`,
      ELEMENT,
    ),
    // Another address is another module, as a copy on another server would be.
    '/twice.html': pageOf(
      '<activation-maximization id="one" steps="20" pace="full" autoplay></activation-maximization>',
      `${ELEMENT}<script type="module" src="./activation-maximization.js?copy"></script>`,
    ),
  });
});
after(() => world.close());

/** The attributes that the table of www/README.md names, and what the row says of each. */
function documented() {
  const readme = readFileSync(new URL('../../www/README.md', import.meta.url), 'utf8');
  const table = readme.slice(readme.indexOf('| attribute |'), readme.indexOf('It has the events'));
  const names = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) => cell.match(/[\w-]+/g) ?? []);
  assert.ok(names.length > 25, String(names));
  return names;
}

/** @param {import('puppeteer-core').Page} page Makes an element there that is in no document. */
async function detached(page) {
  await page.waitForFunction(() => customElements.get('activation-maximization') !== undefined);
  await page.evaluate(() => {
    /** @type {any} */ (window).it = document.createElement('activation-maximization');
  });
}

test('there is a property for each attribute, and it reflects it', async () => {
  const { page, close } = await world.visit('empty.html');
  await detached(page);
  const { lacks, replaced } = await page.evaluate((names) => {
    const it = /** @type {any} */ (window).it;
    return {
      lacks: names.filter((name) => !(name in Object.getPrototypeOf(it))),
      replaced: names.filter((name) => name in HTMLElement.prototype), // As blur() would be.
    };
  }, documented().map(propertyOf));
  assert.deepEqual({ lacks, replaced }, { lacks: [], replaced: [] });
  /** @type {[name: string, value: unknown, attribute: string | null, read: unknown][]} */
  const cases = [
    ['network', 'lenet5', 'lenet5', 'lenet5'],
    ['network', ['mlp', 'lenet5'], 'mlp,lenet5', 'mlp,lenet5'],
    ['digit', 7, '7', [7]],
    ['digit', 0, '0', [0]],
    ['digit', [3, 8], '3,8', [3, 8]],
    ['digit', 'all', 'all', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['target', 0.4, '0.4', 0.4],
    ['rate', 0.01, '0.01', 0.01],
    ['optimizer', 'sgd', 'sgd', 'sgd'],
    ['noise-std', 0.2, '0.2', 0.2],
    ['gradient-blur', 1.5, '1.5', 1.5],
    ['colors', 'diverging', 'diverging', 'diverging'],
    ['color-scale', 'fixed', 'fixed', 'fixed'],
    ['log', true, '', true],
    ['log', false, null, false],
    ['row', 0, '0', 0],
    ['controls', true, '', true],
    ['controls', false, null, false],
    ['autoplay', true, '', true],
    ['autoplay', false, null, false],
    ['present', true, '', true],
    ['present', false, null, false],
    ['show', 'loss bars', 'loss bars', 'loss bars'],
    ['show', ['loss', 'bars'], 'loss,bars', 'loss,bars'],
    ['hide', 'scale', 'scale', 'scale'],
    ['loading', 'eager', 'eager', 'eager'],
    ['loading', 'lazy', 'lazy', 'lazy'],
  ];
  for (const [name, value, attribute, read] of cases) {
    const found = await page.evaluate(
      (attribute, property, given) => {
        const it = /** @type {any} */ (window).it;
        it.digit = 'all'; // There is an image for each row.
        it[property] = given;
        return { attribute: it.getAttribute(attribute), read: it[property] };
      },
      name,
      propertyOf(name),
      value,
    );
    assert.deepEqual(found, { attribute, read }, `${name} = ${JSON.stringify(value)}`);
  }
  await close();
});

test('what is set to nothing is not set', async () => {
  const { page, close } = await world.visit('empty.html');
  await detached(page);
  const names = documented().map((it) => [it, propertyOf(it)]);
  for (const nothing of ['undefined', 'null', "''"]) {
    const left = await page.evaluate(
      (names, text) => {
        const it = /** @type {any} */ (window).it;
        const before = JSON.stringify(it.settings);
        for (const [attribute, property] of names) {
          it.setAttribute(attribute, '1');
          it[property] = text === 'undefined' ? undefined : text === 'null' ? null : '';
        }
        return { attributes: it.getAttributeNames(), same: JSON.stringify(it.settings) === before };
      },
      names,
      nothing,
    );
    assert.deepEqual(left, { attributes: [], same: true }, nothing);
  }
  await close();
});

test('settings can be set in part, and what is left out is the lab’s', async () => {
  const { page, close } = await world.visit('empty.html');
  await detached(page);
  const found = await page.evaluate(() => {
    const it = /** @type {any} */ (window).it;
    it.setAttribute('target', '0.8');
    it.seed = 9;
    it.settings = { digits: [7], target: 0.6, steps: undefined, rate: null };
    const some = it.getAttributeNames().map((/** @type {string} */ name) => `${name}=${it.getAttribute(name)}`);
    it.settings = undefined;
    return { some: some.sort(), none: it.getAttributeNames() };
  });
  assert.deepEqual(found, { some: ['digit=7', 'target=0.6'], none: [] });
  await close();
});

test('settings that are none are refused in words, and change nothing', async () => {
  const { page, close } = await world.visit('empty.html');
  await detached(page);
  const names =
    'network, objective, digits, target, steps, seed, rate, optimizer, noiseStd, start, parameterization, path, l1, l2, tv, distance, density, ' +
    'diversity, jitter, rotation, scale, gradientBlur, pace, colors, colorScale, log, at, row';
  const must = 'They must be an object like { digits: [3], steps: 80 }.';
  /** @type {[string, string][]} */
  const cases = [
    ["'digit=7'", `The settings are "digit=7". ${must}`],
    ['[3]', `The settings are a list. ${must}`],
    ['7', `The settings are 7. ${must}`],
    ['() => {}', `The settings are a function. ${must}`],
    ['({ digit: 7 })', `There is no setting "digit". There are: ${names}.`],
    ['({ digits: [7], p: 0.5 })', `There is no setting "p". There are: ${names}.`],
  ];
  for (const [text, words] of cases) {
    const found = await page.evaluate((it) => {
      const element = /** @type {any} */ (window).it;
      element.seed = 9;
      try {
        element.settings = (0, eval)(it);
        return 'was taken';
      } catch (error) {
        const { name, message } = /** @type {Error} */ (error);
        return [name, message, ...element.getAttributeNames()];
      }
    }, text);
    assert.deepEqual(found, ['RangeError', words, 'seed'], text);
  }
  // One digit is a list of one, and all of them have a name.
  for (const [digits, text] of /** @type {const} */ ([[7, '7'], ['3,8', '3,8'], ['all', 'all'], [[0, 0], '0,0']])) {
    const found = await page.evaluate((it) => {
      const element = /** @type {any} */ (window).it;
      element.settings = { digits: it };
      return element.getAttribute('digit');
    }, /** @type {any} */ (digits));
    assert.equal(found, text);
  }
  await close();
});

test('whoever changes what they were told of the settings changes no figure', async () => {
  const { page, close } = await world.visit('held.html');
  await detached(page);
  const { others, ends, said } = await page.evaluate(async () => {
    const one = /** @type {any} */ (document.getElementById('one'));
    /** @param {string} type @param {() => void} act */
    const after = (type, act) => new Promise((resolve) => {
      one.addEventListener(type, resolve, { once: true });
      act();
    });
    for (const type of ['step', 'change', 'done']) {
      one.addEventListener(type, (/** @type {CustomEvent} */ { detail }) => detail.settings.digits.push(77));
    }
    await after('done', () => one.play());
    one.settings.digits.push(5);
    one.digit.push(6);
    const other = /** @type {any} */ (window).it;
    const others = [other.digit];
    other.digit = 'all';
    other.settings.digits.push(11);
    others.push(other.digit);
    await after('done', () => one.shadowRoot.querySelector('.run').click());
    const said = one.shadowRoot.querySelector('.figure > [role="status"]').textContent;
    return { others, ends: [one.digit, one.experiment.digits], said };
  });
  assert.deepEqual(others, [[3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
  assert.deepEqual(ends, [[3], [3]]);
  assert.match(said, /^20 iterations made\. The MLP gives the 3 \d+\.\d%\.$/);
  await close();
});

test('to seek nothing is to show the last iteration, and a step past the end is one', async () => {
  const { page, close } = await world.visit('held.html');
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('one')).experiment, { timeout: TIMEOUT });
  await figure(page, ONE, (it) => it.play());
  await reached(page, ONE, 'done');
  const words = () => shadow(page, ONE, '.iteration', (it) => it.textContent);
  for (const nothing of ['undefined', 'null', "''"]) {
    await page.evaluate((text) => {
      const one = /** @type {any} */ (document.getElementById('one'));
      one.seek(5);
      one.seek((0, eval)(text));
    }, nothing);
    await wait(200);
    assert.equal(await words(), 'Iteration 20 of 20', nothing);
    assert.equal(await shadow(page, ONE, '.message', (it) => it.textContent), '');
  }
  await figure(page, ONE, async (it) => {
    await it.step();
    await it.step();
  });
  await wait(200);
  assert.equal(await words(), 'Iteration 22 of 22');
  assert.equal(await shadow(page, ONE, '.timeline-slider', (it) => it.getAttribute('aria-valuetext')), 'iteration 22 of 22');
  await close();
});

test('it begins where its page gives it no box of its own', async () => {
  const { page, close } = await world.visit('contents.html');
  await reached(page, ONE, 'done');
  assert.equal(await figure(page, ONE, (it) => getComputedStyle(it).display), 'contents');
  await close();
});

test('the slider stays where it is put, and an attribute that is no setting changes nothing', async () => {
  const { page, close } = await world.visit('target.html');
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById('one')).experiment, { timeout: TIMEOUT });
  assert.equal(await figure(page, ONE, (it) => it.target), 0.8);
  const after = await shadow(page, ONE, '[name="target"]', async (slider) => {
    slider.value = '50';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { slider: slider.value, target: slider.getRootNode().host.target };
  });
  assert.deepEqual(after, { slider: '50', target: 0.5 });
  assert.equal(
    await figure(page, ONE, (it) => {
      it.setAttribute('p', '0.7'); // As it was called once.
      return it.target;
    }),
    0.5,
  );
  await close();
});

test('properties that were set before the script arrived are taken over', async () => {
  const { page, close } = await world.visit('without.html');
  await page.evaluate(() => {
    const it = /** @type {any} */ (document.getElementById('one'));
    it.settings = { digits: [4], seed: 5 };
    it.digit = 7;
    it.controls = true;
    it.hide = null;
    it.steps = 20;
  });
  const found = await page.evaluate(async () => {
    const it = /** @type {any} */ (document.getElementById('one'));
    await import(`${location.origin}/activation-maximization.js`);
    const own = Object.keys(it);
    const before = [it.digit, it.seed, it.steps, it.controls, it.hide].join(' ');
    it.digit = 8;
    return { own, before, after: it.getAttribute('digit'), shown: it.settings.digits };
  });
  assert.deepEqual(found, { own: [], before: '7 5 20 true ', after: '8', shown: [8] });
  await close();
});

test('with loading="eager" it begins unseen, and does not play unless it is told to', async () => {
  const { page, close } = await world.visit('empty.html');
  await detached(page);
  await page.evaluate(() => {
    const { it } = /** @type {any} */ (window);
    Object.assign(it, { id: 'one', loading: 'eager', network: 'mlp', digit: 5, steps: 20, pace: 'full' });
    const far = document.createElement('div');
    far.style.height = '300vh';
    document.body.append(far, it);
  });
  await page.waitForFunction(() => /** @type {any} */ (window).it.experiment, { timeout: TIMEOUT });
  await wait(700);
  assert.deepEqual(await figure(page, ONE, (it) => [it.iteration, it.state]), [0, 'paused']);
  await figure(page, ONE, (it) => (it.autoplay = true));
  await reached(page, ONE, 'done');
  assert.equal(await figure(page, ONE, (it) => it.iteration), 20);
  await close();
});

test('loading="eager" counts when it is set later, and so does taking it away', async () => {
  const { page, close } = await world.visit('far.html');
  await page.waitForFunction(() => customElements.get('activation-maximization') !== undefined);
  await wait(500);
  assert.equal(await figure(page, ONE, (it) => it.experiment === undefined), true);
  await figure(page, ONE, (it) => (it.loading = 'eager'));
  await reached(page, ONE, 'done');
  await figure(page, ONE, (it) => {
    it.loading = null;
    it.digit = 4; // Nobody sees it, so it waits.
  });
  await wait(700);
  assert.notEqual(await figure(page, ONE, (it) => it.state), 'done');
  await figure(page, ONE, (it) => it.scrollIntoView());
  await reached(page, ONE, 'done');
  await close();
});

test('for those who want no motion, nothing plays that they have not started', {
  skip: lacking('firefox', 'its driver cannot ask for less motion'),
}, async () => {
  const { page, close } = await world.visit('held.html', (tab) =>
    tab.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]),
  );
  const begun = (/** @type {number} */ digit) =>
    page.waitForFunction(
      (wanted) => /** @type {any} */ (document.getElementById('one')).experiment?.digits[0] === wanted,
      { timeout: TIMEOUT },
      digit,
    );
  await begun(3);
  await figure(page, ONE, (it) => (it.digit = 6));
  await begun(6);
  await wait(500);
  assert.deepEqual(await figure(page, ONE, (it) => [it.iteration, it.state]), [0, 'paused']);
  await figure(page, ONE, (it) => (it.autoplay = true));
  await wait(500);
  assert.deepEqual(await figure(page, ONE, (it) => [it.iteration, it.state]), [0, 'paused']);
  await shadow(page, ONE, '.run', (button) => button.click());
  await reached(page, ONE, 'done');
  await close();
});

test('loaded from two addresses, it works once', async () => {
  const { page, close } = await world.visit('twice.html');
  await reached(page, ONE, 'done');
  await close();
});

test('on a server, everything that a page imports can be imported', () => {
  for (const file of ['activation-maximization', 'engine', 'config']) {
    const address = pathToFileURL(`${SITE}/${file}.js`);
    const script = `import(${JSON.stringify(address.href)}).then((it) => console.log(Object.keys(it).length > 0))`;
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    assert.equal(said.trim(), 'true', fileURLToPath(address));
  }
});
