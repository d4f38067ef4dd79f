// @ts-check
// What a figure needs of a browser, so that one that cannot show it says so instead of nothing.

/** @type {[name: string, isThere: () => boolean][]} */
const NEEDS = [
  ['IntersectionObserver', () => 'IntersectionObserver' in globalThis],
  ['ResizeObserver', () => 'ResizeObserver' in globalThis],
  ['matchMedia', () => 'matchMedia' in globalThis],
  ['checkVisibility', () => 'checkVisibility' in Element.prototype],
  ['constructable style sheets', () => 'replaceSync' in (globalThis.CSSStyleSheet?.prototype ?? {})],
  ['WebAssembly', () => 'WebAssembly' in globalThis],
];

/** What is missing here, as a sentence; nothing, if a figure can be shown. */
export function lack() {
  const missing = NEEDS.filter(([, isThere]) => !isThere()).map(([name]) => name);
  const list = [missing.slice(0, -1).join(', '), missing.at(-1)].filter((it) => it).join(' and ');
  return list === ''
    ? ''
    : `This figure cannot be shown here: there is no ${list.replace(' and ', ' and no ')}. Current browsers have all of it.`;
}
