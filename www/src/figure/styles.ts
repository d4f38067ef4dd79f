// The style sheets of a figure, made once for all figures of a document.

import charts from 'uplot/dist/uPlot.min.css?inline';

import base from './base.css?inline';
import figure from './figure.css?inline';

/** In this order: what comes later counts more. */
const STYLES = [charts, base, figure];

/** A sheet belongs to its document: an element may be moved to another. */
const made = new WeakMap<Document, CSSStyleSheet[]>();

/** Stands for a rem in the style sheets: registered as a length, it is inherited as the figure's own font size. */
const REM = { name: '--actmax-rem', syntax: '<length>', inherits: true, initialValue: '16px' };

/** @param document One that is on show. */
export function styles(document: Document): CSSStyleSheet[] {
  let sheets = made.get(document);
  if (!sheets) {
    const { CSS, CSSStyleSheet } = document.defaultView!;
    register(CSS);
    sheets = STYLES.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    made.set(document, sheets);
  }
  return sheets;
}

/** Once per document; another copy of this module may have done it. */
function register(CSS: typeof globalThis.CSS) {
  try {
    CSS.registerProperty?.(REM);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidModificationError')) {
      throw error;
    }
  }
}
