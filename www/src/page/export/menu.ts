// Buttons that save what a figure shows, and a line that says what happened.

import { messageOf } from '../../engine/errors.ts';
import { titlesOfOwn } from '../../engine/networks.ts';
import { h } from '../../figure/dom.ts';
import { settingsOnShow } from '../../player/on-show.ts';
import { animation, slideAnimation } from './animation.ts';
import { download, fileName } from './files.ts';
import { copy, permalink } from './link.ts';
import { npy } from './npy.ts';
import { csv, json } from './numbers.ts';
import { picture, slidePicture } from './picture.ts';
import { type Figure as FigureToSave, type Shown, onShow } from './shown.ts';

export type Figure = FigureToSave & HTMLElement;

interface File {
  blob: Blob;
  name: string;
}

type Make = (shown: Shown) => File[] | Promise<File[]>;

/** Progress is said in steps of this much: a screen reader reads out each. */
const STEP = 0.1;

export class SaveMenu {
  #figure: Figure;
  #onError: ((error: unknown) => void) | undefined;
  #status = h('p', { className: 'save-status', role: 'status' });
  #link = h('input', { type: 'text', readOnly: true, hidden: true, 'aria-label': 'Link' });
  #buttons: HTMLButtonElement[];
  element: HTMLDivElement;

  constructor(
    figure: Figure,
    { numbers = true, onError }: {
      /** Whether numbers and arrays can be saved, too. */
      numbers?: boolean;
      /** Where there is a better place for what went wrong than the line of this menu. */
      onError?: (error: unknown) => void;
    } = {},
  ) {
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
        { blob: await this.#animate(animation, shown), name: fileName(shown.settings, '.gif') },
      ]),
      this.#saving('Picture for a slide (PNG)', async (shown) => [
        {
          blob: await slidePicture(shown),
          name: fileName(shown.settings, '-slide.png', { iteration: shown.iteration }),
        },
      ]),
      this.#saving('Animation for a slide (GIF)', async (shown) => [
        { blob: await this.#animate(slideAnimation, shown), name: fileName(shown.settings, '-slide.gif') },
      ]),
      ...(numbers ? this.#numbers() : []),
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

  #numbers() {
    return [
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
  }

  #enable() {
    for (const button of this.#buttons) {
      button.disabled = false;
    }
  }

  /** A button that does one thing at a time. */
  #button(words: string, action: () => Promise<void>) {
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
        this.#say(this.#onError ? '' : messageOf(error));
        this.#onError?.(error);
      }
      busy = false;
    });
    return button;
  }

  #saving(words: string, make: Make) {
    return this.#button(words, async () => {
      const files = await make(onShow(this.#figure));
      for (const { blob, name } of files) {
        download(blob, name);
      }
      this.#say(`Saved ${files.map(({ name }) => name).join(' and ')}.`);
    });
  }

  #animate(make: typeof animation, shown: Shown) {
    if (shown.made === 0) {
      throw new Error('The run stands at its start, so there is nothing that moves. Run the figure first.');
    }
    let said = -1;
    return make(shown, (share) => {
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

  #say(words: string) {
    this.#status.textContent = words;
  }
}
