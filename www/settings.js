// @ts-check
// The form: what the person asks for.

/** @typedef {import('./session.js').NetworkName} NetworkName */

/** The lab's iterations for each network. */
const ITERATIONS = { mlp: 50, lenet5: 500 };

/** Seconds that the lab's iterations take. */
const SECONDS = { slow: 12, normal: 3, full: 0 };

const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export class Settings {
  #form;
  #pace;
  #iterations = ITERATIONS.mlp;

  /**
   * @param {object} callbacks
   * @param {() => void} callbacks.onBegin Something changed that needs a new run.
   * @param {() => void} callbacks.onLive Something changed that the run can follow.
   * @param {(error: Error) => void} callbacks.onInvalid Something cannot be used; what was, stays.
   */
  constructor({ onBegin, onLive, onInvalid }) {
    this.#form = /** @type {HTMLFormElement} */ (document.getElementById('controls'));
    this.#pace = /** @type {HTMLElement} */ (document.getElementById('pace'));
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#form.addEventListener('input', (event) => {
      this.#label();
      const { id } = /** @type {HTMLInputElement} */ (event.target);
      if (id === 'target' || id === 'rate') {
        onLive();
      }
    });
    this.#form.addEventListener('change', (event) => {
      const { id, name } = /** @type {HTMLInputElement} */ (event.target);
      if (name === 'network') {
        this.#field('iterations').valueAsNumber = ITERATIONS[this.network];
        this.#iterations = ITERATIONS[this.network];
      }
      if (id === 'iterations') {
        try {
          this.#iterations = this.#checkedIterations();
          onLive();
        } catch (error) {
          onInvalid(/** @type {Error} */ (error));
        }
      } else if (id !== 'target' && id !== 'rate') {
        onBegin();
      }
    });
    document.getElementById('new-seed')?.addEventListener('click', () => {
      this.#field('seed').valueAsNumber = crypto.getRandomValues(new Uint16Array(1))[0];
      onBegin();
    });
    this.#label();
  }

  /** @returns {NetworkName} */
  get network() {
    return /** @type {NetworkName} */ (this.#chosen('network'));
  }

  /** What a run begins with. */
  get begin() {
    const digit = this.#chosen('digit');
    return {
      network: this.network,
      digits: digit === 'all' ? ALL : [Number(digit)],
      seed: this.#field('seed').valueAsNumber,
      deviation: this.#field('deviation').valueAsNumber,
    };
  }

  /** Where the run ends. */
  get iterations() {
    return this.#iterations;
  }

  #checkedIterations() {
    const iterations = this.#field('iterations').valueAsNumber;
    if (!Number.isInteger(iterations) || iterations < 1 || iterations > 100_000) {
      throw new RangeError(
        `The number of iterations is ${iterations}. It must be a whole number from 1 to 100000.`,
      );
    }
    return iterations;
  }

  /** What every step obeys. */
  get step() {
    return { target: this.#target, learningRate: this.#rate };
  }

  /** Iterations a second. */
  get pace() {
    const checked = this.#pace.querySelector('input:checked');
    const pace = /** @type {keyof typeof SECONDS} */ (/** @type {HTMLInputElement} */ (checked).value);
    return SECONDS[pace] === 0 ? Infinity : ITERATIONS[this.network] / SECONDS[pace];
  }

  get #target() {
    return this.#field('target').valueAsNumber / 100;
  }

  /** The slider is logarithmic; two digits are enough. */
  get #rate() {
    return Number((10 ** this.#field('rate').valueAsNumber).toPrecision(2));
  }

  #label() {
    text('target-value', `${this.#field('target').value}%`);
    text('rate-value', String(this.#rate));
    this.#field('target').setAttribute('aria-valuetext', `${this.#field('target').value}%`);
    this.#field('rate').setAttribute('aria-valuetext', String(this.#rate));
  }

  /** @param {string} id */
  #field(id) {
    return /** @type {HTMLInputElement} */ (document.getElementById(id));
  }

  /** @param {string} name */
  #chosen(name) {
    const checked = this.#form.querySelector(`input[name="${name}"]:checked`);
    return /** @type {HTMLInputElement} */ (checked).value;
  }
}

/** @param {string} id @param {string} value */
function text(id, value) {
  const element = document.getElementById(id);
  if (element) {
    element.textContent = value;
  }
}
