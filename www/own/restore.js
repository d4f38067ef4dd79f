// @ts-check
// The networks that somebody brings: kept in the browser, brought back at the next visit, removed.

import { messageOf } from '../engine.js';
import { Refusal } from '../errors.js';
import { addNetwork, completeNetworks, isNetwork, isOwnName, ownNames, ownNetwork, removeNetwork } from '../networks.js';
import { sharedEngine } from '../shared-engine.js';
import { breaks } from '../save/breaks.js';
import { checkedChoices, readsOf } from './choices.js';
import { MOST_BYTES, examine, inspect } from './examine.js';
import { addressName, cleanName, uniqueName } from './names.js';
import { forget, keep, keptNetworks } from './store.js';

/** @typedef {import('../networks.js').NetworkName} NetworkName */
/** @typedef {import('../networks.js').Own} Own */

/** Each has its file in memory. */
export const MOST_NETWORKS = 16;

/** @type {Promise<string[]> | undefined} */
let restoring;
/** Those that are here for this visit only. @type {Set<NetworkName>} */
const passing = new Set();

/**
 * Brings back what the browser has kept, once.
 *
 * @returns {Promise<string[]>} What was dropped because it could not be read, in sentences. Rejects
 *   when there is no engine to read it with; it can then be asked for again.
 */
export function restored() {
  restoring ??= restore().catch((error) => {
    restoring = undefined;
    throw error;
  });
  return restoring;
}

async function restore() {
  /** @type {string[]} */
  const notes = [];
  // Where nothing may be kept, nothing was.
  const kept = await keptNetworks(MOST_NETWORKS).catch(() => []);
  const pause = breaks();
  // What is there already came before something went wrong, and this was tried again.
  for (const { key, value } of kept.filter((it) => !ownNames().some((name) => name === it.key))) {
    try {
      const network = await checked(key, value, pause);
      addNetwork(String(key), network);
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
  completeNetworks();
  return notes;
}

/**
 * What was kept, as if somebody had brought it now: whatever it says of itself is found out again.
 *
 * @param {IDBValidKey} key
 * @param {any} value
 * @param {() => Promise<void>} pause
 * @returns {Promise<Own>} Rejects with a `Refusal`.
 */
async function checked(key, value, pause) {
  const bytes = value?.bytes;
  if (typeof key !== 'string' || !isOwnName(key)) {
    throw new Refusal('It has no name that can stand in an address.');
  }
  if (!(bytes instanceof Uint8Array) || bytes.length > MOST_BYTES) {
    throw new Refusal('Its file is missing.');
  }
  const engine = await sharedEngine();
  const { candidates, parameters } = await inspect(engine, bytes);
  const choices = checkedChoices(value.choices, candidates.length);
  if (!choices) {
    throw new Refusal('What was chosen for it is missing.');
  }
  const source = { bytes, choices: JSON.stringify(choices) };
  const { description, layers, answers } = await examine(engine, source, await engine.prototypes(), { pause });
  const name = uniqueName(nameIn(value), takenNames());
  return { name, layers, source, description, parameters, choices, reads: readsOf(answers) };
}

/** @param {any} value */
function nameIn(value) {
  return cleanName(typeof value?.name === 'string' ? value.name : '');
}

/** What people call the networks that were brought. */
export function takenNames() {
  return ownNames().map((it) => ownNetwork(it)?.name ?? '');
}

/**
 * Takes a network, and keeps it if the browser lets us.
 *
 * @param {Own} network
 * @returns {Promise<{ name: NetworkName, refused?: string }>} What it is called in addresses, and why
 *   it is not kept, if it is not.
 */
export async function bring(network) {
  const { name, source, choices } = network;
  const kept = { name, bytes: source.bytes, choices };
  /** What other tabs have brought meanwhile. */
  const elsewhere = new Set();
  for (;;) {
    const address = addressName(name, (it) => isNetwork(it) || elsewhere.has(it));
    let refused;
    try {
      await keep(address, kept);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'ConstraintError') {
        elsewhere.add(address);
        continue;
      }
      refused = reasonOf(error);
      passing.add(address);
    }
    addNetwork(address, network);
    return { name: address, refused };
  }
}

/**
 * Removes a network, also from what is kept.
 *
 * @param {NetworkName} name
 * @returns {Promise<string | undefined>} Why the browser still keeps it, if it does.
 */
export async function dismiss(name) {
  removeNetwork(name);
  if (passing.delete(name)) {
    forget(name).catch(() => {}); // It may have been kept after all, too late for us to hear.
    return undefined;
  }
  try {
    await forget(name);
  } catch (error) {
    return reasonOf(error);
  }
  return undefined;
}

/** As the end of a sentence. @param {unknown} error */
function reasonOf(error) {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return 'there is no room left for it';
  }
  if (error instanceof DOMException) {
    return 'it lets this page keep nothing';
  }
  return messageOf(error).replace(/\.$/, '');
}
