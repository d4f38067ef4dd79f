// What a browser must have, and one sentence for each feature that it lacks. WebGPU, IndexedDB, a clipboard and
// checkVisibility are optional.

/** A small module with SIMD instructions, which the modules of this page need. */
const VECTORS = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
]);

/** The oldest browsers that have it all. */
const NEW_ENOUGH = 'It takes Chrome or Edge 98, Firefox 104 or Safari 16.4, or one that is newer.';

/** The interfaces that figures need. */
const SHOWING = ['IntersectionObserver', 'ResizeObserver', 'MutationObserver', 'matchMedia'] as const;

/** Why nothing can be computed here, as a sentence or two; nothing, if it can. */
export function lackOfComputing() {
  if (typeof WebAssembly !== 'object') {
    return (
      'Images are computed in WebAssembly, which is switched off in this browser. Edge’s strict security and the ' +
      'Lockdown Mode of iPhones, iPads and Macs do that: make an exception for this page there.'
    );
  }
  if (!WebAssembly.validate(VECTORS)) {
    return `Images are computed in WebAssembly with SIMD, which this browser does not have. ${NEW_ENOUGH}`;
  }
  try {
    new WebAssembly.Module(VECTORS);
  } catch {
    return (
      'Images are computed in WebAssembly, which the Content-Security-Policy of this page forbids: its script-src ' +
      "must have 'wasm-unsafe-eval'."
    );
  }
  return undefined;
}

/** Why no figure can be shown here, as a sentence or two; nothing, if it can. */
export function lackOfShowing() {
  const missing = SHOWING.find((name) => !(name in globalThis));
  if (missing) {
    return `Figures are shown by means of ${missing}, which this browser does not have. ${NEW_ENOUGH}`;
  }
  if (!('adoptedStyleSheets' in Document.prototype) || !('replaceSync' in (globalThis.CSSStyleSheet?.prototype ?? {}))) {
    return `Figures are shown by means of adoptedStyleSheets, which this browser does not have. ${NEW_ENOUGH}`;
  }
  if (!document.createElement('canvas').getContext('2d')) {
    return 'Images are drawn on a 2D canvas, which this browser does not give: a setting or an extension forbids it.';
  }
  return undefined;
}
