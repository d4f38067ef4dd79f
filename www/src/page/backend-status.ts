// Which backend runs, in one word; and why, with what can be done about it, for those who ask.

import type { Status } from '../engine/choose-backend.ts';
import { listen, sharedEngine } from '../engine/shared-engine.ts';
import { byId, h } from '../figure/dom.ts';

/** Milliseconds that a word on what is loaded or runs must stand before it is read out. */
const SAID_AFTER = 1000;

let speaking: ReturnType<typeof setTimeout> | undefined;
/** What is read out next, or was last. */
let spoken = '';

/** From now on, the page says what runs. */
export function showBackend() {
  let ready = false;
  listen({
    onStatus: (status) => {
      ready = true;
      byId('backend').classList.add('ready');
      say(lineOf(status), reasonOf(status));
      byId('backend-retry').hidden = !status.retry;
    },
    onProgress: ({ what, bytes }) => {
      if (!ready) {
        say(`Loading … ${(bytes / 1e6).toFixed(1)} MB`, `Loading the ${what} …`, 'Loading …');
      }
    },
    onFailure: () => say('No backend could be started', 'Neither WebGPU nor the CPU could be started.'),
  });
  byId('backend-retry').addEventListener('click', async () => (await sharedEngine()).tryWebGPU());
  closesByItself(byId('backend'));
}

function lineOf({ backend, brief }: Status) {
  return backend === 'webgpu' ? 'Running on WebGPU' : `CPU: ${brief}`;
}

function reasonOf({ backend, adapter, reason }: Status) {
  return backend === 'webgpu' ? `Burn computes on the GPU: ${adapter}.` : (reason ?? '');
}

/** @param words Those of the line that stay. */
function say(line: string, reason: string, words: string = line) {
  byId('backend-name').replaceChildren(...visibly(line));
  byId('backend-reason').textContent = reason;
  if (words !== spoken) {
    spoken = words;
    clearTimeout(speaking);
    // Once, and only what stays, to those who do not see it.
    speaking = setTimeout(() => (byId('backend-spoken').textContent = words), SAID_AFTER);
  }
}

/** A line of which the backend alone is seen, and all is read out. */
function visibly(line: string): (Node | string)[] {
  const [, before, word, after] = /^(Running on )?(WebGPU|CPU)(: .*)?$/.exec(line) ?? [undefined, '', line, ''];
  const unseen = (words = '') => h('span', { className: 'visually-hidden' }, words);
  return [unseen(before), word, unseen(after)];
}

/** What opens over the page is closed by Escape, and by going on elsewhere. */
function closesByItself(details: HTMLElement) {
  const close = () => details.removeAttribute('open');
  details.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && details.hasAttribute('open')) {
      event.preventDefault();
      close();
      details.querySelector('summary')?.focus();
    }
  });
  const leave = ({ target }: Event) => {
    if (target instanceof Node && !details.contains(target)) {
      close();
    }
  };
  document.addEventListener('pointerdown', leave);
  document.addEventListener('focusin', leave);
}
