// The key T shows a figure to a room of people, and once more, to one person again: the figure that has the focus, or
// the one of which most is on the screen. reveal.js leaves this key free, and what is typed into a field does not come
// here from a figure: see figure/keys.ts.

const KEY = 't';

/** Listens for it. */
export function presentByKey() {
  addEventListener('keydown', ({ key, target, altKey, ctrlKey, metaKey }) => {
    if (key.toLowerCase() === KEY && !altKey && !ctrlKey && !metaKey && target instanceof Element) {
      const figure = target.closest('activation-maximization') ?? (isTypedInto(target) ? undefined : mostSeen());
      figure?.toggleAttribute('present');
    }
  });
}

function isTypedInto(target: Element) {
  return target.matches('input:not([type="radio"], [type="checkbox"], [type="range"]), select, textarea, [contenteditable]');
}

function mostSeen() {
  const seen = (figure: Element) => {
    const { top, bottom, left, right } = figure.getBoundingClientRect();
    return Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0)) * Math.max(0, Math.min(right, innerWidth) - Math.max(left, 0));
  };
  const figures = [...document.querySelectorAll('activation-maximization')].filter((it) => seen(it) > 0);
  return figures.sort((a, b) => seen(b) - seen(a)).at(0);
}
