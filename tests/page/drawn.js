// @ts-check
// The paper in a page, for the tests: hands on it, what is on it, and what is said of it.

import { TIMEOUT } from './figure.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** The laboratory's. */
export const PAD = '#start .pad';

/** Brings the paper into view. @param {Page} page @returns {Promise<(x: number, y: number) => [number, number]>}
 *  From a place on it, 0 to 1 from its upper left corner, to one in the window. */
export async function paper(page) {
  await page.waitForSelector(`${PAD} .paper`, { timeout: TIMEOUT });
  const box = await page.$eval(`${PAD} .paper`, (it) => {
    it.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { left, top, width, height } = it.getBoundingClientRect();
    return { left, top, width, height };
  });
  return (x, y) => [box.left + x * box.width, box.top + y * box.height];
}

/** Pixels of the paper that are more ink than paper. @param {Page} page @returns {Promise<number>} */
export function inked(page) {
  return page.$eval(`${PAD} .paper`, (it) => {
    // Through another canvas: a browser complains of one that is read often and was not made for it.
    const canvas = new OffscreenCanvas(280, 280);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.drawImage(/** @type {HTMLCanvasElement} */ (it), 0, 0);
    const { data } = context.getImageData(0, 0, 280, 280);
    return data.reduce((sum, value, at) => sum + (at % 4 === 0 && value > 127 ? 1 : 0), 0);
  });
}

/** What the pad says. @param {Page} page @returns {Promise<string>} */
export function caption(page) {
  return page.$eval(`${PAD} .reading .caption`, (it) => it.textContent ?? '');
}

/** Waits for the pad to say something. @param {Page} page @param {string} start Of it. */
export async function says(page, start) {
  await page.waitForFunction(
    (pad, start) => document.querySelector(`${pad} .reading .caption`)?.textContent?.startsWith(start),
    { timeout: TIMEOUT },
    PAD,
    start,
  );
}

/** Draws a line from top to bottom with the mouse. @param {Page} page */
export async function drawOne(page) {
  const at = await paper(page);
  await page.mouse.move(...at(0.5, 0.15));
  await page.mouse.down();
  await page.mouse.move(...at(0.5, 0.85), { steps: 5 });
  await page.mouse.up();
}

/**
 * A pointer's event, as a browser would make it.
 *
 * @param {Page} page
 * @param {string} type
 * @param {PointerEventInit & { x: number, y: number }} init With a place on the paper, 0 to 1.
 */
export function pointer(page, type, { x, y, ...init }) {
  return page.$eval(
    `${PAD} .paper`,
    (it, type, x, y, init) => {
      const { left, top, width, height } = it.getBoundingClientRect();
      const place = { clientX: left + x * width, clientY: top + y * height };
      it.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, isPrimary: true, ...place, ...init }));
    },
    type,
    x,
    y,
    init,
  );
}
