// The shadow tree of a figure: all of it out of reach of the page's styles, with its own style sheets; and the content
// of the element, until there is an image.

import { lackOfShowing } from '../engine/needs.ts';
import { Backdrop } from './backdrop.ts';
import { h } from './dom.ts';
import { keepOwnKeys } from './keys.ts';
import { styles } from './styles.ts';
import type { View } from './view.ts';

export class Shell {
  #host: HTMLElement;
  #view: View;
  #root: ShadowRoot;
  #backdrop: Backdrop | undefined;
  /** All of the figure, in English, from left to right. It has a box even where the page says `display: contents`. */
  sealed: HTMLDivElement;

  constructor(host: HTMLElement, view: View) {
    this.#host = host;
    this.#view = view;
    this.sealed = h('div', { className: 'sealed', dir: 'ltr', lang: 'en' }, h('div', { className: 'measure' }, view.element));
    this.#root = host.attachShadow({ mode: 'open' });
    this.#root.append(h('slot'));
    keepOwnKeys(this.#root);
  }

  /** Whether it has been in a document that can show the figure. */
  get isFilled() {
    return this.#backdrop !== undefined;
  }

  /** Puts the figure and its style sheets into the shadow tree. */
  connect() {
    const root = this.#root;
    const missing = lackOfShowing();
    if (missing) {
      console.warn(missing);
      root.replaceChildren(h('slot'), h('p', {}, missing)); // Below the element's content.
      return;
    }
    root.adoptedStyleSheets = styles(this.#host.ownerDocument);
    if (!this.sealed.isConnected) {
      const slot = root.querySelector('slot')!;
      slot.dir = getComputedStyle(this.#host).direction; // The element's content is the page's.
      root.prepend(this.sealed);
      this.#view.hold(slot);
    }
    this.#backdrop ??= new Backdrop(this.#host, this.sealed, () => this.#view.recolor());
    this.#backdrop.connect();
    this.#view.connect();
  }

  disconnect() {
    this.#backdrop?.disconnect();
    this.#view.disconnect();
  }

  /** Looks what is behind the figure now. */
  look() {
    this.#backdrop?.look();
  }
}
