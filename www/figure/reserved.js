// @ts-check
// Room for a text that is not there yet, or whose numbers change while it is: it takes the height of
// the longest text that may stand there, so that nothing below it moves. The style sheet does it, in
// base.css.

/**
 * Keeps the room that a text needs at most.
 *
 * @param {HTMLElement} element
 * @param {string} longest What takes most of it, with every number as long as it gets.
 */
export function reserve(element, longest) {
  element.classList.add('reserved');
  element.dataset.longest = longest;
}

/** The longest of what `words.js` writes: in place of a number that is not known. */
export const LONGEST = { percent: '100.0%', signed: '−0.00', twoDigits: '−0.0e−10' };

/** In place of a number that is not known yet, where one will stand alone. */
export const UNKNOWN = '–';
