// The page: its notices, the guided path and the laboratory.

import './ahead.ts'; // First: it says which backend was asked for.
import '../figure/activation-maximization.ts';

import { urlParam } from '../settings/url-param.ts';
import { showBackend } from './backend-status.ts';
import { byId } from '../figure/dom.ts';
import { messageOf } from '../engine/engine.ts';
import { exerciseSheet } from './exercise-sheet.ts';
import { guide, quote } from './guide.ts';
import { hero } from './hero.ts';
import { laboratory, showCards } from './laboratory.ts';
import { followLinks } from './landing.ts';
import { lackOfShowing } from '../engine/needs.ts';
import { noDigit } from './no-digit.ts';
import { keepOffline } from './offline.ts';
import { listen, sharedEngine } from '../engine/shared-engine.ts';
import { presentByKey } from './present-key.ts';
import { ShareDialog } from './share-dialog.ts';
import type { ActivationMaximization } from '../figure/activation-maximization.ts';

/** Milliseconds that the text waits for a figure to move: there may be none on the screen. */
const PICTURE_TIMEOUT = 2000;

const wanted = urlParam('backend');
const moving = new Promise((resolve) => {
  const look = ({ target }: Event) => {
    if ((target as ActivationMaximization).iteration >= 10) {
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
  hero();
  const share = new ShareDialog();
  document.body.append(share.element);
  laboratory({ share, otherPads: [noDigit(), guide(share)], onNote: complain });
  exerciseSheet();
  followLinks();
  presentByKey();
  start();
  keepOffline();
}
dispatchEvent(new Event('started')); // See watch.js.

/** Starts the engine, and fills in what is known from its files. Can be done again. */
async function start() {
  try {
    const engine = await sharedEngine();
    if (wanted === 'webgpu' && engine.status.backend !== 'webgpu') {
      const takeBack = complain(`WebGPU was asked for, but cannot be had. ${engine.status.reason}`);
      const end = listen({
        onStatus: ({ backend }) => {
          if (backend === 'webgpu') {
            takeBack(); // It was tried again.
            end();
          }
        },
      });
    }
    // What the text quotes takes every network: a megabyte that the first picture need not wait for.
    await Promise.race([moving, new Promise((resolve) => setTimeout(resolve, PICTURE_TIMEOUT))]);
    await Promise.all([quote(), showCards()]);
  } catch (error) {
    complain(messageOf(error), true);
  }
}

/**
 * Shows a notice over the page.
 *
 * @param retry Whether to start again may help.
 * @returns Removes the notice, unless another has taken its place.
 */
function complain(message: string, retry = false) {
  byId('notice-text').textContent = message;
  byId('notice-retry').hidden = !retry;
  byId('notice').hidden = false;
  return () => {
    if (byId('notice-text').textContent === message) {
      byId('notice').hidden = true;
    }
  };
}
