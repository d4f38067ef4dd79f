// The one engine of a document: everything on the page shares it, and what it loads.

import type { Status } from './choose-backend.ts';
import type { Progress } from './download.ts';
import { Engine, type Options } from './engine.ts';
import type { FileName } from './files.ts';

export interface Listener {
  /** There is an engine; the status says what it runs on. */
  onStatus?: (status: Status) => void;
  onProgress?: (progress: Progress) => void;
  /** The engine could not be started. It can be asked for again. */
  onFailure?: () => void;
}

const listeners = new Set<Listener>();
let backend: Options['backend'] = 'auto';
let engine: Promise<Engine> | undefined;
/** The last one reported. */
let status: Status | undefined;

/**
 * Asks for a backend. Has an effect only before the engine is started.
 *
 * @param name `cpu`, `webgpu`; anything else is `auto`.
 */
export function useBackend(name: string | null) {
  backend = name === 'cpu' || name === 'webgpu' ? name : 'auto';
}

/**
 * The engine, started when it is first asked for. After a failure it can be asked for again.
 *
 * @param ahead Files that will be needed: if the engine is started now, they are loaded along with it.
 */
export function sharedEngine(ahead: FileName[] = []): Promise<Engine> {
  engine ??= start(ahead);
  return engine;
}

function start(ahead: FileName[]) {
  let failed = false;
  return Engine.start({
    backend,
    ahead,
    onStatus: (now) => {
      status = now;
      listeners.forEach((it) => it.onStatus?.(now));
    },
    onProgress: (progress) => {
      // Progress after a failure is not passed on: nobody waits for it.
      if (!failed) {
        listeners.forEach((it) => it.onProgress?.(progress));
      }
    },
  }).catch((error) => {
    failed = true;
    engine = undefined;
    status = undefined;
    listeners.forEach((it) => it.onFailure?.());
    throw error;
  });
}

/**
 * Adds a listener, and tells it the status at once if there is one.
 *
 * @returns Removes the listener.
 */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  if (status) {
    listener.onStatus?.(status);
  }
  return () => listeners.delete(listener);
}
