// Where the focus goes when what has it disappears.

/**
 * Hides or removes elements of a figure. If the focus was in one of them, the figure takes it, so that the next Tab
 * goes on from here and not from the top of the page.
 */
export function keepFocus(figure: HTMLElement, change: () => void) {
  const root = figure.getRootNode() as Document | ShadowRoot;
  const before = root.activeElement;
  const had = before !== undefined && before !== null && figure.contains(before);
  change();
  if (had && (root.activeElement !== before || before.getClientRects().length === 0)) {
    figure.tabIndex = -1;
    figure.focus({ preventScroll: true });
    // Only for now: later, a click into the figure must not give it the focus.
    figure.addEventListener('blur', () => figure.removeAttribute('tabindex'), { once: true });
  }
}
