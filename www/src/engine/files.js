// @ts-check
// The files of the networks and of the training statistics: each is loaded once, when it is first needed.

import { download } from './download.js';
import { ownNetwork } from './networks.js';

/** @typedef {import('./networks.js').NetworkName} NetworkName */
/** @typedef {import('./networks.js').ShippedName} ShippedName */
/** @typedef {import('./networks.js').Source} Source */
/** @typedef {import('./session.js').Progress} Progress */
/** @typedef {NetworkName | 'means' | 'pca' | 'prototypes'} FileName */

// Each URL is written out: by this pattern bundlers find the files that belong to a JavaScript module.
/** @type {Record<ShippedName, URL>} */
const NETWORKS = {
  mlp: new URL('../../weights/mlp.safetensors', import.meta.url),
  lenet5: new URL('../../weights/lenet5.safetensors', import.meta.url),
  robust: new URL('../../weights/robust.safetensors', import.meta.url),
};
const OTHERS = {
  means: { url: new URL('../../weights/means.safetensors', import.meta.url), what: 'mean images' },
  pca: { url: new URL('../../weights/pca.safetensors', import.meta.url), what: 'principal components' },
  prototypes: { url: new URL('../../weights/prototypes.safetensors', import.meta.url), what: 'prototypes' },
};

export class Files {
  #report;
  /** @type {Map<ShippedName, Promise<Source>>} */
  #networks = new Map();
  /** The imported networks that were asked for. Their files are not kept here, since they may be removed. @type {Set<NetworkName>} */
  #asked = new Set();
  /** @type {Map<keyof typeof OTHERS, Promise<Uint8Array>>} */
  #others = new Map();

  /** @param {(progress: Progress) => void} report */
  constructor(report) {
    this.#report = report;
  }

  /**
   * Begins to load files before anybody asks for them. Errors are not reported here: whoever asks for the file gets
   * them.
   *
   * @param {FileName[]} names Names of imported networks are skipped, since their bytes are in memory already, and
   *   so is what names no file: whoever asks for it gets the error.
   */
  ahead(names) {
    for (const name of names) {
      if (Object.hasOwn(NETWORKS, name)) {
        this.network(/** @type {ShippedName} */ (name)).catch(() => {});
      } else if (Object.hasOwn(OTHERS, name)) {
        this.#other(/** @type {keyof typeof OTHERS} */ (name)).catch(() => {});
      }
    }
  }

  /** The sources of the networks that were asked for, or promises of them. */
  get sources() {
    return [...this.#networks.values(), ...[...this.#asked].flatMap((it) => ownNetwork(it)?.source ?? [])];
  }

  /**
   * What a network is read from: the same object whenever it is the same network.
   *
   * @param {NetworkName} name
   * @returns {Promise<Source>} Rejects, in words for people; it can then be asked for again.
   */
  async network(name) {
    const own = ownNetwork(name);
    if (own) {
      this.#asked.add(name);
      return own.source;
    }
    const shipped = /** @type {ShippedName} */ (name);
    let source = this.#networks.get(shipped);
    if (!source) {
      source = this.#shipped(shipped);
      source.catch(() => this.#networks.delete(shipped));
      this.#networks.set(shipped, source);
    }
    return source;
  }

  /** @param {ShippedName} name @returns {Promise<Source>} */
  async #shipped(name) {
    return { bytes: await this.#load(NETWORKS[name], `file of the network ${name}`), options: '{}' };
  }

  /** The mean training images. */
  means() {
    return this.#other('means');
  }

  /** The principal components of the training images. */
  pca() {
    return this.#other('pca');
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

  /** Forgets the file of a network: it is loaded again when it is next asked for. @param {NetworkName} name */
  forget(name) {
    this.#networks.delete(/** @type {ShippedName} */ (name));
  }

  /** @param {URL} url @param {string} what @returns {Promise<Uint8Array>} */
  #load(url, what) {
    return download(url, what, this.#report);
  }
}
