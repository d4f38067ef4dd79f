// Which keys a control needs for itself. The others are for the page around it: on a slide, arrows,
// PageUp and PageDown (which a presenter's remote control sends) and space turn the pages.
//
// Whoever comes to a slider with the Tab key moves it with arrows. Whoever has clicked it moves it with
// the mouse, and then expects the arrows to turn the slide. So what was last pressed with the mouse or a
// finger keeps only keys that type or press. On a page where arrows mean nothing, they still move a
// slider that was clicked: the page has them first, and what it does not use the browser gives to the slider.

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const PAGES = ['PageUp', 'PageDown'];
const MOVES = [...ARROWS, ...PAGES, 'Home', 'End'];
const PRESSES = [' ', 'Enter'];

/** Inputs into which nothing is typed. */
const UNTYPED = ['range', 'radio', 'checkbox', 'button', 'submit', 'reset', 'color', 'file'];

/**
 * Stops key events at the shadow root, if the control with the focus needs them.
 *
 * @param root Of the controls.
 */
export function keepOwnKeys(root: ShadowRoot) {
  /** Whether a pointer is down, or the focus is about to follow it. */
  let pressing = false;
  /** Whether the control with the focus was pressed with a pointer. */
  let byPointer = false;
  const release = () => setTimeout(() => (pressing = false));
  const press = () => {
    pressing = true;
    byPointer = true;
    // After a touch, the mouse events that bring the focus come later than the pointer's.
    for (const type of ['pointerup', 'pointercancel', 'mouseup']) {
      addEventListener(type, release, { capture: true, once: true });
    }
  };
  root.addEventListener('pointerdown', press, { capture: true });
  root.addEventListener('mousedown', press, { capture: true });
  root.addEventListener('focusin', () => (byPointer = pressing));
  root.addEventListener('keydown', (it) => {
    const event = it as KeyboardEvent;
    const target = event.composedPath()[0];
    if (event.key === 'Tab') {
      pressing = false;
    }
    if (isOwnKey(target, event.key, byPointer)) {
      event.stopPropagation();
    } else if (byPointer && changesChoice(target, event.key)) {
      event.preventDefault(); // An arrow that turns the slide is not to choose another pace, too.
    }
  });
}

/**
 * Whether a control needs a key.
 *
 * @param target The control with the focus.
 * @param byPointer Whether it was pressed with the mouse or a finger.
 */
export function isOwnKey(target: EventTarget, key: string, byPointer: boolean) {
  if (target instanceof HTMLInputElement) {
    if (!UNTYPED.includes(target.type)) {
      return !['Escape', ...PAGES].includes(key);
    }
    if (target.type === 'range') {
      return !byPointer && MOVES.includes(key);
    }
    if (target.type === 'radio') {
      return !byPointer && [...ARROWS, ' '].includes(key);
    }
    return target.type === 'checkbox' ? key === ' ' : PRESSES.includes(key);
  }
  if (target instanceof HTMLSelectElement) {
    return key !== 'Escape' && (!byPointer || isOpen(target) || !MOVES.includes(key));
  }
  if (target instanceof HTMLTextAreaElement) {
    return key !== 'Escape';
  }
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  if (target.matches('[role="tab"]')) {
    return PRESSES.includes(key) || (!byPointer && ['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(key));
  }
  if (target.matches('button, a, summary')) {
    return PRESSES.includes(key);
  }
  const isScrolled = target.tabIndex >= 0 && target.scrollWidth > target.clientWidth; // A wide table.
  return isScrolled && !byPointer && ['ArrowLeft', 'ArrowRight'].includes(key);
}

/** Whether the browser would choose something else with a key. */
function changesChoice(target: EventTarget, key: string) {
  const isChoice = target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === 'radio');
  return isChoice && MOVES.includes(key);
}

/** Whether its list is open; true, where the browser does not tell. */
function isOpen(select: HTMLSelectElement) {
  return !CSS.supports('selector(:open)') || select.matches(':open');
}
