// Keeps room for a text that is not there yet, or whose numbers change: it has the height of the longest text that
// may be there, so that nothing below it moves. The rules are in base.css.

/**
 * Keeps room for the longest text of an element.
 *
 * @param longest The longest text, with every number as long as it can be.
 */
export function reserve(element: HTMLElement, longest: string) {
  element.classList.add('reserved');
  element.dataset.longest = longest;
}

/** The longest texts that `words.ts` writes, in place of numbers that are not known. */
export const LONGEST = { percent: '100.0%', signed: '−0.00', twoDigits: '−0.0e−10' };

/** In place of a number that is not known yet, where one will stand alone. */
export const UNKNOWN = '–';
