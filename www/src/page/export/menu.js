// @ts-check
// "Take it with you": buttons that save what a figure shows, and a line that says what happened.

import { titlesOfOwn } from '../../engine/networks.js';
import { h } from '../../figure/dom.js';
import { settingsOnShow } from '../../player/on-show.js';
import { animation } from './animation.js';
import { download, fileName } from './files.js';
import { copy, permalink } from './link.js';
import { npy } from './npy.js';
import { csv, json } from './numbers.js';
import { picture } from './picture.js';
import { onShow } from './shown.js';

/** @typedef {import('./shown.js').Shown} Shown */
/** @typedef {import('./shown.js').Figure} FigureToSave */
/** @typedef {FigureToSave & HTMLElement} Figure */
/** @typedef {{ blob: Blob, name: string }} File */
/** @typedef {(shown: Shown) => File[] | Promise<File[]>} Make */

/** Progress is said in steps of this much: a screen reader reads out each. */
const STEP = 0.1;

export class SaveMenu {
  #figure;
  #onError;
  #status = h('p', { className: 'save-status', role: 'status' });
  #link = h('input', { type: 'text', readOnly: true, hidden: true, 'aria-label': 'Link' });
  #buttons;
  element;

  /**
   * @param {Figure} figure
   * @param {object} callbacks
   * @param {(error: unknown) => void} callbacks.onError
   */
  constructor(figure, { onError }) {
    this.#figure = figure;
    this.#onError = onError;
    this.#buttons = [
      this.#button('Copy link', () => this.#copy()),
      this.#saving('Picture (PNG)', async (shown) => [
        {
          blob: await picture(shown),
          name: fileName(shown.settings, '.png', { iteration: shown.iteration }),
        },
      ]),
      this.#saving('Animation (GIF)', async (shown) => [
        { blob: await this.#animate(shown), name: fileName(shown.settings, '.gif') },
      ]),
      this.#saving('Numbers (CSV)', async (shown) => [
        { blob: await csv(shown), name: fileName(shown.settings, '.csv') },
      ]),
      this.#saving('Numbers (JSON)', async (shown) => [
        { blob: await json(shown), name: fileName(shown.settings, '.json') },
      ]),
      this.#saving('Start image (.npy)', ({ settings, experiment }) =>
        experiment.networkResults.map(({ network, history }) => ({
          blob: npy(history.snapshots[0].images),
          name: fileName(settings, '-start.npy', { network }),
        })),
      ),
      this.#saving('Image (.npy)', ({ settings, experiment, iteration }) =>
        experiment.networkResults.map(({ network, history }) => ({
          blob: npy(history.at(iteration).images),
          name: fileName(settings, '-image.npy', { network, iteration }),
        })),
      ),
    ];
    this.element = h(
      'div',
      { className: 'save', role: 'group', 'aria-label': 'Take it with you' },
      h('div', { className: 'save-buttons' }, ...this.#buttons),
      this.#link,
      this.#status,
    );
    figure.addEventListener('step', () => this.#enable(), { once: true });
    if (figure.experiment?.networkResults.every(({ history }) => history.snapshots.length > 0)) {
      this.#enable();
    }
  }

  #enable() {
    for (const button of this.#buttons) {
      button.disabled = false;
    }
  }

  /**
   * A button that does one thing at a time.
   *
   * @param {string} words
   * @param {() => Promise<void>} action
   */
  #button(words, action) {
    const button = h('button', { type: 'button', disabled: true }, words);
    let busy = false;
    button.addEventListener('click', async () => {
      if (busy) {
        return; // Not disabled meanwhile, or it would lose the focus.
      }
      busy = true;
      this.#link.hidden = true;
      try {
        await action();
      } catch (error) {
        this.#say('');
        this.#onError(error);
      }
      busy = false;
    });
    return button;
  }

  /** @param {string} words @param {Make} make */
  #saving(words, make) {
    return this.#button(words, async () => {
      const files = await make(onShow(this.#figure));
      for (const { blob, name } of files) {
        download(blob, name);
      }
      this.#say(`Saved ${files.map(({ name }) => name).join(' and ')}.`);
    });
  }

  /** @param {Shown} shown */
  #animate(shown) {
    let said = -1;
    return animation(shown, (share) => {
      const step = Math.floor(share / STEP);
      if (step > said) {
        said = step;
        this.#say(`Making the animation … ${Math.round(100 * STEP * step)}%`);
      }
    });
  }

  async #copy() {
    const settings = settingsOnShow(this.#figure);
    const link = permalink(settings);
    const own = titlesOfOwn(settings.network);
    if (await copy(link)) {
      this.#say(`Link copied.${own.length > 0 ? ` Only this browser has ${own.join(' and ')}.` : ''}`);
      return;
    }
    this.#link.value = link;
    this.#link.hidden = false;
    this.#link.select();
    this.#say('This browser did not allow it. Copy the link from the field.');
  }

  /** @param {string} words */
  #say(words) {
    this.#status.textContent = words;
  }
}
