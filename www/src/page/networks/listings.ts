// Lines of code on the page, each with a button that copies them.

import { h } from '../../figure/dom.ts';
import { copy } from '../export/link.ts';

/** Milliseconds that a button says what it did. */
const SAID = 2000;

/** Gives every listing of the page its button. */
export function listings() {
  for (const listing of document.querySelectorAll('pre.copyable')) {
    const button = h('button', { type: 'button' }, 'Copy');
    const frame = h('div', { className: 'listing' });
    listing.replaceWith(frame);
    frame.append(listing, button);
    button.addEventListener('click', async () => {
      const copied = await copy(listing.textContent ?? '');
      if (!copied) {
        getSelection()?.selectAllChildren(listing);
      }
      button.textContent = copied ? 'Copied' : 'Press Ctrl+C';
      setTimeout(() => (button.textContent = 'Copy'), SAID);
    });
  }
}
