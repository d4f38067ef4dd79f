// A place to draw a digit, with a pen, a finger, the keyboard or an image file; and what the
// networks read in it, live.

import { messageOf } from '../engine/engine.ts';
import { type NetworkName, titleOf } from '../engine/networks.ts';
import { sharedEngine } from '../engine/shared-engine.ts';
import { Bars } from '../figure/bars.ts';
import { h } from '../figure/dom.ts';
import { aDigit, percent } from '../figure/words.ts';
import { quantized } from '../settings/start-image.ts';
import { SIDE } from './drawing/ink.ts';
import { Latest } from './drawing/latest.ts';
import { Paper } from './drawing/paper.ts';
import { Spoken } from './drawing/spoken.ts';
import { inkOfFile } from './ink-of-file.ts';
import { mnistForm } from './mnist-form.ts';

/** The media types that are read. With this list, a phone offers its HEIC photos as JPEG. */
const TYPES = 'image/png,image/jpeg,image/webp,image/gif';
const NOTHING = 'Draw with the mouse, a pen or a finger.';
const NOTHING_BY_KEYS = 'Arrow keys move the pen, space lowers and lifts it.';
const INVITATIONS = [NOTHING, NOTHING_BY_KEYS];

export interface Reading {
  /** 784 pixels, in MNIST's form. */
  image: Float32Array;
  /** The network's first choice. */
  digit: number;
  /** The probability that the network gives to this digit. */
  probability: number;
}

/** Of the paper; the last came from a file. */
type Content = 'nothing' | 'a drawing' | 'a picture';

export class DrawingPad {
  #paper = new Paper({
    onInk: () => this.#put('a drawing'),
    onKeys: () => {
      this.#invite();
      if (this.#paper.penWords) {
        this.#spoken.news();
      }
    },
  });
  #preview = h('canvas', { width: 28, height: 28, role: 'img' });
  #words = h('p', { className: 'caption' }, NOTHING);
  #bars = new Bars();
  #file = h('input', { type: 'file', accept: TYPES, hidden: true });
  #reading = new Latest(() => this.#read());
  #spoken = new Spoken(() => this.#toSay());
  #network: NetworkName;
  #onRead: (reading: Reading | undefined) => void;
  #content: Content = 'nothing';
  /** Counts the changes of the paper: a file that was chosen before the last of them comes too late. */
  #change = 0;
  /** Counts sheets and readers: an answer about another sheet, or of another network, is dropped. */
  #sheet = 0;
  element: HTMLDivElement;

  constructor({ network, onRead, actions = [] }: {
    /** That reads. */
    network: NetworkName;
    /** Called with every reading; with undefined, when the paper is wiped. */
    onRead: (reading: Reading | undefined) => void;
    /** More buttons. */
    actions?: HTMLElement[];
  }) {
    this.#network = network;
    this.#onRead = onRead;
    const wipe = h('button', { type: 'button', className: 'wipe' }, 'Wipe');
    wipe.addEventListener('click', () => this.wipe());
    const choose = h('button', { type: 'button', className: 'choose' }, 'Choose an image …');
    choose.addEventListener('click', () => this.#file.click());
    this.#file.addEventListener('change', () => {
      const [file] = this.#file.files ?? [];
      if (file) {
        this.take(file);
      }
      this.#file.value = '';
    });
    this.element = h(
      'div',
      { className: 'pad' },
      this.#paper.element,
      h('div', { className: 'pad-actions' }, wipe, choose, this.#file, ...actions),
      h('div', { className: 'reading' }, h('div', { className: 'image' }, this.#preview), this.#words),
      this.#bars.element,
      this.#spoken.element,
    );
    this.#clearReading();
  }

  /** Which network reads. */
  get network() {
    return this.#network;
  }

  set network(name) {
    this.#network = name;
    this.#sheet += 1;
    if (this.#content !== 'nothing') {
      this.#reading.ask();
    }
  }

  /** Takes everything off the paper. */
  wipe() {
    this.#change += 1;
    this.#paper.wipe();
    this.#forget(NOTHING);
    this.#invite();
  }

  /** Puts an image file on the paper. What cannot be used is refused, and the paper stays as it is. */
  async take(file: Blob) {
    this.#change += 1;
    const change = this.#change;
    try {
      const picture = await inkOfFile(file, SIDE);
      if (change === this.#change) {
        this.#sheet += 1;
        this.#paper.put(picture);
        this.#put('a picture');
      }
    } catch (error) {
      if (change === this.#change) {
        this.#refuse(messageOf(error));
      }
    }
  }

  /**
   * Takes files that were dropped, and brings into view what becomes of them.
   *
   * @param files None, if what was dropped is no file.
   */
  drop([file]: File[]) {
    this.element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    if (file) {
      this.take(file);
    } else {
      this.#refuse('This is no file. Save the image first, then drop or choose it.');
    }
  }

  /** Says why something is not taken. */
  #refuse(words: string) {
    this.#say(words, true);
  }

  /** @param content That is on the paper now. */
  #put(content: Content) {
    this.#change += 1;
    this.#content = content;
    this.#reading.ask();
  }

  /** Says what to do, as long as there is nothing else to say. */
  #invite() {
    if (INVITATIONS.includes(this.#words.textContent ?? '')) {
      this.#words.textContent = this.#paper.penWords ? NOTHING_BY_KEYS : NOTHING;
    }
  }

  /** @param refused Whether something was not taken. */
  #say(words: string, refused = false) {
    this.#words.textContent = words;
    this.#words.classList.toggle('refused', refused);
    this.#spoken.news();
  }

  /** For a screen reader; nothing, while there is more to come. */
  #toSay() {
    if (this.#paper.isDrawing || !this.#reading.isDone) {
      return undefined;
    }
    const pen = this.#paper.penWords;
    const words = this.#words.textContent ?? '';
    // The paper itself says how it is drawn on with keys.
    return pen && INVITATIONS.includes(words) ? pen : `${pen} ${words}`.trim();
  }

  /** There is nothing to read. */
  #forget(words: string) {
    this.#content = 'nothing';
    this.#sheet += 1;
    this.#clearReading();
    this.#say(words);
    this.#onRead(undefined);
  }

  #clearReading() {
    this.#preview.getContext('2d')?.clearRect(0, 0, 28, 28);
    this.#preview.setAttribute('aria-label', 'Nothing is drawn yet');
    this.#bars.element.hidden = true;
  }

  /** The network looks at what is on the paper. */
  async #read() {
    const content = this.#content;
    const sheet = this.#sheet;
    const network = this.#network;
    const drawn = content === 'nothing' ? undefined : mnistForm(this.#paper.ink, SIDE);
    if (!drawn) {
      if (content !== 'nothing') {
        this.#forget(content === 'a picture' ? 'There is no ink in this picture.' : NOTHING);
        this.#invite();
      }
      return;
    }
    const image = quantized(drawn);
    try {
      const engine = await sharedEngine();
      const [probabilities] = await engine.probabilities(network, image);
      if (sheet === this.#sheet) {
        this.#show(network, image, probabilities, engine.paint(image, 0, 1));
      }
    } catch (error) {
      if (sheet === this.#sheet) {
        this.#refuse(messageOf(error));
      }
    }
  }

  #show(network: NetworkName, image: Float32Array, probabilities: number[], picture: ImageData) {
    const digit = probabilities.indexOf(Math.max(...probabilities));
    const probability = probabilities[digit];
    const words = `The ${titleOf(network)} reads ${aDigit(digit)}, with ${percent(probability)}.`;
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
