// @ts-check
// All that a person or a script can do to a figure, for the test of any order of it.

import fc from 'fast-check';

/**
 * @typedef {object} Act
 * @property {string} what A name in `VALUES`.
 * @property {string | number} value
 * @property {number} rest Milliseconds until the next; 0 for none at all, 1 for an animation frame.
 */

const DIGITS = fc.constantFrom('0', '3', '8', '1,7');
const STEPS = fc.integer({ min: 1, max: 60 });
const PERCENT = fc.integer({ min: 5, max: 95 });

/** @type {Record<string, fc.Arbitrary<string | number>>} */
const VALUES = {
  run: fc.constant(''),
  play: fc.constant(''),
  pause: fc.constant(''),
  step: fc.constant(''),
  reset: fc.constant(''),
  timeline: fc.integer({ min: 0, max: 70 }),
  seek: fc.integer({ min: 0, max: 70 }),
  last: fc.constant(''),
  digit: DIGITS,
  network: fc.constantFrom('mlp', 'lenet5', 'mlp,lenet5'),
  target: PERCENT,
  drag: PERCENT,
  steps: STEPS,
  seed: fc.integer({ min: 1, max: 9 }),
  pace: fc.constantFrom('slow', 'normal', 'full'),
  colors: fc.constantFrom('viridis', 'diverging'),
  'color-scale': fc.constantFrom('fitted', 'fixed'),
  preset: fc.constantFrom('notebook', 'sharp', 'sparse'),
  hide: fc.constantFrom('display: none', 'visibility: hidden', 'opacity: 0'),
  show: fc.constant(''),
  away: fc.constant(''),
  back: fc.constant(''),
  behind: fc.constant(''),
  front: fc.constant(''),
  move: fc.constant(''),
  remove: fc.constantFrom(0, 700), // For a moment, and for longer than an element out of the document keeps its run.
  focus: fc.constantFrom('.run', '.step', '[name="target"]', '.timeline-slider'),
  blur: fc.constant(''),
  fault: fc.constant(''), // The next snapshot fails.
  retry: fc.constant(''),
};

/** What drives a run is done more often than what is around it. */
const OFTEN = ['run', 'step', 'timeline', 'drag', 'target'];

const RESTS = fc.constantFrom(0, 0, 1, 1, 30, 150);

const act = fc.oneof(
  ...Object.entries(VALUES).map(([what, value]) => ({
    weight: OFTEN.includes(what) ? 4 : 1,
    arbitrary: fc.record({ what: fc.constant(what), value, rest: RESTS }, { noNullPrototype: true }),
  })),
);

/** @type {fc.Arbitrary<Act[]>} */
export const anyUse = fc.array(act, { minLength: 12, maxLength: 30, size: 'max' });

/** Makes a figure, and keeps what becomes of its runs. Runs in the page, once. */
export async function stage() {
  const from = (/** @type {string} */ path) => import(/** @type {any} */ (path));
  const [{ Engine }, { Run }, { RunState }, { useBackend }] = await Promise.all([
    from('/src/engine/engine.js'), from('/src/engine/run.js'), from('/src/player/run-state.js'), from('/src/engine/shared-engine.js'),
  ]);
  const kept = {
    runs: new Set(),
    states: new Map(),
    changes: /** @type {string[][]} */ ([]),
    errors: /** @type {string[]} */ ([]),
    faulty: false,
  };
  Object.assign(window, { kept });
  const { begin } = Engine.prototype;
  Engine.prototype.begin = async function (/** @type {any[]} */ ...given) {
    const run = await begin.apply(this, given);
    kept.runs.add(run);
    return run;
  };
  const { free } = Run.prototype;
  Run.prototype.free = function () {
    kept.runs.delete(this);
    free.call(this);
  };
  const { advance } = Run.prototype;
  Run.prototype.advance = function (/** @type {any[]} */ ...given) {
    if (kept.faulty) {
      kept.faulty = false;
      return Promise.reject(new Error('It has failed.'));
    }
    return advance.apply(this, given);
  };
  const { to } = RunState.prototype;
  RunState.prototype.to = function (/** @type {string} */ event) {
    const change = [this.value, event];
    kept.changes.push(change);
    to.call(this, event);
    change.push(this.value);
    kept.states.set(this, this.value);
  };
  addEventListener('error', ({ message }) => kept.errors.push(message), { capture: true });
  useBackend('cpu');
  await from('/activation-maximization.js');
}

/** A new figure, in the place of the last. Runs in the page. */
export function begin() {
  const figure = document.createElement('activation-maximization');
  for (const [name, value] of Object.entries({ digit: '3', steps: '40', pace: 'full', controls: '', show: 'settings', autoplay: '' })) {
    figure.setAttribute(name, value);
  }
  Object.assign(window, { figure });
  document.getElementById('one')?.append(figure);
}

/** Does all of it, one after another. Runs in the page. @param {Act[]} acts */
export async function use(acts) {
  const { figure, kept } = /** @type {any} */ (window);
  const one = /** @type {HTMLElement} */ (document.getElementById('one'));
  const two = /** @type {HTMLElement} */ (document.getElementById('two'));
  const within = (/** @type {string} */ selector) => figure.shadowRoot.querySelector(selector);
  const frame = () => new Promise(requestAnimationFrame);
  const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const put = (/** @type {string} */ selector, /** @type {string} */ value, /** @type {string[]} */ types = ['input', 'change']) => {
    const field = within(selector);
    field.value = value;
    types.forEach((type) => field.dispatchEvent(new Event(type, { bubbles: true })));
  };
  const turn = (/** @type {'visible' | 'hidden'} */ state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  /** @type {Record<string, (value: any) => unknown>} */
  const does = {
    run: () => within('.run').click(),
    play: () => figure.play(),
    pause: () => void figure.pause(),
    step: () => within('.step').click(),
    reset: () => within('.reset').click(),
    timeline: (value) => put('.timeline-slider', String(value)),
    seek: (value) => figure.seek(value),
    last: () => figure.removeAttribute('at'),
    digit: (value) => figure.setAttribute('digit', value),
    network: (value) => figure.setAttribute('network', value),
    target: (value) => put('[name="target"]', String(value)),
    steps: (value) => put('[name="steps"]', String(value)),
    seed: (value) => put('[name="seed"]', String(value)),
    pace: (value) => figure.setAttribute('pace', value),
    colors: (value) => figure.setAttribute('colors', value),
    'color-scale': (value) => figure.setAttribute('color-scale', value),
    preset: (value) => put('[name="preset"]', value),
    hide: (value) => one.parentElement?.setAttribute('style', value),
    show: () => one.parentElement?.removeAttribute('style'),
    away: () => scrollTo(0, 3 * innerHeight),
    back: () => scrollTo(0, 0),
    behind: () => turn('hidden'),
    front: () => turn('visible'),
    move: () => (figure.parentElement === one ? two : one).append(figure),
    blur: () => figure.shadowRoot.activeElement?.blur(),
    focus: (value) => within(value).focus(),
    fault: () => (kept.faulty = true),
    retry: () => within('.failed > button')?.click(),
    async remove(value) {
      const parent = figure.parentElement;
      figure.remove();
      await pause(value);
      parent.append(figure);
    },
    async drag(value) {
      for (let made = 0; made < 8; made += 1) {
        put('[name="target"]', String(5 + ((value + 7 * made) % 90)), ['input']);
        await frame();
      }
    },
  };
  for (const { what, value, rest } of acts) {
    await does[what](value);
    await (rest === 1 ? frame() : rest > 1 ? pause(rest) : undefined);
  }
  does.show('');
  does.back('');
  turn('visible');
  kept.faulty = false;
}
