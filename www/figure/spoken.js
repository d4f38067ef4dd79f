// @ts-check
// What is said of a figure to those who do not see it: the names of images and charts, the place of the
// timeline. A run that plays changes them in every frame, and a screen reader that has the focus there
// would read out each. So while it plays they follow every few seconds, and at once when it rests.

/** Milliseconds. */
const EVERY = 5000;

export class Spoken {
  #playing = false;
  /** When they were last written. */
  #last = 0;
  /** What is to be written: texts, by attribute. @type {Map<Element, Map<string, string>>} */
  #waiting = new Map();

  /** Whether there is a frame after every frame. @param {boolean} on */
  set playing(on) {
    this.#playing = on;
    this.#last = performance.now();
    if (!on) {
      this.#write();
    }
  }

  /** @param {Element} element @param {string} attribute @param {string} words */
  say(element, attribute, words) {
    const texts = this.#waiting.get(element) ?? new Map();
    this.#waiting.set(element, texts.set(attribute, words));
    if (!this.#playing || performance.now() - this.#last >= EVERY) {
      this.#write();
    }
  }

  #write() {
    for (const [element, texts] of this.#waiting) {
      for (const [attribute, words] of texts) {
        if (element.getAttribute(attribute) !== words) {
          element.setAttribute(attribute, words);
        }
      }
    }
    this.#waiting.clear();
    this.#last = performance.now();
  }
}
