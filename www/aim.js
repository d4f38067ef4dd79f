// Goes to where the address leads before the page is seen for the first time. Browsers wait for the modules,
// which takes a second or more, and show the top of the page until then; when the modules are there,
// landing.js keeps the target in its place. A classic script, so that it need not wait itself.

(() => {
  const [entry] = performance.getEntriesByType('navigation');
  const type = /** @type {PerformanceNavigationTiming | undefined} */ (entry)?.type;
  if (location.hash === '' || type === 'reload' || type === 'back_forward') {
    return; // The browser brings it to where it was left.
  }
  // No frame comes before the style sheets: nothing has its place before.
  document.addEventListener('readystatechange', () => requestAnimationFrame(aim), { once: true });

  function aim() {
    const id = location.hash.slice(1);
    // Settings are those of the laboratory.
    document.getElementById(id.includes('=') ? 'laboratory' : id)?.scrollIntoView({ behavior: 'instant' });
  }
})();
