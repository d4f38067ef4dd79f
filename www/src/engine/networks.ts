// The networks there are: those that are shipped, and those that somebody brought from a file of
// their own. Knows of no page.
//
//   addNetwork('own-my-mlp', { name: 'my_MLP', layers: [['fc1', 128]], source, … });
//   isNetwork('own-my-mlp');              // true
//
// Imported networks are kept in the browser and are not known at once: until `completeNetworks` is called, a network
// that is not known may still come.

import type { ImportOptions } from './import-options.ts';
import { short } from './reading.ts';

export type ShippedName = 'mlp' | 'lenet5' | 'control' | 'robust';
export type NetworkName = ShippedName | `own-${string}`;

/** What the module reads a network from. */
export interface Source {
  /** Of the file. */
  bytes: Uint8Array;
  /** The import options, as JSON: what the shapes do not say. */
  options: string;
}

/** Height and width of a convolution's maps, before pooling. */
export type MapSize = [height: number, width: number];

/** The hidden layers, in order: how many neurons or channels each has, and the size of its maps if it has channels. */
export type Layers = [layer: string, size: number, map?: MapSize][];

/** A network that somebody brought. */
export interface Own {
  /** For people. */
  name: string;
  layers: Layers;
  source: Source;
  /** What it is, with what was chosen, in words: `784-128-64-10, ReLU`. */
  description: string;
  parameters: number;
  options: ImportOptions;
  /** How many of the hundred prototypes it reads. */
  reads: number;
}

const LENET: Layers = [['conv1', 6, [24, 24]], ['conv2', 16, [8, 8]], ['fc1', 120], ['fc2', 84]];

const SHIPPED = new Map<string, { name: string; layers: Layers }>([
  ['mlp', { name: 'MLP', layers: [['fc1', 256], ['fc2', 128], ['fc3', 64]] }],
  ['lenet5', { name: 'LeNet-5', layers: LENET }],
  ['control', { name: 'Control LeNet-5', layers: LENET }],
  ['robust', { name: 'Robust LeNet-5', layers: LENET }],
]);

/** Choices of several networks that have a name of their own in an address. */
const TOGETHER = new Map([
  ['both', 'mlp,lenet5'],
  ['all', 'mlp,lenet5,control,robust'],
]);

const OWN = /^own-[a-z0-9-]{1,40}$/;

const own = new Map<string, Own>();
/** The networks that another tab has brought, and that are being read. */
const coming = new Set<string>();
/** The imported networks that were here, and were removed. */
const removed = new Set<string>();
/** Whether all networks that the browser keeps are known. */
let complete = false;
const listeners = new Set<() => void>();

/** The names of all networks. */
export function networkNames() {
  return [...SHIPPED.keys(), ...own.keys()] as NetworkName[];
}

/** The names of those that somebody brought. */
export function ownNames() {
  return [...own.keys()] as NetworkName[];
}

export function isNetwork(name: string): name is NetworkName {
  return SHIPPED.has(name) || own.has(name);
}

/** Whether it is the name of a network that is not known yet. */
export function isExpected(name: string) {
  return (!complete || coming.has(name)) && !own.has(name) && OWN.test(name);
}

/** Whether it is a name such as imported networks have. */
export function isOwnName(name: string) {
  return OWN.test(name);
}

/** What a network is called, for people. */
export function titleOf(name: string) {
  return SHIPPED.get(name)?.name ?? own.get(name)?.name ?? name;
}

/** A network's hidden layers; nothing, as long as it is not known. */
export function layersOf(name: string) {
  return SHIPPED.get(name)?.layers ?? own.get(name)?.layers;
}

/** Whether a network has convolutional layers. */
export function isConvolutional(name: string) {
  return layersOf(name)?.some(([layer]) => layer.startsWith('conv')) ?? true;
}

/** The network that somebody brought by that name. */
export function ownNetwork(name: string) {
  return own.get(name);
}

/** The titles of the imported networks in a choice: only this browser has them. */
export function titlesOfOwn(choice: string) {
  return networksOf(choice).flatMap((it) => own.get(it)?.name ?? []);
}

/**
 * Adds an imported network.
 *
 * @param name `own-` and a word of a–z, 0–9 and hyphens, which no other has.
 */
export function addNetwork(name: string, network: Own) {
  if (!OWN.test(name) || own.has(name)) {
    throw new RangeError(`A network cannot be called "${name}", or there is one.`);
  }
  own.set(name, network);
  removed.delete(name);
  tell();
}

export function removeNetwork(name: string) {
  if (own.delete(name)) {
    removed.add(name);
  }
  tell();
}

/** Says whether a network is being read, and may be there soon. */
export function expectNetwork(name: string, is: boolean) {
  if (is) {
    coming.add(name);
  } else {
    coming.delete(name);
    tell(); // If it has not been added by now, it will not be.
  }
}

/** All networks that the browser keeps are known: from now on, a name that is not known is a missing network. */
export function completeNetworks() {
  complete = true;
  tell();
}

/**
 * Calls the listener when networks come or go.
 *
 * @returns Removes the listener.
 */
export function onNetworks(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  listeners.forEach((it) => it());
}

/** The networks of a choice. */
export function networksOf(choice: string) {
  return choice.split(',') as NetworkName[];
}

/**
 * A choice of networks as somebody writes it.
 *
 * @returns What is left of it, and what is wrong.
 */
export function readNetworks(text: string): { value: string; problem?: string } {
  const names = [...new Set((TOGETHER.get(text) ?? text).split(',').map((it) => it.trim()))];
  const there = names.filter((it) => isNetwork(it) || isExpected(it));
  if (there.length === names.length) {
    return { value: there.join(',') };
  }
  const missing = names.filter((it) => !there.includes(it));
  if (missing.every(isOwnName)) {
    return { value: there.join(',') || 'mlp', problem: whyMissing(missing) };
  }
  const all = [...SHIPPED.keys(), ...own.keys(), ...TOGETHER.keys()].join(', ');
  return {
    value: 'mlp',
    problem: `The network is "${short(text)}". It must be one of: ${all}, or several like lenet5,robust.`,
  };
}

/** @param names Of networks of one's own. */
function whyMissing(names: string[]) {
  const which = names.map((it) => `"${it}"`).join(' and ');
  const [network, its] = names.length === 1 ? ['network', 'its file again to see it'] : ['networks', 'their files again to see them'];
  if (names.every((it) => removed.has(it))) {
    return `The ${network} ${which} ${names.length === 1 ? 'was' : 'were'} removed from this browser. Bring ${its}.`;
  }
  if (isKeptApart()) {
    return (
      `There is no ${network} ${which} in this frame: inside another site's page, a browser keeps this one apart ` +
      'from what was brought to its own site. Open the figure in a tab of its own to see it.'
    );
  }
  return (
    `This browser has no network ${which}: somebody brought it in another browser, or it was ` +
    `removed. Bring its file again to see it.`
  );
}

/** Whether this page is in a frame whose storage browsers keep apart: in another site's page, or sandboxed. */
function isKeptApart() {
  for (let at = globalThis.window; at && at !== at.parent; at = at.parent as typeof globalThis.window) {
    try {
      if (at.parent.location.origin !== location.origin || location.origin === 'null') {
        return true;
      }
    } catch {
      return true; // The location of a parent of another origin cannot be read.
    }
  }
  return false;
}

export function writeNetworks(choice: string) {
  return [...TOGETHER].find(([, names]) => names === choice)?.[0] ?? choice;
}
