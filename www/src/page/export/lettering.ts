// Words as pixels. A canvas draws them and is read: where a browser puts noise in place of what a canvas holds, to
// protect against fingerprinting, that cannot be done, and a sentence says so.

/** How far what is read may be off. */
const TOLERANCE = 16;

/** A word in a box: how much of each pixel it covers, 0 to 255. */
export interface Word {
  width: number;
  height: number;
  coverage: Uint8Array;
}

export class Lettering {
  #context: CanvasRenderingContext2D;
  /** Words come again in many frames. */
  #made = new Map<string, Word>();

  constructor() {
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!context) {
      throw new Error('This browser gives no 2D canvas, so the words of the picture cannot be drawn.');
    }
    this.#context = context;
    if (!this.#isRead()) {
      throw new Error(
        'This browser puts noise in place of what a page draws, to protect against fingerprinting, so the words of ' +
          'the picture cannot be drawn. Take the picture without words, or let this page read canvas data.',
      );
    }
  }

  /** @param size Of the letters, in pixels. */
  word(words: string, size: number): Word {
    const key = `${size} ${words}`;
    const made = this.#made.get(key) ?? this.#make(words, size);
    this.#made.set(key, made);
    return made;
  }

  #make(words: string, size: number): Word {
    const { canvas } = this.#context;
    const font = `600 ${size}px system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif`;
    this.#context.font = font;
    canvas.width = Math.max(1, Math.ceil(this.#context.measureText(words).width));
    canvas.height = Math.ceil(1.4 * size);
    this.#context.font = font; // A canvas forgets it with its size.
    this.#context.textBaseline = 'middle';
    this.#context.fillText(words, 0, canvas.height / 2);
    return { width: canvas.width, height: canvas.height, coverage: this.#read() };
  }

  /** Whether what is drawn is what is read. */
  #isRead() {
    const { canvas } = this.#context;
    canvas.width = 32;
    canvas.height = 8;
    this.#context.fillRect(16, 0, 16, 8);
    return this.#read().every((it, at) => Math.abs(it - (at % 32 < 16 ? 0 : 255)) <= TOLERANCE);
  }

  #read() {
    const { width, height } = this.#context.canvas;
    const { data } = this.#context.getImageData(0, 0, width, height);
    return Uint8Array.from({ length: width * height }, (_, at) => data[4 * at + 3]);
  }
}
