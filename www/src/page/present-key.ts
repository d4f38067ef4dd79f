// The key T, while something in a figure has the focus, shows this figure to a room of people, and once more, to one
// person again. reveal.js leaves this key free, and what is typed into a field does not come here: see figure/keys.ts.

const KEY = 't';

/** Listens for it. */
export function presentByKey() {
  addEventListener('keydown', ({ key, target, altKey, ctrlKey, metaKey }) => {
    if (key.toLowerCase() === KEY && !altKey && !ctrlKey && !metaKey && target instanceof Element) {
      target.closest('activation-maximization')?.toggleAttribute('present');
    }
  });
}
