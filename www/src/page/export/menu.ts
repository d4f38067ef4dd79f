// Buttons that save what a figure shows, and a line that says what happened.

import { messageOf } from '../../engine/errors.ts';
import { titlesOfOwn } from '../../engine/networks.ts';
import { h } from '../../figure/dom.ts';
import { settingsOnShow } from '../../player/on-show.ts';
import { animation, slideAnimation } from './animation.ts';
import { download, fileName } from './files.ts';
import { copy, permalink } from './link.ts';
import { Making } from './making.ts';
import { npy } from './npy.ts';
import { csv, json } from './numbers.ts';
import { picture, slidePicture } from './picture.ts';
import { type Figure as FigureToSave, type Shown, onShow } from './shown.ts';
import { StatusLine } from './status-line.ts';
import { type VideoFormat, lackOfVideo, slideVideo, videoFormat } from './video.ts';
import type { Work } from './work.ts';

export type Figure = FigureToSave & HTMLElement;

interface File {
  blob: Blob;
  name: string;
  /** What is to be known of it. */
  note?: string;
}

/** For those who would put it on a slide, and see only there that it does not play. */
const WEBM = 'PowerPoint and Keynote need an MP4, which this browser cannot write: for them, save the GIF.';

type Make = (shown: Shown) => File[] | Promise<File[]>;
type Animate = (shown: Shown, work: Work) => Promise<File>;

export class SaveMenu {
  #figure: Figure;
  #onError: ((error: unknown) => void) | undefined;
  #status = new StatusLine();
  #link = h('input', { type: 'text', readOnly: true, hidden: true, 'aria-label': 'Link' });
  #making = new Making(this.#status);
  #gif: HTMLButtonElement;
  #video: HTMLButtonElement;
  #videoFormat: VideoFormat | undefined;
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
    this.#gif = this.#animating('Animation for a slide (GIF)', 'animation', async (shown, work) => ({
      blob: await slideAnimation(shown, work),
      name: fileName(shown.settings, '-slide.gif'),
    }));
    const makeVideo: Animate = (shown, work) => this.#makeVideo(shown, work);
    this.#video = this.#animating('Video for a slide', 'video', makeVideo, this.#gif);
    this.#buttons = [
      this.#button('Copy link', () => this.#copy()),
      this.#saving('Picture (PNG)', async (shown) => [
        {
          blob: await picture(shown),
          name: fileName(shown.settings, '.png', { iteration: shown.iteration }),
        },
      ]),
      this.#animating('Animation (GIF)', 'animation', async (shown, work) => ({
        blob: await animation(shown, work),
        name: fileName(shown.settings, '.gif'),
      })),
      this.#saving('Picture for a slide (PNG)', async (shown) => [
        {
          blob: await slidePicture(shown),
          name: fileName(shown.settings, '-slide.png', { iteration: shown.iteration }),
        },
      ]),
      this.#gif,
      this.#video,
      ...(numbers ? this.#numbers() : []),
    ];
    this.element = h(
      'div',
      { className: 'save', role: 'group', 'aria-label': 'Take it with you' },
      h('div', { className: 'save-buttons' }, ...this.#buttons),
      this.#link,
      this.#status.element,
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

  async #enable() {
    // The button of the video says which file comes out, so it waits until that is known.
    for (const button of this.#buttons.filter((it) => it !== this.#video)) {
      button.disabled = false;
    }
    this.#videoFormat = await videoFormat();
    this.#video.append(this.#videoFormat ? ` (${this.#videoFormat.name})` : ': not in this browser');
    this.#video.disabled = false;
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
      if (!this.#making.busy) {
        this.#status.offer();
      }
      try {
        await action();
      } catch (error) {
        this.#status.say(this.#onError ? '' : messageOf(error));
        this.#onError?.(error);
      }
      busy = false;
    });
    return button;
  }

  #saving(words: string, make: Make) {
    return this.#button(words, async () => this.#save(await make(onShow(this.#figure))));
  }

  #save(files: File[]) {
    for (const { blob, name } of files) {
      download(blob, name);
    }
    const notes = files.map(({ note = '' }) => (note === '' ? '' : ` ${note}`)).join('');
    this.#status.say(`Saved ${files.map(({ name }) => name).join(' and ')}.${notes}`);
  }

  /**
   * @param what Is made, in a sentence.
   * @param instead Is offered where it fails.
   */
  #animating(words: string, what: string, make: Animate, instead?: HTMLButtonElement) {
    const button: HTMLButtonElement = this.#button(words, async () => {
      const shown = onShow(this.#figure);
      if (shown.made === 0) {
        throw new Error('The run stands at its start, so there is nothing that moves. Run the figure first.');
      }
      try {
        const file = await this.#making.make(what, button, (work) => make(shown, work));
        if (file) {
          this.#save([file]);
        }
      } catch (error) {
        if (!instead) {
          throw error;
        }
        this.#status.say(messageOf(error));
        this.#status.offer({ words: 'Save a GIF instead', act: () => instead.click(), next: instead });
      }
    });
    this.#making.add(button);
    return button;
  }

  async #makeVideo(shown: Shown, work: Work): Promise<File> {
    const format = this.#videoFormat;
    if (!format) {
      throw new Error(lackOfVideo());
    }
    const name = fileName(shown.settings, `-slide.${format.name.toLowerCase()}`);
    return { blob: await slideVideo(shown, format, work), name, note: format.name === 'WebM' ? WEBM : '' };
  }

  async #copy() {
    const settings = settingsOnShow(this.#figure);
    const link = permalink(settings);
    const own = titlesOfOwn(settings.network);
    if (await copy(link)) {
      this.#status.say(`Link copied.${own.length > 0 ? ` Only this browser has ${own.join(' and ')}.` : ''}`);
      return;
    }
    this.#link.value = link;
    this.#link.hidden = false;
    this.#link.select();
    this.#status.say('This browser did not allow it. Copy the link from the field.');
  }
}
