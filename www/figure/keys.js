// @ts-check
// Which keys a control needs for itself. The others are for the page around it: on a slide, arrows
// and space turn the pages.

const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'];
const PRESSES = [' ', 'Enter'];

/**
 * Keeps a key from whatever listens further out, if the control with the focus uses it.
 *
 * @param {KeyboardEvent} event
 */
export function keepOwnKeys(event) {
  if (isOwnKey(event.composedPath()[0], event.key)) {
    event.stopPropagation();
  }
}

/**
 * @param {EventTarget | undefined} target
 * @param {string} key
 */
export function isOwnKey(target, key) {
  if (target instanceof HTMLInputElement) {
    const typed = ['number', 'text', 'search', 'url'].includes(target.type);
    return typed ? key !== 'Escape' : [...MOVES, ' '].includes(key);
  }
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) {
    return key !== 'Escape';
  }
  const pressed = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return pressed && PRESSES.includes(key);
}
