// Texts for screen readers: the names of images and charts, the place of the timeline. A run that plays changes them in
// every animation frame, and a screen reader with the focus there would read out each change. So they are written
// every few seconds while a run plays, and at once when it rests.

/** Milliseconds. */
const EVERY = 5000;

export class Spoken {
  #playing = false;
  /** When they were last written. */
  #last = 0;
  /** The texts to be written, by attribute. */
  #waiting = new Map<Element, Map<string, string>>();

  /** Whether the run plays. */
  set playing(on: boolean) {
    this.#playing = on;
    this.#last = performance.now();
    if (!on) {
      this.#write();
    }
  }

  say(element: Element, attribute: string, words: string) {
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
