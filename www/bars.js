// @ts-check
// Probabilities before and after, as bars. For one image: its ten digits. For ten images: what each
// gives to its own digit.

/**
 * @typedef {object} Bar
 * @property {number} digit
 * @property {number} before 0 to 1.
 * @property {number} after 0 to 1.
 * @property {boolean} wanted Whether this is the digit that the image is made for.
 */

export class Bars {
  #element;
  #caption;
  /** @type {Map<number, ReturnType<typeof row>>} */
  #rows = new Map();

  constructor() {
    this.#element = /** @type {HTMLElement} */ (document.getElementById('bars'));
    this.#caption = /** @type {HTMLElement} */ (document.getElementById('bars-caption'));
    for (let digit = 0; digit < 10; digit += 1) {
      const made = row(digit);
      this.#rows.set(digit, made);
      this.#element.append(made.element);
    }
  }

  /**
   * @param {string} caption
   * @param {Bar[]} bars
   * @param {number} target 0 to 1.
   */
  draw(caption, bars, target) {
    this.#caption.textContent = caption;
    for (const { digit, before, after, wanted } of bars) {
      const made = this.#rows.get(digit);
      if (!made) {
        continue;
      }
      made.element.classList.toggle('wanted', wanted);
      made.before.style.width = `${100 * before}%`;
      made.after.style.width = `${100 * after}%`;
      made.target.style.left = `${100 * target}%`;
      made.target.hidden = !wanted;
      made.value.textContent = `${(100 * after).toFixed(1)}%`;
      const words = `${digit}: ${percent(before)} before, ${percent(after)} now`;
      made.element.title = words;
      made.element.setAttribute('aria-label', words);
    }
  }
}

/** @param {number} digit */
function row(digit) {
  const element = document.createElement('div');
  element.className = 'bar';
  element.setAttribute('role', 'listitem');
  const name = document.createElement('b');
  name.textContent = String(digit);
  const track = document.createElement('span');
  track.className = 'track';
  const before = document.createElement('i');
  before.className = 'before';
  const after = document.createElement('i');
  after.className = 'after';
  const target = document.createElement('i');
  target.className = 'target';
  target.hidden = true;
  track.append(before, after, target);
  const value = document.createElement('span');
  value.className = 'value';
  element.append(name, track, value);
  return { element, before, after, target, value };
}

/** @param {number} fraction */
function percent(fraction) {
  return `${(100 * fraction).toFixed(2)}%`;
}
