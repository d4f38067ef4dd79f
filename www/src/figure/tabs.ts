// Panels of which one is on show, chosen by tabs: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/, where arrow keys choose
// at once. Which one is chosen is kept here and nowhere else.

import { h } from './dom.ts';

interface Tab {
  name: string;
  button: HTMLButtonElement;
  /** Said after the name; drawn as a dot. */
  mark: HTMLElement;
  panel: HTMLElement;
}

export class Tabs {
  #tabs: Tab[];
  #chosen: Tab;
  list: HTMLElement;

  /** @param title What the tabs are of. */
  constructor(title: string, names: string[]) {
    this.#tabs = names.map((name) => {
      const key = name.toLowerCase();
      const mark = h('span', { className: 'tab-mark', hidden: true }, h('span', { className: 'visually-hidden' }, ', changed'));
      const button = h(
        'button',
        { type: 'button', role: 'tab', id: `tab-${key}`, 'aria-controls': `panel-${key}` },
        name,
        mark,
      );
      const panel = h('div', { role: 'tabpanel', id: `panel-${key}`, 'aria-labelledby': button.id });
      const tab = { name, button, mark, panel };
      button.addEventListener('click', () => this.#choose(tab));
      return tab;
    });
    this.#chosen = this.#tabs[0];
    this.list = h('div', { className: 'tabs', role: 'tablist', 'aria-label': title }, ...this.#tabs.map((it) => it.button));
    this.list.addEventListener('keydown', (event) => this.#move(event));
    this.#choose(this.#chosen);
  }

  get panels() {
    return this.#tabs.map(({ panel }) => panel);
  }

  panel(name: string) {
    return this.#tab(name).panel;
  }

  /** Says on a tab whether something in its panel is other than usual. */
  mark(name: string, changed: boolean) {
    this.#tab(name).mark.hidden = !changed;
  }

  /** Shows the panel that has this element, if one has it. */
  reveal(element: Element) {
    const tab = this.#tabs.find(({ panel }) => panel.contains(element));
    if (tab) {
      this.#choose(tab);
    }
  }

  /** Leaves a tab out, or puts it back. */
  show(name: string, isShown: boolean) {
    this.#tab(name).button.hidden = !isShown;
    if (this.#chosen.button.hidden) {
      this.#choose(this.#shown[0] ?? this.#chosen);
    }
  }

  get #shown() {
    return this.#tabs.filter(({ button }) => !button.hidden);
  }

  #tab(name: string) {
    const tab = this.#tabs.find((it) => it.name === name);
    if (!tab) {
      throw new Error(`There is no tab "${name}".`);
    }
    return tab;
  }

  #choose(chosen: Tab) {
    this.#chosen = chosen;
    for (const tab of this.#tabs) {
      const isChosen = tab === chosen;
      tab.button.setAttribute('aria-selected', String(isChosen));
      tab.button.tabIndex = isChosen ? 0 : -1; // The Tab key goes on into the panel.
      tab.panel.hidden = !isChosen;
    }
  }

  #move(event: KeyboardEvent) {
    const shown = this.#shown;
    const at = shown.indexOf(this.#chosen);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    const tab = shown[(next + shown.length) % shown.length];
    this.#choose(tab);
    tab.button.focus();
  }
}
