// @ts-check
// A machine with a GPU, where there is none: the software adapter claims to be a hardware one.

import { readFileSync } from 'node:fs';

import { MODULES, serve } from './browser.js';

/** What it says that it is. */
export const ADAPTER = 'claims to-be-hardware';

/** For `evaluateOnNewDocument`. */
export function claimsToBeHardware() {
  const info = { vendor: 'claims', architecture: 'to-be-hardware', device: '', description: '', isFallbackAdapter: false };
  Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => info });
}

const DISPLAY = /\bDISPLAY = [^;]+;/;

/**
 * A server of a page that takes the display to show a frame a minute: whatever works keeps up with it, however
 * busy the machine is.
 *
 * @param {Parameters<typeof serve>[0]} [intercept]
 */
export function withSlowDisplay(intercept = () => false) {
  const trial = readFileSync(`${MODULES}/src/engine/trial.js`, 'utf8');
  if (!DISPLAY.test(trial)) {
    throw new Error(`www/src/engine/trial.ts has no constant DISPLAY: say here what it has in its place.`);
  }
  const slow = trial.replace(DISPLAY, 'DISPLAY = 60_000;');
  return serve((path, response) => {
    if (path !== '/src/engine/trial.js') {
      return intercept(path, response);
    }
    response.setHeader('content-type', 'text/javascript').end(slow);
    return true;
  }, MODULES);
}
