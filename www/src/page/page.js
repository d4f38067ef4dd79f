// @ts-check
// The page: its notices, the guided path and the laboratory.

import '../figure/activation-maximization.js';

import { urlParam } from '../settings/url-param.js';
import { showBackend } from './backend-status.js';
import { byId } from '../figure/dom.js';
import { messageOf } from '../engine/engine.js';
import { guide, quote } from './guide.js';
import { laboratory, showCards } from './laboratory.js';
import { followLinks } from './landing.js';
import { lackOfShowing } from '../engine/needs.js';
import { keepOffline } from './offline.js';
import { sharedEngine } from '../engine/shared-engine.js';

/** Milliseconds that the text waits for a figure to move: there may be none on the screen. */
const PICTURE_TIMEOUT = 2000;

const wanted = urlParam('backend');
const moving = new Promise((resolve) => {
  const look = (/** @type {Event} */ { target }) => {
    if (/** @type {import('../figure/activation-maximization.js').ActivationMaximization} */ (target).iteration >= 10) {
      document.removeEventListener('step', look, true);
      resolve(undefined);
    }
  };
  document.addEventListener('step', look, true);
});

showBackend();
byId('notice-close').addEventListener('click', () => (byId('notice').hidden = true));
byId('notice-retry').addEventListener('click', () => {
  byId('notice').hidden = true;
  start();
});

const lack = lackOfShowing();
if (lack) {
  complain(lack);
} else {
  laboratory({ otherPads: [guide()], onNote: complain });
  followLinks();
  start();
  keepOffline();
}
dispatchEvent(new Event('started')); // See watch.js.

/** Starts the engine, and fills in what is known from its files. Can be done again. */
async function start() {
  try {
    const engine = await sharedEngine();
    if (wanted === 'webgpu' && engine.status.backend !== 'webgpu') {
      complain(`WebGPU was asked for, but cannot be had. ${engine.status.reason}`);
    }
    // What the text quotes takes every network: a megabyte that the first picture need not wait for.
    await Promise.race([moving, new Promise((resolve) => setTimeout(resolve, PICTURE_TIMEOUT))]);
    await Promise.all([quote(), showCards()]);
  } catch (error) {
    complain(messageOf(error), true);
  }
}

/** @param {string} message @param {boolean} [retry] Whether to start again may help. */
function complain(message, retry = false) {
  byId('notice-text').textContent = message;
  byId('notice-retry').hidden = !retry;
  byId('notice').hidden = false;
}
