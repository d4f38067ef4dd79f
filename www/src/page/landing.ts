// Where a link within the page leads: its target comes into view, has the focus, and stays in view
// while something above it still changes its size, until the person goes on.

/** Events that show that the person goes on. */
const GOING_ON = ['wheel', 'touchstart', 'pointerdown', 'keydown', 'dragenter'];

/** A target that is off by at most this many pixels has not moved. */
const TOLERANCE = 2;

/** Milliseconds that a smooth scroll takes at most, where no event tells of its end. */
const SMOOTH = 3000;

/** Ends when another target is asked for, or the person goes on. */
let staying = new AbortController();

/** Follows the address that the page was opened with, and from then on every link within it. */
export function followLinks() {
  const target = targetOf(location.hash);
  if (target && isAsked()) {
    land(target);
  }
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const there = link && isWithin(link) ? targetOf(link.hash) : undefined;
    if (there && !event.defaultPrevented && isPlain(event)) {
      // After the browser has gone there, which takes the focus away.
      setTimeout(() => {
        takeFocus(there);
        stay(there, 'scrolling');
      });
    }
  });
}

/**
 * Whether the page is to go where its address leads: if nobody has gone on from there since. Then `scrollRestoration` is
 * `manual`: see aim.js. Otherwise the browser restores the scroll position of a page that is loaded again, step by step.
 */
export function isAsked() {
  return history.scrollRestoration === 'manual';
}

/** Goes to a target at once, with the focus. */
export function land(target: HTMLElement) {
  // Otherwise the browser would restore the scroll position of a page that is loaded again, once all of it is there.
  history.scrollRestoration = 'manual';
  takeFocus(target);
  bringIntoView(target);
}

/** Brings a target into view at once, and leaves the focus where it is. */
export function bringIntoView(target: HTMLElement) {
  target.scrollIntoView({ behavior: 'instant' });
  stay(target, 'there');
}

/**
 * Keeps a target in view.
 *
 * @param state Whether it is in its place, or the page still scrolls to it.
 */
function stay(target: HTMLElement, state: 'there' | 'scrolling') {
  staying.abort();
  staying = new AbortController();
  const { signal } = staying;
  const end = () => {
    history.scrollRestoration = 'auto';
    if (staying.signal === signal) {
      staying.abort();
    }
  };
  let now = state;
  let top = topOf(target);
  let height = document.body.offsetHeight;
  const settle = () => {
    now = 'there';
    target.scrollIntoView({ behavior: 'instant' });
    top = topOf(target);
    height = document.body.offsetHeight;
  };
  const growth = new ResizeObserver(() => now === 'there' && settle());
  growth.observe(document.body);
  signal.addEventListener('abort', () => growth.disconnect());
  for (const type of GOING_ON) {
    addEventListener(type, end, { passive: true, signal });
  }
  const follow = () => {
    if (now === 'there' && Math.abs(topOf(target) - top) > TOLERANCE) {
      if (document.body.offsetHeight === height) {
        end(); // The person goes on with the scroll bar, of which no other event tells.
      } else {
        settle(); // The browser keeps something else in its place while the page grows.
      }
    }
  };
  addEventListener('scroll', follow, { passive: true, signal });
  if (state === 'scrolling') {
    addEventListener('scrollend', settle, { once: true, signal });
    const timer = setTimeout(() => now === 'scrolling' && settle(), SMOOTH);
    signal.addEventListener('abort', () => clearTimeout(timer));
  }
}

/** The keyboard goes on from where the page now is. */
function takeFocus(target: HTMLElement) {
  if (target.tabIndex < 0 && !target.hasAttribute('tabindex')) {
    target.tabIndex = -1;
    target.addEventListener('blur', () => target.removeAttribute('tabindex'), { once: true });
  }
  target.focus({ preventScroll: true });
}

function topOf(element: Element) {
  return element.getBoundingClientRect().top;
}

function targetOf(hash: string): HTMLElement | undefined {
  try {
    return document.getElementById(decodeURIComponent(hash.slice(1))) ?? undefined;
  } catch {
    return undefined; // It is not valid percent-encoding.
  }
}

/** Whether a link leads to a place on this page. */
export function isWithin({ origin, pathname, search, hash, target }: HTMLAnchorElement) {
  const isHere = origin === location.origin && pathname === location.pathname && search === location.search;
  return isHere && hash !== '' && target === '';
}

/** Whether a click is plain, not one for another tab. */
export function isPlain({ button, altKey, ctrlKey, metaKey, shiftKey }: MouseEvent) {
  return button === 0 && !altKey && !ctrlKey && !metaKey && !shiftKey;
}
