// One dialog for all figures of the page: the link of a figure, its picture and animation, and what to paste so that
// it appears elsewhere. Its styles are in share-dialog.css.

import { titlesOfOwn } from '../engine/networks.ts';
import { h } from '../figure/dom.ts';
import { copy } from './export/link.ts';
import { type Figure, SaveMenu } from './export/menu.ts';
import { FORMATS, type Wish, embedAddress, isOnlyHere, snippet } from './snippets.ts';

const SWITCHES = {
  controls: 'Controls',
  autoplay: 'Runs by itself',
  form: 'Settings form',
  charts: 'Charts',
} as const;

/** Where the laboratory is, for those who paste an address elsewhere. */
const BASE = new URL('./', document.baseURI).href;

export class ShareDialog {
  #figure: Figure | undefined;
  /** That of each figure, made when it is first shared: it says what was done last. */
  #menus = new WeakMap<Figure, SaveMenu>();
  #files = h('div', {});
  #local = h(
    'p',
    { className: 'local', hidden: !isOnlyHere(BASE) },
    'This address is on your computer only: others cannot open it.',
  );
  #formats = FORMATS.map(({ format, name }, index) =>
    choice('radio', 'share-format', format, name, index === 0),
  );
  #switches = Object.entries(SWITCHES).map(([key, label]) =>
    choice('checkbox', 'share-switch', key, label, key === 'controls' || key === 'autoplay'),
  );
  #where = h('p', { className: 'hint', id: 'share-where' });
  #own = h('p', { className: 'only-here', hidden: true });
  #text = h('textarea', {
    readOnly: true,
    spellcheck: false,
    'aria-label': 'What to paste',
    'aria-describedby': 'share-where',
  });
  #copy = h('button', { type: 'button', className: 'primary' }, 'Copy');
  #see = h('a', { target: '_blank', rel: 'noopener' }, 'See the figure alone ↗');
  #said = h('p', { className: 'said', role: 'status' });
  element: HTMLDialogElement;

  constructor() {
    const close = h('button', { type: 'button', className: 'close', 'aria-label': 'Close' }, '✕');
    this.element = h(
      'dialog',
      { className: 'share-dialog', 'aria-labelledby': 'share-title' },
      h(
        'div',
        { className: 'inside' },
        h('header', {}, h('h2', { id: 'share-title' }, 'Share this figure'), close),
        this.#local,
        this.#files,
        group('To paste', this.#formats),
        this.#where,
        group('With', this.#switches),
        this.#own,
        this.#text,
        h('footer', {}, this.#copy, this.#said, this.#see),
      ),
    );
    close.addEventListener('click', () => this.element.close());
    this.#copy.addEventListener('click', () => this.#take());
    this.#text.addEventListener('focus', () => this.#text.select());
    this.element.addEventListener('change', () => this.#write());
    this.element.addEventListener('click', ({ target }) => {
      if (target === this.element) {
        this.element.close(); // The click was on the backdrop.
      }
    });
  }

  /** Shares a figure as it is now. */
  open(figure: Figure) {
    const menu = this.#menus.get(figure) ?? new SaveMenu(figure, { numbers: false });
    this.#menus.set(figure, menu);
    this.#files.replaceChildren(menu.element);
    this.#figure = figure;
    this.#write();
    this.element.showModal();
    this.#formats.find(({ input }) => input.checked)?.input.focus(); // Rather than the button that closes it.
  }

  #write() {
    if (!this.#figure) {
      return;
    }
    const chosen = this.#formats.find(({ input }) => input.checked)?.input.value;
    const format = FORMATS.find((it) => it.format === chosen) ?? FORMATS[0];
    const on = (key: keyof typeof SWITCHES) => this.#switches.some(({ input }) => input.value === key && input.checked);
    const wish: Wish = {
      base: BASE,
      config: this.#figure.settings,
      controls: on('controls'),
      autoplay: on('autoplay'),
      form: on('form'),
      charts: on('charts'),
    };
    const own = titlesOfOwn(wish.config.network);
    this.#own.hidden = own.length === 0;
    this.#own.textContent =
      `Only this browser has ${own.join(' and ')}: on another computer, the figure says so and shows ` +
      `the networks that are there, or the MLP.`;
    this.#where.textContent = format.where;
    this.#text.value = snippet(format.format, wish);
    this.#see.href = embedAddress(wish);
    this.#said.textContent = '';
  }

  async #take() {
    if (await copy(this.#text.value)) {
      this.#said.textContent = 'Copied.';
    } else {
      this.#text.focus();
      this.#said.textContent = 'It is selected: copy it with Ctrl+C or ⌘C.';
    }
  }
}

function choice(type: 'radio' | 'checkbox', name: string, value: string, label: string, checked: boolean) {
  const input = h('input', { type, name, value, checked });
  return { input, element: h('label', {}, input, h('span', {}, label)) };
}

function group(title: string, choices: { element: HTMLElement }[]) {
  return h('fieldset', {}, h('legend', {}, title), ...choices.map(({ element }) => element));
}
