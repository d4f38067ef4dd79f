// @ts-check
// The page: which backend runs, what went wrong, the guided path and the laboratory.

import './activation-maximization.js';

import { byId } from './dom.js';
import { messageOf } from './engine.js';
import { guide } from './guide.js';
import { laboratory } from './laboratory.js';
import { keepOffline } from './offline.js';
import { listen, sharedEngine, useBackend } from './shared-engine.js';

const asked = new URLSearchParams(location.search).get('backend');
useBackend(asked);

let ready = false;
listen({
  onStatus: ({ backend, adapter, reason }) => {
    ready = true;
    byId('backend').classList.add('ready');
    byId('backend-name').textContent =
      backend === 'webgpu' ? 'Running on WebGPU' : 'Running on the CPU';
    byId('backend-reason').textContent = adapter ?? reason ?? '';
  },
  onProgress: ({ what, bytes }) => {
    if (!ready) {
      byId('backend-name').textContent = `Loading the ${what} …`;
      byId('backend-reason').textContent = bytes > 0 ? `${(bytes / 1e6).toFixed(1)} MB` : '';
    }
  },
});
byId('notice-close').addEventListener('click', () => (byId('notice').hidden = true));

start();
keepOffline();

async function start() {
  // The parts of the page wait for the engine themselves, and for their files.
  const parts = Promise.all([guide(), laboratory({ onNote: complain })]);
  parts.catch((error) => complain(messageOf(error)));
  try {
    const engine = await sharedEngine();
    if (asked === 'webgpu' && engine.status.backend !== 'webgpu') {
      complain(`WebGPU was asked for, but cannot be had. ${engine.status.reason}`);
    }
  } catch {
    byId('backend-name').textContent = 'Nothing to compute with';
    byId('backend-reason').textContent = '';
  }
}

/** @param {string} message */
function complain(message) {
  byId('notice-text').textContent = message;
  byId('notice').hidden = false;
}
