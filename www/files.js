// @ts-check
// The files that are computed with: each is loaded once, when it is first asked for.

import { download } from './download.js';

/** @typedef {import('./session.js').NetworkName} NetworkName */
/** @typedef {import('./session.js').Progress} Progress */

// Written out, because this is how bundlers know what belongs to a module.
/** @type {Record<NetworkName, URL>} */
const NETWORKS = {
  mlp: new URL('./weights/mlp.safetensors', import.meta.url),
  lenet5: new URL('./weights/lenet5.safetensors', import.meta.url),
  robust: new URL('./weights/robust.safetensors', import.meta.url),
};
const OTHERS = {
  means: { url: new URL('./weights/means.safetensors', import.meta.url), what: 'mean images' },
  prior: { url: new URL('./weights/prior.safetensors', import.meta.url), what: 'principal components' },
  prototypes: { url: new URL('./weights/prototypes.safetensors', import.meta.url), what: 'prototypes' },
};

/** The networks that there are. */
export const NETWORK_NAMES = /** @type {NetworkName[]} */ (Object.keys(NETWORKS));

export class Files {
  #report;
  /** @type {Map<NetworkName, Promise<Uint8Array>>} */
  #networks = new Map();
  /** @type {Map<keyof typeof OTHERS, Promise<Uint8Array>>} */
  #others = new Map();

  /** @param {(progress: Progress) => void} report */
  constructor(report) {
    this.#report = report;
  }

  /** The networks that were asked for, with their bytes. */
  get networks() {
    return this.#networks.entries();
  }

  /**
   * The weights of a network.
   *
   * @param {NetworkName} name
   * @returns {Promise<Uint8Array>} Rejects, in words for people; it can then be asked for again.
   */
  network(name) {
    let file = this.#networks.get(name);
    if (!file) {
      file = this.#load(NETWORKS[name], `file of the network ${name}`);
      file.catch(() => this.#networks.delete(name));
      this.#networks.set(name, file);
    }
    return file;
  }

  /** The mean training images. */
  means() {
    return this.#other('means');
  }

  /** Their principal components. */
  prior() {
    return this.#other('prior');
  }

  /** Ten typical images of each class. */
  prototypes() {
    return this.#other('prototypes');
  }

  /**
   * @param {keyof typeof OTHERS} name
   * @returns {Promise<Uint8Array>} Rejects, in words for people; it can then be asked for again.
   */
  #other(name) {
    let file = this.#others.get(name);
    if (!file) {
      const { url, what } = OTHERS[name];
      file = this.#load(url, `file of the ${what}`);
      file.catch(() => this.#others.delete(name));
      this.#others.set(name, file);
    }
    return file;
  }

  /** Loads a network anew when it is next asked for. @param {NetworkName} name */
  forget(name) {
    this.#networks.delete(name);
  }

  /** @param {URL} url @param {string} what @returns {Promise<Uint8Array>} */
  #load(url, what) {
    return download(url, what, this.#report);
  }
}
