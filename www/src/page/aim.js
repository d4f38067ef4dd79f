// Goes to where the address leads before the page is seen for the first time. Browsers wait for the modules,
// which takes a second or more, and show the top of the page until then; when the modules are there,
// landing.js keeps the target in its place. A classic script, so that it need not wait itself.

(() => {
  const [entry] = performance.getEntriesByType('navigation');
  const { type } = /** @type {PerformanceNavigationTiming} */ (entry ?? { type: 'navigate' });
  const isNew = type !== 'reload' && type !== 'back_forward';
  // The browser keeps `scrollRestoration` with the history entry: while it is `manual`, nobody has gone on from where
  // the address leads.
  if (location.hash === '' || (!isNew && history.scrollRestoration !== 'manual')) {
    return; // The browser restores the scroll position.
  }
  history.scrollRestoration = 'manual';
  for (const type of ['wheel', 'touchstart', 'pointerdown', 'keydown', 'dragenter']) {
    addEventListener(type, leave, { passive: true, once: true });
  }
  // No frame comes before the style sheets: nothing has its place before.
  document.addEventListener('readystatechange', () => requestAnimationFrame(aim), { once: true });

  /** Somebody goes on. Chromium goes to the target once more when all is there, smoothly: that is undone. */
  function leave() {
    history.scrollRestoration = 'auto';
    addEventListener('load', () => {
      const top = scrollY;
      requestAnimationFrame(() => requestAnimationFrame(() => scrollTo({ top, behavior: 'instant' })));
    }, { once: true });
  }

  function aim() {
    const id = location.hash.slice(1);
    // Settings are those of the laboratory.
    document.getElementById(id.includes('=') ? 'laboratory' : id)?.scrollIntoView({ behavior: 'instant' });
  }
})();
