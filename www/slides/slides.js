// @ts-check
// The deck: reveal.js, and what its slides say of the networks, from the engine of the figures.

import Reveal from 'reveal.js';
import Notes from 'reveal.js/plugin/notes';
import { sharedEngine, useBackend } from '../src/engine/shared-engine.ts';
import { presentByKey } from '../src/page/present-key.ts';

const SIDE = 28;
const query = new URLSearchParams(location.search);

useBackend(query.get('backend'));
if (query.has('print-pdf') || query.get('view') === 'print') {
  finish();
}
// Not before the figures have been told whether they are printed.
await import('../activation-maximization.js');

drawCurve();
keepFrames();
presentByKey();
addEventListener('message', keepOut, { capture: true });
await new Reveal({
  plugins: [Notes],
  // The style sheet fits the slides to the window.
  width: '100%',
  height: '100%',
  margin: 0,
  minScale: 1,
  maxScale: 1,
  scrollActivationWidth: 0,
  hash: true,
  controlsLayout: 'edges',
  slideNumber: 'c/t',
  transition: 'fade',
  transitionSpeed: 'fast',
  pdfSeparateFragments: false,
  pdfMaxPagesPerSlide: 1,
}).initialize();
dispatchEvent(new Event('started')); // See watch.js.

try {
  const engine = await sharedEngine();
  await Promise.all([showMeans(engine), showCards(engine)]);
} catch {
  // The figures say what went wrong; the slides have these numbers in writing.
}

/** On paper there is nobody to wait for: every figure shows how it ends. */
function finish() {
  document.documentElement.style.colorScheme = 'light';
  for (const figure of document.querySelectorAll('activation-maximization')) {
    figure.setAttribute('loading', 'eager');
    figure.removeAttribute('controls');
    if (figure.hasAttribute('autoplay')) {
      figure.setAttribute('pace', 'full');
      figure.setAttribute('at', '100000'); // The last iteration, also for those who asked for no motion.
    }
  }
  for (const frame of document.querySelectorAll('iframe')) {
    frame.src = `${frame.dataset.src}&theme=light&loading=eager&pace=full&at=100000&controls=0&hide=link`;
    frame.removeAttribute('data-src');
  }
}

/**
 * reveal.js obeys every message, and so does its speaker view. Only messages from this origin are let
 * through, and those from a frame on a slide, whose origin is opaque in a sandbox.
 *
 * @param {MessageEvent} event
 */
function keepOut(event) {
  const frames = [...document.querySelectorAll('iframe')];
  const own = event.origin === self.origin && self.origin !== 'null';
  if (!own && !frames.some((it) => it.contentWindow === event.source)) {
    event.stopImmediatePropagation();
  }
}

/** reveal.js loads a frame when its slide comes, and would again whenever it is back. */
function keepFrames() {
  for (const frame of document.querySelectorAll('iframe')) {
    frame.addEventListener('load', () => {
      if (frame.hasAttribute('src')) {
        frame.removeAttribute('data-src');
      }
    });
  }
}

/** @param {import('../engine.js').Engine} engine */
async function showMeans(engine) {
  const picture = engine.paint(await engine.means(), 0, 1);
  /** @param {HTMLCanvasElement} canvas @param {number} digit */
  const draw = (canvas, digit) => {
    canvas.width = SIDE;
    canvas.height = SIDE;
    canvas.getContext('2d')?.putImageData(picture, 0, -digit * SIDE, 0, digit * SIDE, SIDE, SIDE);
    return canvas;
  };
  const canvases = Array.from({ length: 10 }, (_, digit) => draw(document.createElement('canvas'), digit));
  document.getElementById('means')?.replaceChildren(...canvases);
  draw(/** @type {HTMLCanvasElement} */ (document.getElementById('mean')), 3);
}

/** @param {import('../engine.js').Engine} engine */
async function showCards(engine) {
  for (const network of /** @type {const} */ (['mlp', 'lenet5'])) {
    const card = await engine.card(network);
    if (card) {
      say(`[data-card="${network}.test"]`, card.accuracy.test);
    }
    say(`[data-mean="${network}"]`, (await engine.meanProbabilities(network))[3][3]);
  }
}

/** @param {string} selector @param {number} fraction */
function say(selector, fraction) {
  for (const place of document.querySelectorAll(selector)) {
    place.textContent = `${(100 * fraction).toFixed(1)}%`;
  }
}

/** The loss by the probability: (ln p − ln 0.9)². */
function drawCurve() {
  const points = Array.from({ length: 200 }, (_, at) => {
    const p = (at + 1) / 200;
    const loss = (Math.log(p) - Math.log(0.9)) ** 2;
    return `${40 + 351 * p} ${280 - 45 * loss}`;
  }).filter((point) => Number(point.split(' ')[1]) >= 10);
  document.getElementById('curve-line')?.setAttribute('d', `M${points.join('L')}`);
}
