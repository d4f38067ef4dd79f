// @ts-check
// A live figure in a page, for the tests: what is in its shadow tree, and a person's hand on it.

/** @typedef {import('puppeteer-core').Page} Page */

/** The laboratory's figure. */
export const LAB = '#lab';

/** Milliseconds. A run on a software adapter, on a busy machine. */
export const TIMEOUT = 120_000;

/**
 * What a function makes of the figure.
 *
 * @param {Page} page
 * @param {string} selector
 * @param {(figure: any) => any} look Runs in the page.
 * @returns {Promise<any>}
 */
export async function figure(page, selector, look) {
  const value = await page.$eval(selector, look);
  // Firefox's driver keeps properties that are undefined, Chromium's does not.
  return typeof value === 'object' ? JSON.parse(JSON.stringify(value)) : value;
}

/**
 * What a function makes of something in the figure's shadow tree.
 *
 * @param {Page} page
 * @param {string} selector
 * @param {string} within
 * @param {(element: any) => any} look Runs in the page.
 * @returns {Promise<any>}
 */
export async function shadow(page, selector, within, look) {
  return page.$eval(`${selector} >>> ${within}`, look);
}

/**
 * Waits for something in the figure's shadow tree, and returns it.
 *
 * In place of `waitForSelector` with `>>>`: that looks again when the document changes, of which a shadow tree is no
 * part, so what comes in there after the first look is never seen.
 *
 * @param {Page | import('puppeteer-core').Frame} where
 * @param {string} selector
 * @param {string} within
 * @returns {Promise<import('puppeteer-core').ElementHandle<Element>>}
 */
export async function appears(where, selector, within) {
  const found = await where.waitForFunction(
    (selector, within) => document.querySelector(selector)?.shadowRoot?.querySelector(within),
    { timeout: TIMEOUT },
    selector,
    within,
  );
  return /** @type {import('puppeteer-core').ElementHandle<Element>} */ (found);
}

/** @param {Page} page @param {string} selector @param {'playing' | 'paused' | 'done'} state */
export async function reached(page, selector, state) {
  await page.waitForFunction(
    (selector, state) => /** @type {any} */ (document.querySelector(selector))?.state === state,
    { timeout: TIMEOUT },
    selector,
    state,
  );
}

/**
 * Does something that begins a new run, and waits for its end.
 *
 * @param {Page} page
 * @param {string} selector
 * @param {() => Promise<unknown>} act
 */
export async function untilDone(page, selector, act) {
  await page.$eval(selector, (it) => {
    const figure = /** @type {any} */ (it);
    figure.before = figure.experiment;
  });
  await act();
  await page.waitForFunction(
    (selector) => {
      const figure = /** @type {any} */ (document.querySelector(selector));
      return figure.experiment !== figure.before && figure.state === 'done';
    },
    { timeout: TIMEOUT },
    selector,
  );
}

/**
 * The address of the page, once it stays as it is: it is written a moment after the last change.
 *
 * @param {Page} page
 */
export async function address(page) {
  // The page waits half a second. This waits in the page, too: there, one timer does not overtake another.
  return page.evaluate(async () => {
    for (let before; before !== location.href; ) {
      before = location.href;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return location.href;
  });
}

/**
 * Chooses the tab that something is in, as a person does, if it is in one that is not on show.
 *
 * @param {Page} page
 * @param {string} selector
 * @param {string} within
 */
export async function openTab(page, selector, within) {
  const tab = await page.$eval(`${selector} >>> ${within}`, (it) => it.closest('[role="tabpanel"][hidden]')?.getAttribute('aria-labelledby'));
  if (tab) {
    await press(page, selector, `#${tab}`);
  }
}

/**
 * Presses something as a person does; what they cannot reach fails.
 *
 * @param {Page} page
 * @param {string} selector
 * @param {string} within
 */
export async function press(page, selector, within) {
  await openTab(page, selector, within);
  await page.$eval(`${selector} >>> ${within}`, (it) =>
    it.scrollIntoView({ block: 'center', behavior: 'instant' }),
  );
  await page.click(`${selector} >>> ${within}`);
}

/**
 * Sets a field of the figure's form as a person does, with the events that follow.
 *
 * @param {Page} page
 * @param {string} selector
 * @param {string} name Of the field, or `timeline`.
 * @param {string} value
 */
export async function set(page, selector, name, value) {
  const within = name === 'timeline' ? '.timeline-slider' : `input[name="${name}"]`;
  await openTab(page, selector, within);
  await page.$eval(
    `${selector} >>> ${within}`,
    (element, value) => {
      const input = /** @type {HTMLInputElement} */ (element);
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    value,
  );
}

/**
 * The numbers under the image of the first network.
 *
 * @param {Page} page
 * @param {string} selector
 */
export async function readings(page, selector) {
  const read = (/** @type {string} */ name) =>
    shadow(page, selector, `.readings .${name} dd`, (it) => it.textContent);
  return {
    probability: Number.parseFloat(await read('probability')),
    loss: Number.parseFloat(await read('loss')),
    correlation: Number.parseFloat((await read('correlation')).replace('−', '-')),
  };
}
