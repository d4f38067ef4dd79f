// @ts-check
// A place to draw a digit, with a pen, a finger, the keyboard or an image file; and what the
// networks read in it, live.

import { h } from './dom.js';
import { messageOf } from './engine.js';
import { Bars } from './figure/bars.js';
import { percent } from './figure/words.js';
import { inkOfFile } from './ink-of-file.js';
import { mnistForm } from './mnist-form.js';
import { titleOf } from './networks.js';
import { sharedEngine } from './shared-engine.js';
import { quantised } from './start-image.js';

/** @typedef {import('./networks.js').NetworkName} NetworkName */

/** Of the paper, in its own pixels. */
const SIDE = 280;
const PEN = 22;
/** How far an arrow key moves the pen. */
const STRIDE = 10;
/** Of the files that are read. With this list, a phone offers its HEIC photos as JPEG. */
const TYPES = 'image/png,image/jpeg,image/webp,image/gif';
const NOTHING = 'Draw with the mouse, a pen or a finger.';

/**
 * @typedef {object} Reading
 * @property {Float32Array} image 784 pixels, in MNIST's form.
 * @property {number} digit The network's first choice.
 * @property {number} probability What it gives to that.
 */

export class DrawingPad {
  #paper = h('canvas', {
    className: 'paper',
    width: SIDE,
    height: SIDE,
    tabIndex: 0,
    role: 'img',
    'aria-label':
      'Paper to draw a digit on. With the keyboard: arrow keys move the pen, space lifts and lowers it.',
  });
  #context;
  #preview = h('canvas', { width: 28, height: 28, role: 'img', 'aria-label': 'Nothing is drawn yet' });
  #words = h('p', { className: 'caption', role: 'status' }, NOTHING);
  #bars = new Bars();
  #file = h('input', { type: 'file', accept: TYPES, hidden: true });
  #network;
  #onRead;
  /** @type {{ x: number, y: number } | undefined} */
  #last;
  #cursor = { x: SIDE / 2, y: SIDE / 2, down: false };
  #asked = 0;

  /**
   * @param {object} options
   * @param {NetworkName} options.network That reads.
   * @param {(reading: Reading | undefined) => void} options.onRead Hears of every reading; of
   *   nothing, when the paper is wiped.
   * @param {HTMLElement[]} [options.actions] More buttons.
   */
  constructor({ network, onRead, actions = [] }) {
    this.#network = network;
    this.#onRead = onRead;
    const context = this.#paper.getContext('2d', { willReadFrequently: true });
    if (!context) {
      throw new Error('This browser gives no 2D canvas, so nothing can be drawn.');
    }
    this.#context = context;
    const wipe = h('button', { type: 'button', className: 'wipe' }, 'Wipe');
    wipe.addEventListener('click', () => this.wipe());
    const choose = h('button', { type: 'button', className: 'choose' }, 'Choose an image …');
    choose.addEventListener('click', () => this.#file.click());
    this.element = h(
      'div',
      { className: 'pad' },
      this.#paper,
      h('div', { className: 'pad-actions' }, wipe, choose, this.#file, ...actions),
      h('div', { className: 'reading' }, h('div', { className: 'image' }, this.#preview), this.#words),
      this.#bars.element,
    );
    this.#bars.element.hidden = true;
    this.#listen();
    this.#clear();
  }

  #listen() {
    const paper = this.#paper;
    paper.addEventListener('pointerdown', (event) => {
      paper.setPointerCapture(event.pointerId);
      this.#last = this.#place(event);
      this.#line(this.#last, this.#last);
    });
    paper.addEventListener('pointermove', (event) => {
      if (this.#last) {
        for (const each of event.getCoalescedEvents?.() ?? [event]) {
          const next = this.#place(each);
          this.#line(this.#last, next);
          this.#last = next;
        }
      }
    });
    for (const end of ['pointerup', 'pointercancel']) {
      paper.addEventListener(end, () => (this.#last = undefined));
    }
    paper.addEventListener('keydown', (event) => this.#key(event));
    this.#file.addEventListener('change', () => {
      const [file] = this.#file.files ?? [];
      if (file) {
        this.take(file);
      }
      this.#file.value = '';
    });
    this.element.addEventListener('dragover', (event) => event.preventDefault());
    this.element.addEventListener('drop', (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (file) {
        this.take(file);
      } else {
        this.#say('This is no file. Save the image first, then drop or choose it.', true);
      }
    });
  }

  /** Which network reads. */
  get network() {
    return this.#network;
  }

  set network(name) {
    this.#network = name;
    if (!this.#bars.element.hidden) {
      this.#read();
    }
  }

  /** @param {PointerEvent} event */
  #place(event) {
    const { left, top, width, height } = this.#paper.getBoundingClientRect();
    return { x: ((event.clientX - left) * SIDE) / width, y: ((event.clientY - top) * SIDE) / height };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    const pen = this.#cursor;
    if (event.key === ' ') {
      pen.down = !pen.down;
    } else if (move) {
      const inside = (/** @type {number} */ it) => Math.min(SIDE - PEN, Math.max(PEN, it));
      const next = { x: inside(pen.x + STRIDE * move[0]), y: inside(pen.y + STRIDE * move[1]) };
      if (pen.down) {
        this.#line(pen, next);
      }
      Object.assign(pen, next);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.#say(
      `The pen is ${pen.down ? 'down' : 'up'}, ${Math.round((100 * pen.x) / SIDE)}% from the left, ` +
        `${Math.round((100 * pen.y) / SIDE)}% from the top.`,
    );
    this.#paper.style.setProperty('--pen-x', `${(100 * pen.x) / SIDE}%`);
    this.#paper.style.setProperty('--pen-y', `${(100 * pen.y) / SIDE}%`);
  }

  /** @param {{ x: number, y: number }} from @param {{ x: number, y: number }} to */
  #line(from, to) {
    const context = this.#context;
    context.strokeStyle = 'white';
    context.lineWidth = PEN;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    this.#read();
  }

  #clear() {
    this.#context.fillStyle = 'black';
    this.#context.fillRect(0, 0, SIDE, SIDE);
  }

  /** Takes everything off the paper. */
  wipe() {
    this.#clear();
    this.#forget(NOTHING);
  }

  /** @param {string} words @param {boolean} [refused] Whether something was not taken. */
  #say(words, refused = false) {
    this.#words.textContent = words;
    this.#words.classList.toggle('refused', refused);
  }

  /** There is nothing to read. @param {string} words */
  #forget(words) {
    this.#asked += 1;
    this.#preview.getContext('2d')?.clearRect(0, 0, 28, 28);
    this.#preview.setAttribute('aria-label', 'Nothing is drawn yet');
    this.#say(words);
    this.#bars.element.hidden = true;
    this.#onRead(undefined);
  }

  /**
   * Puts an image file on the paper. What cannot be used is refused, and the paper stays as it is.
   *
   * @param {Blob} file
   */
  async take(file) {
    this.#asked += 1;
    const number = this.#asked;
    try {
      const picture = await inkOfFile(file, SIDE);
      if (number !== this.#asked) {
        return; // Something was drawn, wiped or chosen meanwhile.
      }
      const { width, height } = picture;
      const scale = SIDE / Math.max(width, height);
      this.#clear();
      this.#context.drawImage(
        picture,
        (SIDE - scale * width) / 2,
        (SIDE - scale * height) / 2,
        scale * width,
        scale * height,
      );
      await this.#read();
    } catch (error) {
      if (number === this.#asked) {
        this.#say(messageOf(error), true);
      }
    }
  }

  /** The network looks at what is on the paper. */
  async #read() {
    this.#asked += 1;
    const number = this.#asked;
    const { data } = this.#context.getImageData(0, 0, SIDE, SIDE);
    const drawn = mnistForm(Float32Array.from({ length: SIDE * SIDE }, (_, at) => data[4 * at] / 255), SIDE);
    if (!drawn) {
      this.#forget('There is no ink in this picture.');
      return;
    }
    const image = quantised(drawn);
    try {
      const engine = await sharedEngine();
      const [probabilities] = await engine.answers(this.#network, image);
      if (number === this.#asked) {
        this.#show(image, probabilities, engine.paint(image, 0, 1));
      }
    } catch (error) {
      this.#say(messageOf(error), true);
    }
  }

  /** @param {Float32Array} image @param {number[]} probabilities @param {ImageData} picture */
  #show(image, probabilities, picture) {
    const digit = probabilities.indexOf(Math.max(...probabilities));
    const probability = probabilities[digit];
    const words = `The ${titleOf(this.#network)} reads a ${digit}, with ${percent(probability)}.`;
    this.#preview.getContext('2d')?.putImageData(picture, 0, 0);
    this.#preview.setAttribute('aria-label', `The drawing in MNIST's form. ${words}`);
    this.#say(words);
    this.#bars.element.hidden = false;
    this.#bars.draw(
      '',
      probabilities.map((after, each) => ({ digit: each, after, wanted: each === digit })),
    );
    this.#onRead({ image, digit, probability });
  }
}
