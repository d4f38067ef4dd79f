// Finds out whether a figure stands on a light or a dark background. Pages can be dark without telling the browser so
// (`color-scheme`), and the background need not belong to an element around the figure: that of a slide is beside the
// slide. The color of the page's text says most: somebody chose it to be readable there.

import { h } from './dom.ts';

/** A color that has less contrast than this with the page's text is not what lies behind the figure. */
const LEGIBLE = 1.5;
/** The least contrast of a figure's text, as WCAG 2.2 asks (1.4.3). */
const ENOUGH = 4.5;
/** Where black and white have the same contrast: √(1.05 · 0.05) − 0.05. */
const MIDDLE = 0.179;

/** What lies behind a printed figure, on a page that is light or dark as the system wants: white paper. */
const PAPER = { dark: false, luminance: 1 };

/** sRGB, each 0 to 1. */
export type Color = [red: number, green: number, blue: number, alpha: number];

export interface Layer {
  color: Color;
  /** Whether there is an image or a gradient on it, of which nothing is known. */
  image: boolean;
}

/**
 * What lies behind a figure, as far as can be told.
 *
 * @param text The page's.
 * @param layers The backgrounds around it, the nearest first.
 * @param canvas What is behind all of them.
 * @returns The luminance is missing where it is not known.
 */
export function judge(text: Color, layers: Layer[], canvas: Color): { dark: boolean; luminance: number | undefined } {
  const last = layers.findIndex(({ color }) => color[3] === 1);
  const seen = last < 0 ? layers : layers.slice(0, last + 1);
  const behind = luminance(seen.reduceRight((below, { color }) => over(color, below), canvas));
  const image = seen.some((it) => it.image);
  const plausible = contrast(luminance(over(text, canvas)), behind) >= LEGIBLE && (last >= 0 || !image);
  if (!plausible) {
    return { dark: luminance(text) > MIDDLE, luminance: undefined };
  }
  return { dark: behind < MIDDLE, luminance: image ? undefined : behind };
}

function over([red, green, blue, alpha]: Color, below: Color): Color {
  const mix = (a: number, b: number) => a * alpha + b * (1 - alpha);
  return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
}

/** WCAG's relative luminance. */
export function luminance([red, green, blue]: Color) {
  const linear = (it: number) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** WCAG's contrast of two luminances. */
export function contrast(a: number, b: number) {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

export class Backdrop {
  #host: HTMLElement;
  #sealed: HTMLElement;
  #onChange: () => void;
  #scheme = matchMedia('(prefers-color-scheme: dark)');
  /** Has the page's text color, not the figure's, with a transition: `transitionrun` tells of another color. */
  #witness = h('span', { className: 'witness', 'aria-hidden': 'true' });
  #medium = matchMedia('print');
  /** Whether the browser is about to print: `beforeprint` comes before the medium changes. */
  #printing = false;
  #look = () => this.look();
  #print = ({ type }: Event) => {
    this.#printing = type === 'beforeprint';
    this.look();
  };

  /**
   * @param sealed The element that all of the figure is in.
   * @param onChange The colors of the figure have changed.
   */
  constructor(host: HTMLElement, sealed: HTMLElement, onChange: () => void) {
    this.#host = host;
    this.#sealed = sealed;
    this.#onChange = onChange;
    this.#witness.addEventListener('transitionrun', this.#look);
  }

  connect() {
    this.#sealed.before(this.#witness);
    this.#scheme.addEventListener('change', this.#look);
    this.#medium.addEventListener('change', this.#look);
    addEventListener('beforeprint', this.#print);
    addEventListener('afterprint', this.#print);
    this.look();
  }

  disconnect() {
    this.#scheme.removeEventListener('change', this.#look);
    this.#medium.removeEventListener('change', this.#look);
    removeEventListener('beforeprint', this.#print);
    removeEventListener('afterprint', this.#print);
    this.#printing = false;
  }

  /** Looks what is behind the figure now. */
  look() {
    const { dataset } = this.#sealed;
    const before = `${dataset.scheme} ${dataset.ink} ${this.#scheme.matches}`;
    const printing = this.#printing || this.#medium.matches;
    const { dark, luminance: behind } = printing && followsSystem(this.#host.ownerDocument) ? PAPER : this.#judge();
    dataset.scheme = dark ? 'dark' : 'light';
    dataset.ink = 'soft';
    dataset.ink = behind !== undefined && this.#isLegible('--quiet', behind) ? 'soft' : 'strong';
    if (`${dataset.scheme} ${dataset.ink} ${this.#scheme.matches}` !== before) {
      this.#onChange();
    }
  }

  #judge() {
    return judge(
      this.#read(getComputedStyle(this.#host).color),
      [...around(this.#host)].map((style) => ({
        color: this.#read(style.backgroundColor),
        image: style.backgroundImage !== 'none',
      })),
      isDark(this.#host.ownerDocument, this.#scheme.matches) ? [0.07, 0.07, 0.07, 1] : [1, 1, 1, 1],
    );
  }

  /** Whether the figure's text in one of its colors is legible. */
  #isLegible(name: string, behind: number) {
    const color = getComputedStyle(this.#sealed).getPropertyValue(name);
    return contrast(luminance(this.#read(color)), behind) >= ENOUGH;
  }

  /** Reads a CSS color in any notation, in the figure's color scheme. */
  #read(text: string): Color {
    const { style } = this.#witness;
    style.colorScheme = this.#sealed.dataset.scheme ?? 'light';
    style.backgroundColor = `color-mix(in srgb, ${text}, ${text})`;
    const written = getComputedStyle(this.#witness).backgroundColor;
    style.backgroundColor = '';
    const [red = 0, green = 0, blue = 0, alpha = 1] = (written.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
    const most = written.startsWith('rgb') ? 255 : 1;
    const share = (it: number) => Math.min(1, Math.max(0, it / most));
    return [share(red), share(green), share(blue), alpha];
  }
}

/** The computed styles of an element and its ancestors in the flat tree, outward. */
function* around(element: Element) {
  for (let it: Element | null = element; it; it = parentOf(it)) {
    yield getComputedStyle(it);
  }
}

/** The parent of an element in the flat tree: of a slotted one, its slot. */
function parentOf(element: Element) {
  const parent = element.assignedSlot ?? element.parentNode;
  return parent instanceof ShadowRoot ? parent.host : parent instanceof Element ? parent : null;
}

/** Whether a page is dark or light as the system wants. */
function followsSystem(document: Document) {
  return isDark(document, true) && !isDark(document, false);
}

/** Whether a page with no background of its own is dark. */
function isDark({ documentElement }: Document, wanted: boolean) {
  const schemes = getComputedStyle(documentElement).colorScheme.split(' ');
  return schemes.includes('dark') && (wanted || !schemes.includes('light'));
}
