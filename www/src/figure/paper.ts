// A figure on paper. Nobody scrolls there: a figure that has not been seen yet is computed at once, to its end.
//
// A browser dispatches `beforeprint` and lays out the page once its listeners, and the microtasks after them, have run.
// A run on the CPU whose network is loaded needs only microtasks for each iteration, so it is finished in time. What
// takes longer is there when the page is printed again; until then, the content of the element is printed in its
// place, or a sentence.

/** Milliseconds for which all figures of a page together may hold up its printing. */
const TIMEOUT = 4000;

/**
 * An event that a page dispatches on its window before it prints: all figures get ready for paper, without haste. The
 * detail is an array, which takes a promise of each, settled once it is ready.
 */
export const PREPARE = 'actmax:prepare-print';

/** reveal.js lays out its slides as pages below one another before anybody prints. */
const PAGES = '.reveal-print, .print-pdf';

export class Paper {
  #onPaper: (deadline: number) => Promise<unknown>;
  #onScreen: () => void;
  #printing = false;
  #medium = matchMedia('print');
  #listening: AbortController | undefined;

  /**
   * @param onPaper The page is printed, or laid out as pages. Printing waits until the deadline, as `performance.now`
   *   counts.
   * @param onScreen The page is back on the screen.
   */
  constructor(onPaper: (deadline: number) => Promise<unknown>, onScreen: () => void) {
    this.#onPaper = onPaper;
    this.#onScreen = onScreen;
  }

  /** Whether the page is laid out for paper now. */
  get active() {
    return this.#printing || this.#medium.matches || this.isAllPages;
  }

  /** Whether the page is laid out for nothing but paper, by reveal.js. */
  get isAllPages() {
    return document.documentElement.matches(PAGES);
  }

  /** Listens for printing from now on; calls `onPaper` soon if the page is laid out for paper already. */
  connect() {
    this.#listening?.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const print = ({ timeStamp }: Event) => {
      this.#printing = true;
      this.#onPaper(timeStamp + TIMEOUT);
    };
    const end = () => {
      this.#printing = false;
      if (!this.active) {
        this.#onScreen();
      }
    };
    const prepare = (event: Event) => {
      this.#printing = true;
      (event as CustomEvent<Promise<unknown>[]>).detail.push(this.#onPaper(0));
    };
    addEventListener(PREPARE, prepare, { signal });
    addEventListener('beforeprint', print, { signal });
    addEventListener('afterprint', end, { signal });
    // The medium also changes without `beforeprint`: where developer tools emulate print.
    this.#medium.addEventListener('change', () => (this.#medium.matches ? this.#onPaper(0) : end()), { signal });
    if (this.active) {
      queueMicrotask(() => this.#onPaper(0)); // Its attributes have been read by then.
    }
  }

  disconnect() {
    this.#listening?.abort();
    this.#printing = false;
  }
}

/**
 * How a page wants a figure printed, by `data-print` around it: `ends`, as its run ends, also if that has not been
 * played so far; `none`, not at all.
 */
export function printed(figure: Element) {
  return figure.closest<HTMLElement>('[data-print]')?.dataset.print;
}
