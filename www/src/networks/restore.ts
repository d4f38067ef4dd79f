// Imported networks: kept in the browser, restored at the next visit, removed, and in step in all tabs.

import { breaks } from '../engine/breaks.ts';
import { messageOf } from '../engine/engine.ts';
import { Refusal } from '../engine/errors.ts';
import { checkedOptions, readsOf } from '../engine/import-options.ts';
import {
  type NetworkName, type Own, addNetwork, completeNetworks, expectNetwork, isNetwork, isOwnName, ownNames, ownNetwork,
  removeNetwork,
} from '../engine/networks.ts';
import { sharedEngine } from '../engine/shared-engine.ts';
import { MOST_BYTES, examine, inspect } from './examine.ts';
import { addressName, cleanName, uniqueName } from './names.ts';
import { Full, forget, keep, kept, keptKeys } from './store.ts';
import { hearTabs, tellTabs } from './tabs.ts';

/** The most networks, in all tabs together: the file of each is in memory. */
export const MOST_NETWORKS = 16;

export const TOO_MANY = `There are ${MOST_NETWORKS} networks of yours already. Remove one of them first.`;

/** Hears of what other tabs do. */
export interface Listener {
  /** One that another tab brought is here now. */
  onBrought: (network: NetworkName) => void;
  /** One that another tab removed is about to go here. */
  onRemove: (network: NetworkName) => void;
}

/** Settles when all networks that are known to be kept have been read. */
let restoring: Promise<string[]> | undefined;
/** The networks that the browser could not keep: they are here for this visit only. */
const passing = new Set<NetworkName>();
/** The networks that this tab is adding or removing just now: `takeKept` passes them over. */
const inHand = new Set<unknown>();
const listeners = new Set<Listener>();

/**
 * Restores the networks that the browser keeps, once. From then on, networks that other tabs bring are added, too.
 *
 * @returns What was dropped because it could not be read, in sentences. Rejects when there is no engine to read it
 *   with; it can then be asked for again.
 */
export function restored(): Promise<string[]> {
  return restoring ?? remember(restore());
}

function remember(promise: Promise<string[]>) {
  restoring = promise;
  promise.catch(() => {
    if (restoring === promise) {
      restoring = undefined;
    }
  });
  return promise;
}

export function onOtherTabs(listener: Listener) {
  listeners.add(listener);
}

/** Whether this tab listens to other tabs. */
let isHearing = false;

async function restore() {
  if (!isHearing) {
    isHearing = true;
    hearTabs({
      onNews: ({ happened, network }) =>
        happened === 'brought' ? later(() => take(network), network) : later(async () => letGo(network)),
      onReturn,
    });
  }
  const notes = await takeKept();
  completeNetworks();
  return notes;
}

/**
 * Reads what is kept and not here yet.
 *
 * @returns What was dropped, or has no room, in sentences.
 */
async function takeKept(): Promise<string[]> {
  const notes: string[] = [];
  // Where the browser lets a page keep nothing, nothing was kept.
  const keys = await keptKeys().catch(() => []);
  for (const key of keys) {
    if (isHere(key)) {
      continue; // An earlier call has restored it, and failed after that.
    }
    if (ownNames().length >= MOST_NETWORKS) {
      notes.push(
        `This browser keeps ${keys.length} networks of yours, and there is room for ${MOST_NETWORKS}. ` +
          'Whenever you remove one, the next comes back.',
      );
      break;
    }
    const value = await kept(key).catch(() => undefined);
    if (value === undefined) {
      continue; // Another tab has removed it, or the browser does not answer now: then it remains kept.
    }
    try {
      const network = await checked(key, value, breaks());
      if (!isHere(key)) {
        addNetwork(String(key), network);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error; // The fault is not in what was kept.
      }
      const name = nameIn(value);
      notes.push(
        `The network ${name} that this browser kept cannot be read any more and was removed. ${error.message}`,
      );
      await forget(key).catch(() => {});
    }
  }
  return notes;
}

/** Whether a network is here, or this tab is adding or removing it. */
function isHere(key: IDBValidKey) {
  return inHand.has(key) || ownNames().some((name) => name === key);
}

/**
 * Calls `work` once all networks that are being read are there.
 *
 * @param coming The network that `work` may add: it is expected until `work` is done.
 */
function later(work: () => Promise<void>, coming?: NetworkName) {
  if (coming) {
    expectNetwork(coming, true);
  }
  remember(
    restored()
      .then(async (notes) => {
        // If the engine or the store fails, the next visit makes up for it.
        await work().catch(() => {});
        return notes;
      })
      .finally(() => coming && expectNetwork(coming, false)),
  );
}

/** @param network That another tab has brought. */
async function take(network: NetworkName) {
  if (!isHere(network) && ownNames().length < MOST_NETWORKS) {
    const found = await checked(network, await kept(network), breaks());
    if (!isHere(network)) {
      addNetwork(network, found);
      listeners.forEach((it) => it.onBrought(network));
    }
  }
}

/** @param network That is kept no longer. */
function letGo(network: NetworkName) {
  if (ownNetwork(network) && !passing.has(network)) {
    listeners.forEach((it) => it.onRemove(network));
    removeNetwork(network);
  }
}

/** The page comes back from the back/forward cache: other tabs may have changed what is kept. */
function onReturn() {
  later(async () => {
    const keys = await keptKeys();
    ownNames().filter((it) => !keys.includes(it)).forEach(letGo);
    await takeKept();
  });
}

/**
 * Checks what was kept as if it were imported now: everything that it says of itself is computed again.
 *
 * @param value Anything: it is what the browser gave back.
 * @returns Rejects with a `Refusal`.
 */
async function checked(key: IDBValidKey, value: any, pause: () => Promise<void>): Promise<Own> {
  const bytes = value?.bytes;
  if (typeof key !== 'string' || !isOwnName(key)) {
    throw new Refusal('It has no name that can stand in an address.');
  }
  if (!(bytes instanceof Uint8Array) || bytes.length > MOST_BYTES) {
    throw new Refusal('Its file is missing.');
  }
  const engine = await sharedEngine();
  const { candidates, parameters } = await inspect(engine, bytes);
  const options = checkedOptions(value.options, candidates.length);
  if (!options) {
    throw new Refusal('What was chosen for it is missing.');
  }
  const source = { bytes, options: JSON.stringify(options) };
  const { description, layers, probabilities } = await examine(engine, source, await engine.prototypes(), { pause });
  const name = uniqueName(nameIn(value), takenNames());
  return { name, layers, source, description, parameters, options, reads: readsOf(probabilities) };
}

/** @param value Anything. */
function nameIn(value: any) {
  return cleanName(typeof value?.name === 'string' ? value.name : '');
}

/** What people call the networks that were brought. */
export function takenNames() {
  return ownNames().map((it) => ownNetwork(it)?.name ?? '');
}

/**
 * Adds a network, and keeps it in the browser if that is permitted.
 *
 * @returns What it is called in addresses, and why it is not kept, if it is not. Rejects, in words for people, when
 *   there are too many.
 */
export async function bring(network: Own): Promise<{ name: NetworkName; refused?: string }> {
  const { name, source, options } = network;
  const value = { name, bytes: source.bytes, options };
  /** The names in addresses that other tabs have taken meanwhile. */
  const elsewhere = new Set();
  for (;;) {
    const address = addressName(name, (it) => isNetwork(it) || elsewhere.has(it));
    let refused;
    inHand.add(address);
    try {
      await keep(address, value, MOST_NETWORKS);
      tellTabs({ happened: 'brought', network: address });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'ConstraintError') {
        elsewhere.add(address);
        continue;
      }
      if (error instanceof Full) {
        throw new Error(TOO_MANY);
      }
      refused = reasonOf(error);
      passing.add(address);
    } finally {
      inHand.delete(address);
    }
    addNetwork(address, network);
    return { name: address, refused };
  }
}

/**
 * Removes a network, also from what is kept.
 *
 * @returns Why the browser still keeps it, if it does.
 */
export async function dismiss(name: NetworkName): Promise<string | undefined> {
  removeNetwork(name);
  if (passing.delete(name)) {
    forget(name).catch(() => {}); // It may have been kept after all, too late for us to hear.
    return undefined;
  }
  inHand.add(name);
  try {
    await forget(name);
  } catch (error) {
    return reasonOf(error); // It stays in `inHand`: otherwise `takeKept` would bring it back.
  }
  inHand.delete(name);
  tellTabs({ happened: 'removed', network: name });
  later(async () => void (await takeKept())); // There is room for a network that had none.
  return undefined;
}

/** As the end of a sentence. */
function reasonOf(error: unknown) {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return 'there is no room left for it';
  }
  if (error instanceof DOMException) {
    return 'it lets this page keep nothing';
  }
  return messageOf(error).replace(/\.$/, '');
}
