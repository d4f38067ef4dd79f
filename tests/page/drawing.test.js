// @ts-check
// The paper under a person's hands: which pointers draw, and for how long; the pen of the keyboard;
// how often a network is asked, and how often a screen reader hears of it.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { MODULES, launch, open, serve } from './browser.js';
import { PAD, caption, drawOne, inked, paper, pointer, says } from './drawn.js';
import { LAB, reached } from './figure.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {Page} */
let page;
/** @type {string[]} */
let messages;
/** @type {Awaited<ReturnType<typeof paper>>} */
let at;
before(async () => {
  server = await serve(undefined, MODULES);
  browser = await launch('chromium');
  ({ page, messages } = await open(browser, `${server.url}?backend=cpu#digit=3&steps=5&pace=full`));
  // A figure out of view is paused, and the paper is below it: first the run, then the paper.
  await reached(page, LAB, 'done');
  await drawOne(page); // So that everything has been loaded.
  await says(page, 'The LeNet-5 reads');
});
after(async () => {
  assert.deepEqual(messages, []);
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  await page.$eval(`${PAD} .wipe`, (it) => /** @type {HTMLElement} */ (it).click());
  at = await paper(page);
});

const wait = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('which pointer draws', () => {
  test('the first finger: what a second one does is not drawn, and neither ends the other’s line', async () => {
    const first = await page.touchscreen.touchStart(...at(0.2, 0.2));
    await first.move(...at(0.2, 0.5));
    const alone = await inked(page);
    const second = await page.touchscreen.touchStart(...at(0.9, 0.9));
    await second.move(...at(0.9, 0.2));
    assert.equal(await inked(page), alone);
    await second.end();
    await first.move(...at(0.2, 0.8));
    await first.end();
    // A line from 0.2 to 0.8 of 280 pixels, 22 wide, with round ends.
    const line = 168 * 22 + Math.PI * 11 ** 2;
    const made = await inked(page);
    assert.ok(Math.abs(made - line) < 0.02 * line, `${made} pixels of ink, not ${line}`);
  });

  test('a finger that comes down second draws nothing, wherever the first is', async () => {
    await pointer(page, 'pointerdown', { x: 0.5, y: 0.5, pointerId: 9, pointerType: 'touch', isPrimary: false, buttons: 1 });
    await pointer(page, 'pointermove', { x: 0.9, y: 0.9, pointerId: 9, pointerType: 'touch', isPrimary: false, buttons: 1 });
    assert.equal(await inked(page), 0);
  });

  for (const button of /** @type {const} */ (['right', 'middle'])) {
    test(`the ${button} button draws nothing`, async () => {
      await page.mouse.move(...at(0.5, 0.2));
      await page.mouse.down({ button });
      await page.mouse.move(...at(0.5, 0.8), { steps: 4 });
      await page.mouse.up({ button });
      assert.equal(await inked(page), 0);
    });
  }

  test('paper that is hidden takes nothing, also in the middle of a stroke', async () => {
    const drawn = async (/** @type {boolean} */ hiddenFirst) => {
      const hide = (/** @type {boolean} */ it) =>
        page.$eval(`${PAD} .paper`, (paper, hidden) => void (/** @type {HTMLElement} */ (paper).style.display = hidden ? 'none' : ''), it);
      const touch = { pointerId: 5, pointerType: 'touch', isPrimary: true, buttons: 1 };
      await hide(hiddenFirst);
      await pointer(page, 'pointerdown', { x: 0.3, y: 0.3, ...touch });
      await hide(true);
      await pointer(page, 'pointermove', { x: 0.6, y: 0.6, ...touch });
      await pointer(page, 'pointerup', { x: 0.6, y: 0.6, ...touch });
      await hide(false);
      return inked(page);
    };
    assert.equal(await drawn(true), 0);
    const dot = await drawn(false);
    assert.ok(dot > 0 && dot < 500, `${dot} pixels of ink`);
    assert.deepEqual(messages, []);
  });

  test('nor do the buttons for back and forward', async () => {
    for (const [button, buttons] of [[3, 8], [4, 16]]) {
      await pointer(page, 'pointerdown', { x: 0.5, y: 0.5, pointerType: 'mouse', button, buttons });
      await pointer(page, 'pointermove', { x: 0.9, y: 0.9, pointerType: 'mouse', buttons });
      assert.equal(await inked(page), 0);
    }
  });

  test('nor does a Mac’s click with control, which opens a menu', async () => {
    await pointer(page, 'pointerdown', { x: 0.5, y: 0.5, pointerType: 'mouse', buttons: 1, ctrlKey: true });
    assert.equal(await inked(page), 0);
  });

  test('another button does not go on with the line of the first', async () => {
    await page.mouse.move(...at(0.2, 0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.2, 0.5), { steps: 3 });
    await page.mouse.down({ button: 'right' });
    await page.mouse.up();
    const line = await inked(page);
    await page.mouse.move(...at(0.8, 0.5), { steps: 3 });
    await page.mouse.up({ button: 'right' });
    assert.equal(await inked(page), line);
    assert.ok(line > 1500);
  });

  test('the other end of a pen erases', async () => {
    await drawOne(page);
    const line = await inked(page);
    const eraser = { pointerId: 7, pointerType: 'pen', button: 5, buttons: 32 };
    await pointer(page, 'pointermove', { ...eraser, buttons: 0, x: 0.5, y: 0.2 }); // Hovering.
    assert.equal(await inked(page), line);
    await pointer(page, 'pointerdown', { ...eraser, x: 0.5, y: 0.5 });
    await pointer(page, 'pointermove', { ...eraser, x: 0.5, y: 1 });
    await pointer(page, 'pointerup', { ...eraser, buttons: 0, x: 0.5, y: 1 });
    const left = await inked(page);
    assert.ok(left > 0.35 * line && left < 0.6 * line, `${left} of ${line}`);
    await pointer(page, 'pointerdown', { ...eraser, x: 0.5, y: 0.1 });
    await pointer(page, 'pointermove', { ...eraser, x: 0.5, y: 0.6 });
    await pointer(page, 'pointerup', { ...eraser, buttons: 0, x: 0.5, y: 0.6 });
    assert.equal(await inked(page), 0);
    await says(page, 'Draw with');
    assert.equal(await page.$eval('#start .primary', (it) => /** @type {HTMLButtonElement} */ (it).disabled), true);
  });
});

describe('when a stroke ends', () => {
  /** @type {[string, () => Promise<unknown>][]} */
  const ends = [
    ['the capture is lost', () => page.$eval(`${PAD} .paper`, (it) => it.releasePointerCapture(1))],
    ['the pointer is taken away', () => pointer(page, 'pointercancel', { x: 0.5, y: 0.5, pointerId: 1 })],
    ['the window is left', () => page.evaluate(() => dispatchEvent(new Event('blur')))],
    [
      'the pointer comes back without its button',
      () => pointer(page, 'pointermove', { x: 0.5, y: 0.5, pointerId: 1, pointerType: 'mouse', buttons: 0 }),
    ],
  ];
  for (const [what, end] of ends) {
    test(what, async () => {
      await page.mouse.move(...at(0.5, 0.2));
      await page.mouse.down();
      await page.mouse.move(...at(0.5, 0.5), { steps: 3 });
      await end();
      const line = await inked(page);
      assert.ok(line > 1500);
      await page.mouse.move(...at(0.9, 0.9), { steps: 3 });
      assert.equal(await inked(page), line);
      await page.mouse.up();
      await page.mouse.move(...at(0.1, 0.9), { steps: 3 });
      assert.equal(await inked(page), line);
      // And the next one begins where it is put.
      await page.mouse.down();
      await page.mouse.up();
      const dot = (await inked(page)) - line;
      assert.ok(Math.abs(dot - Math.PI * 11 ** 2) < 10, `a dot of ${dot} pixels`);
    });
  }

  test('another pointer’s end is not its own', async () => {
    await page.mouse.move(...at(0.5, 0.2));
    await page.mouse.down();
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      await pointer(page, type, { x: 0.9, y: 0.9, pointerId: 9, pointerType: 'touch' });
    }
    await page.mouse.move(...at(0.5, 0.8), { steps: 3 });
    await page.mouse.up();
    const made = await inked(page);
    const line = 168 * 22 + Math.PI * 11 ** 2;
    assert.ok(Math.abs(made - line) < 0.02 * line, `${made} pixels of ink, not ${line}`);
  });

  test('a long press opens no menu in the middle of one, and afterward it may', async () => {
    const menu = () =>
      page.$eval(`${PAD} .paper`, (it) => it.dispatchEvent(new MouseEvent('contextmenu', { cancelable: true })));
    await page.mouse.move(...at(0.5, 0.5));
    await page.mouse.down();
    assert.equal(await menu(), false);
    await page.mouse.up();
    assert.equal(await menu(), true);
  });
});

describe('a fast hand', () => {
  test('is drawn at once, and read once at a time; the last answer is about the last of it', async () => {
    const { drawn, during, asked, most, last, read } = await page.evaluate(async (pad) => {
      const { sharedEngine } = await import(/** @type {any} */ ('/src/engine/shared-engine.js'));
      const engine = await sharedEngine();
      const { probabilities } = engine;
      const seen = /** @type {Float32Array[]} */ ([]);
      let [flying, most] = [0, 0];
      engine.probabilities = async (/** @type {any} */ network, /** @type {Float32Array} */ image) => {
        seen.push(image);
        flying += 1;
        most = Math.max(most, flying);
        await new Promise((resolve) => setTimeout(resolve, 150)); // A slow phone.
        flying -= 1;
        return probabilities.call(engine, network, image);
      };
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(`${pad} .paper`));
      const { left, top, width } = canvas.getBoundingClientRect();
      const send = (/** @type {string} */ type, /** @type {number} */ x, /** @type {number} */ y) =>
        canvas.dispatchEvent(
          new PointerEvent(type, { pointerId: 3, pointerType: 'touch', isPrimary: true, buttons: 1, clientX: left + x * width, clientY: top + y * width }),
        );
      const ink = () => {
        const context = /** @type {any} */ (new OffscreenCanvas(280, 280).getContext('2d'));
        context.drawImage(canvas, 0, 0);
        return context.getImageData(0, 0, 280, 280).data.reduce((/** @type {number} */ sum, /** @type {number} */ it, /** @type {number} */ at) => sum + (at % 4 === 0 && it > 127 ? 1 : 0), 0);
      };
      send('pointerdown', 0.2, 0.2);
      for (let step = 1; step <= 200; step += 1) {
        send('pointermove', 0.2 + 0.003 * step, 0.2); // A bar; a seven, when its stem is there.
      }
      const drawn = ink();
      const during = seen.length; // In the task that heard of all these events.
      for (let step = 1; step <= 40; step += 1) {
        send('pointermove', 0.8 - 0.01 * step, 0.2 + 0.015 * step);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      send('pointerup', 0.4, 0.8);
      const asked = seen.length;
      while (flying > 0) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      engine.probabilities = probabilities;
      return { drawn, during, asked, most, last: seen.at(-1)?.reduce((a, b) => a + b, 0), read: document.querySelector(`${pad} .caption`)?.textContent };
    }, PAD);
    assert.ok(drawn > 168 * 22 * 0.98, `${drawn} pixels were on show at once`);
    assert.equal(during, 0);
    assert.equal(most, 1);
    assert.ok(asked >= 2 && asked <= 12, `${asked} questions about 241 events`);
    assert.match(read ?? '', /^The LeNet-5 reads a 7, /);
    assert.ok((last ?? 0) > 40, `the last image has ${last} of ink`);
  });

  test('what was wiped, or is read by another network now, is not answered any more', async () => {
    await page.evaluate(async () => {
      const { sharedEngine } = await import(/** @type {any} */ ('/src/engine/shared-engine.js'));
      const engine = await sharedEngine();
      Object.assign(window, { own: engine.probabilities });
      engine.probabilities = async (/** @type {any[]} */ ...values) => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return /** @type {any} */ (window).own.call(engine, ...values);
      };
    });
    await drawOne(page);
    await page.$eval(`${PAD} .wipe`, (it) => /** @type {HTMLElement} */ (it).click());
    await wait(1200);
    assert.equal(await caption(page), 'Draw with the mouse, a pen or a finger.');
    await drawOne(page);
    await page.select(`${PAD} select[name="reader"]`, 'mlp');
    const first = await page.evaluate(
      (pad) =>
        new Promise((resolve) => {
          const words = /** @type {Element} */ (document.querySelector(`${pad} .caption`));
          new MutationObserver(() => resolve(words.textContent)).observe(words, { childList: true });
        }),
      PAD,
    );
    assert.match(String(first), /^The MLP reads an? \d/);
    await page.evaluate(async () => {
      const { sharedEngine } = await import(/** @type {any} */ ('/src/engine/shared-engine.js'));
      (await sharedEngine()).probabilities = /** @type {any} */ (window).own;
    });
    await page.select(`${PAD} select[name="reader"]`, 'lenet5');
    await says(page, 'The LeNet-5 reads');
  });
});

/** Where the pen of the keyboard is on show, 0 to 1; nothing, if it is not. */
function pen() {
  return page.$eval(PAD, (pad) => {
    const pen = pad.querySelector('.pen');
    if (!pen?.checkVisibility()) {
      return undefined;
    }
    const sheet = /** @type {Element} */ (pad.querySelector('.paper')).getBoundingClientRect();
    const { left, top, width, height } = pen.getBoundingClientRect();
    const place = [left + width / 2 - sheet.left, top + height / 2 - sheet.top].map((it) => Math.round((280 * it) / sheet.width));
    return { place, width: Math.round((280 * width) / sheet.width), isDown: pen.classList.contains('down') };
  });
}

describe('the keyboard', () => {
  beforeEach(async () => {
    await page.$eval(`${PAD} .wipe`, (it) => /** @type {HTMLElement} */ (it).focus());
    await page.$eval(`${PAD} .paper`, (it) => /** @type {HTMLElement} */ (it).focus());
  });

  test('its pen is seen where it is, as wide as it draws, up and down; and it draws there', async () => {
    await page.keyboard.press('ArrowUp');
    const up = await pen();
    assert.deepEqual(up, { place: [140, 130], width: 22, isDown: false });
    const picture = async () => Buffer.from(await (await page.$(`${PAD} .sheet`))?.screenshot() ?? '').toString('base64');
    const seen = [await picture()];
    await page.keyboard.press(' ');
    assert.deepEqual(await pen(), { ...up, isDown: true });
    assert.ok(Math.abs((await inked(page)) - Math.PI * 11 ** 2) < 10, 'there is no dot');
    seen.push(await picture());
    await page.keyboard.press('ArrowRight');
    assert.deepEqual((await pen())?.place, [150, 130]);
    seen.push(await picture());
    await page.mouse.move(...at(0.9, 0.9));
    await page.mouse.down();
    await page.mouse.up();
    assert.equal(await pen(), undefined);
    seen.push(await picture());
    assert.equal(new Set(seen).size, 4);
    await page.keyboard.press('ArrowLeft');
    assert.deepEqual(await pen(), { place: [140, 130], width: 22, isDown: false });
  });

  test('it can draw up to near the border, and goes no further', async () => {
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press('ArrowLeft');
    }
    assert.deepEqual((await pen())?.place[0], 22);
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('ArrowRight');
    }
    assert.deepEqual((await pen())?.place[0], 142);
  });

  test('who leaves the paper lifts the pen', async () => {
    await page.keyboard.press(' ');
    assert.equal((await pen())?.isDown, true);
    await page.keyboard.press('Tab');
    assert.equal(await pen(), undefined);
    await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    await page.keyboard.up('Shift');
    assert.equal((await pen())?.isDown, false);
  });

  test('shortcuts of the browser stay what they are, and a held space bar is one press', async () => {
    const taken = await page.$eval(`${PAD} .paper`, (it) =>
      [{ key: 'ArrowLeft', altKey: true }, { key: 'ArrowUp', ctrlKey: true }, { key: ' ', metaKey: true }, { key: 'a' }, { key: 'Tab' }].map(
        (init) => !it.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true })),
      ),
    );
    assert.deepEqual(taken, [false, false, false, false, false]);
    await page.$eval(`${PAD} .paper`, (it) => {
      for (const repeat of [false, true, true, true]) {
        it.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', repeat, bubbles: true, cancelable: true }));
      }
    });
    assert.equal((await pen())?.isDown, true);
  });

  test('a screen reader leaves it the arrow keys, and hears once of a stroke, when it rests', async () => {
    const [role, description, label] = await page.$eval(`${PAD} .paper`, (it) =>
      ['role', 'aria-roledescription', 'aria-label'].map((name) => it.getAttribute(name)),
    );
    assert.deepEqual(
      [role, description, label],
      ['application', 'paper', 'Paper to draw a digit on. With the keyboard: arrow keys move the pen, space lowers and lifts it.'],
    );
    await wait(1500);
    await page.evaluate((pad) => {
      const heard = /** @type {string[]} */ ([]);
      Object.assign(window, { heard });
      const hear = () => heard.push([...document.querySelectorAll(`${pad} [role="status"], ${pad} [aria-live]`)].map((it) => it.textContent).join(' '));
      for (const region of document.querySelectorAll(`${pad} [role="status"], ${pad} [aria-live]`)) {
        new MutationObserver(hear).observe(region, { childList: true, characterData: true, subtree: true });
      }
    }, PAD);
    const heard = () => page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (window).heard));
    for (let step = 0; step < 7; step += 1) {
      await page.keyboard.press('ArrowUp');
    }
    await page.keyboard.press(' ');
    for (let step = 0; step < 14; step += 1) {
      await page.keyboard.press('ArrowDown');
    }
    await says(page, 'The LeNet-5 reads a 1');
    await wait(2500);
    const said = await heard();
    assert.equal(said.length, 1, said.join('\n'));
    assert.match(said[0], /^The pen is down, 5\d% from the left, 7\d% from the top\. The LeNet-5 reads a 1, with \d+(\.\d)?%\.$/);
    await page.keyboard.press('Tab');
    await wait(1200);
    assert.equal((await heard()).length, 1); // Nothing has become of it.
  });
});

test('a mouse’s stroke is one sentence, too, and so is wiping it away', async () => {
  await wait(1500);
  await page.evaluate((pad) => {
    const heard = /** @type {string[]} */ ([]);
    Object.assign(window, { heard });
    for (const region of document.querySelectorAll(`${pad} [role="status"], ${pad} [aria-live]`)) {
      new MutationObserver(() => heard.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
    }
  }, PAD);
  const heard = () => page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (window).heard));
  await page.mouse.move(...at(0.5, 0.15));
  await page.mouse.down();
  await page.mouse.move(...at(0.5, 0.5), { steps: 10 });
  await wait(1500); // It is not done yet.
  assert.deepEqual(await heard(), []);
  await page.mouse.move(...at(0.5, 0.85), { steps: 10 });
  await page.mouse.up();
  await wait(2500);
  const said = await heard();
  assert.equal(said.length, 1, said.join('\n'));
  assert.match(said[0], /^The LeNet-5 reads a 1, with /);
  await page.$eval(`${PAD} .wipe`, (it) => /** @type {HTMLElement} */ (it).click());
  await wait(1500);
  assert.deepEqual((await heard()).slice(1), ['Draw with the mouse, a pen or a finger.']);
});
