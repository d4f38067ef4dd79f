// Paper that can be drawn on with a mouse, a pen, a finger or the keyboard. What is on it is kept in an
// array; the canvas only shows it, at once.

import { h } from '../../figure/dom.ts';
import { type Box, Ink, type Picture, type Point, SIDE } from './ink.ts';
import { KeyPen } from './key-pen.ts';
import { PointerPen } from './pointer-pen.ts';

/** How wide a stroke is, in pixels of the paper. */
const PEN = 22;
/** An eraser is wider: what is taken away is rarely met in its middle. */
const ERASER = 1.5 * PEN;

export class Paper {
  #ink = new Ink();
  #canvas = h('canvas', {
    className: 'paper',
    width: SIDE,
    height: SIDE,
    tabIndex: 0,
    // Not an image: of one that has the focus, screen readers keep the arrow keys for themselves.
    role: 'application',
    'aria-roledescription': 'paper',
    'aria-label':
      'Paper to draw a digit on. With the keyboard: arrow keys move the pen, space lowers and lifts it.',
  });
  /** The canvas is never read, but all of it is written from memory: with this option it stays there, not on a GPU. */
  #context = this.#canvas.getContext('2d', { willReadFrequently: true });
  #shown = new ImageData(SIDE, SIDE);
  #onInk: () => void;
  #pointer: PointerPen;
  #keys: KeyPen;
  element: HTMLDivElement;

  constructor({ onInk, onKeys }: {
    /** Something was drawn, or erased. */
    onInk: () => void;
    /** The pen of the keyboard has come, moved or gone. */
    onKeys: () => void;
  }) {
    this.#onInk = onInk;
    const onLine = (points: Point[], what: 'draws' | 'erases') => this.#line(points, what);
    this.#pointer = new PointerPen(this.#canvas, SIDE, onLine);
    this.#keys = new KeyPen(this.#canvas, {
      side: SIDE,
      margin: PEN,
      onLine: (points) => onLine(points, 'draws'),
      onMove: onKeys,
    });
    this.element = h('div', { className: 'sheet' }, this.#canvas, this.#keys.element);
    this.#show(this.#ink.clear());
  }

  /** The ink on it: `SIDE` × `SIDE` numbers, from 0 to 1. It is the paper's own, not a copy. */
  get ink() {
    return this.#ink.values;
  }

  /** Whether a pointer draws just now. */
  get isDrawing() {
    return this.#pointer.isDown;
  }

  /** Where the pen of the keyboard is, in words; nothing, if that does not draw. */
  get penWords() {
    return this.#keys.isShown ? this.#keys.words : '';
  }

  wipe() {
    this.#show(this.#ink.clear());
  }

  /** Puts a picture on it, in place of everything. */
  put(picture: Picture) {
    this.#show(this.#ink.put(picture));
  }

  #line(points: Point[], what: 'draws' | 'erases') {
    const width = what === 'draws' ? PEN : ERASER;
    let changed;
    for (let at = 1; at < points.length; at += 1) {
      const box = this.#ink.stroke(points[at - 1], points[at], width, what);
      changed = changed ? around(changed, box) : box;
    }
    if (changed) {
      this.#show(changed);
      this.#onInk();
    }
  }

  /** White on black. */
  #show({ left, top, right, bottom }: Box) {
    const { data } = this.#shown;
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) {
        const at = y * SIDE + x;
        const gray = 255 * this.#ink.values[at];
        data[4 * at] = gray;
        data[4 * at + 1] = gray;
        data[4 * at + 2] = gray;
        data[4 * at + 3] = 255;
      }
    }
    this.#context?.putImageData(this.#shown, 0, 0, left, top, right - left, bottom - top);
  }
}

function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
