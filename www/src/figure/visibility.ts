// Whether an element can be seen: its tab is on show, it is on the screen, and no element around it is hidden, as a
// slide is that has left.

/** Milliseconds between looks at an element that is on the screen but hidden. */
const LOOK_AGAIN = 250;

export class Visibility {
  #element: HTMLElement;
  #onChange: (visible: boolean) => void;
  #onScreen = false;
  #visible = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #observer: IntersectionObserver | undefined;
  #look = () => this.look();

  constructor(element: HTMLElement, onChange: (visible: boolean) => void) {
    this.#element = element;
    this.#onChange = onChange;
  }

  connect() {
    this.#observer ??= new IntersectionObserver((entries) => {
      this.#onScreen = entries[entries.length - 1].isIntersecting;
      this.look();
    });
    this.#observer.observe(this.#element);
    // Also as the page goes into the back/forward cache, and when it is back.
    document.addEventListener('visibilitychange', this.#look);
  }

  disconnect() {
    this.#observer?.disconnect();
    document.removeEventListener('visibilitychange', this.#look);
    clearTimeout(this.#timer);
    this.#onScreen = false;
    this.#visible = false;
  }

  /** Whether it could be seen when it was last looked at. */
  get visible() {
    return this.#visible;
  }

  /** Looks whether the element can be seen now. */
  look() {
    const onShow = this.#onScreen && document.visibilityState === 'visible';
    const visible = onShow && isShown(this.#element);
    clearTimeout(this.#timer);
    if (onShow && !visible) {
      // No observer tells when a style changes.
      this.#timer = setTimeout(this.#look, LOOK_AGAIN);
    }
    if (visible !== this.#visible) {
      this.#visible = visible;
      this.#onChange(visible);
    }
  }
}

/** Whether no style hides an element, nor anything that it is in. */
function isShown(element: Element) {
  if ('checkVisibility' in element) {
    // The first two names are for Chrome before 121 and Firefox before 122, which ignore the other two.
    const all = { checkOpacity: true, checkVisibilityCSS: true, opacityProperty: true, visibilityProperty: true };
    return element.checkVisibility(all);
  }
  return isShownByStyles(element); // Safari before 17.4.
}

function isShownByStyles(element: Element) {
  if (element.getClientRects().length === 0 || getComputedStyle(element).visibility !== 'visible') {
    return false;
  }
  let around: Element | null | undefined = element;
  while (around && getComputedStyle(around).opacity !== '0') {
    around = around.assignedSlot ?? around.parentElement ?? (around.getRootNode() as Partial<ShadowRoot>).host;
  }
  return !around;
}
