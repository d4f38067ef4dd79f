// Drawing with a mouse, a pen or a finger: which of their events make a stroke, and when it ends.

import type { Point } from './ink.ts';

export type What = 'draws' | 'erases';

interface Stroke {
  /** The pointer that makes it. Whatever other pointers do meanwhile is not drawn. */
  pointer: number;
  what: What;
  /** The bit of `buttons` that is set for as long as it lasts. */
  buttons: number;
  /** Where it has come to. */
  last: Point;
  end: AbortController;
}

/** Of pointer events: what a button is called when it goes down, and its bit while it is down. */
const CONTACT = { button: 0, buttons: 1 };
const ERASER = { button: 5, buttons: 32 };

/** Types of pointers that can move over the paper without touching it. */
const HOVERING = ['mouse', 'pen'];

export class PointerPen {
  #paper: HTMLElement;
  #side: number;
  #onLine: (points: Point[], what: What) => void;
  /** Nothing, as long as none is drawn. */
  #stroke: Stroke | undefined;

  /**
   * @param side Of the paper, in its own pixels.
   * @param onLine A stroke goes on along these: two at least.
   */
  constructor(paper: HTMLElement, side: number, onLine: (points: Point[], what: What) => void) {
    this.#paper = paper;
    this.#side = side;
    this.#onLine = onLine;
    paper.addEventListener('pointerdown', (event) => this.#begin(event));
  }

  /** Whether a stroke is being drawn. */
  get isDown() {
    return this.#stroke !== undefined;
  }

  /** Whether a style hides the paper: then no point has a place on it. */
  get #isHidden() {
    return this.#paper.clientWidth === 0;
  }

  #begin(event: PointerEvent) {
    const what = whatOf(event);
    if (this.#stroke || !what || this.#isHidden) {
      return;
    }
    const end = new AbortController();
    const { signal } = end;
    const pointer = event.pointerId;
    const { buttons } = what === 'draws' ? CONTACT : ERASER;
    const at = this.#place(event);
    this.#stroke = { pointer, what, buttons, last: at, end };
    const paper = this.#paper;
    const hear = (type: string, act: (event: PointerEvent) => void) =>
      paper.addEventListener(
        type,
        (event) => {
          if ((event as PointerEvent).pointerId === pointer) {
            act(event as PointerEvent);
          }
        },
        { signal },
      );
    hear('pointermove', (moved) => this.#move(moved));
    hear('pointerup', (raised) => {
      this.#draw([this.#place(raised)]);
      this.#finish();
    });
    hear('pointercancel', () => this.#finish());
    hear('lostpointercapture', () => this.#finish());
    // A long press opens no menu in the middle of a stroke.
    paper.addEventListener('contextmenu', (menu) => menu.preventDefault(), { signal });
    // Another window has the pointer now, and may keep its `pointerup`.
    addEventListener('blur', () => this.#finish(), { signal });
    try {
      paper.setPointerCapture(pointer);
    } catch {
      // The pointer has gone already: there will be a dot, and a move without its button ends the stroke.
    }
    this.#onLine([at, at], what);
  }

  #move(event: PointerEvent) {
    const { buttons } = this.#stroke!;
    if (HOVERING.includes(event.pointerType) && (event.buttons & buttons) === 0) {
      this.#finish(); // It was raised where nobody heard of it, or while another button was down.
      return;
    }
    const all = event.getCoalescedEvents?.() ?? [];
    // Some browsers have no coalesced events, and no event that a script has made has any.
    this.#draw((all.length > 0 ? all : [event]).map((it) => this.#place(it)));
  }

  #draw(points: Point[]) {
    if (this.#isHidden) {
      return; // The paper was hidden under the pen.
    }
    const stroke = this.#stroke!;
    const line = [stroke.last, ...points];
    stroke.last = line[line.length - 1];
    this.#onLine(line, stroke.what);
  }

  #finish() {
    const { end, pointer } = this.#stroke!;
    this.#stroke = undefined;
    end.abort();
    if (this.#paper.hasPointerCapture(pointer)) {
      this.#paper.releasePointerCapture(pointer);
    }
  }

  #place({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.#paper.getBoundingClientRect();
    return { x: ((clientX - left) * this.#side) / width, y: ((clientY - top) * this.#side) / height };
  }
}

/**
 * What the pointer does that goes down: nothing with a second finger, with any but the first button,
 * and with the click of a Mac's only button that stands for the second.
 */
function whatOf({ isPrimary, button, buttons, ctrlKey, pointerType }: PointerEvent): What | undefined {
  if (!isPrimary || ctrlKey) {
    return undefined;
  }
  if (button === ERASER.button && pointerType === 'pen') {
    return 'erases';
  }
  // With another button down already, this is no contact of its own.
  return button === CONTACT.button && (buttons & ~CONTACT.buttons) === 0 ? 'draws' : undefined;
}
