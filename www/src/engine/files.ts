// The files of the networks and of the training statistics: each is loaded once, when it is first needed.

import { type Progress, download } from './download.ts';
import { type NetworkName, type ShippedName, type Source, ownNetwork } from './networks.ts';

export type FileName = NetworkName | 'means' | 'pca' | 'prototypes';

// Each URL is written out: by this pattern bundlers find the files that belong to a JavaScript module.
const NETWORKS: Record<ShippedName, URL> = {
  mlp: new URL('../../weights/mlp.safetensors', import.meta.url),
  lenet5: new URL('../../weights/lenet5.safetensors', import.meta.url),
  control: new URL('../../weights/control.safetensors', import.meta.url),
  robust: new URL('../../weights/robust.safetensors', import.meta.url),
};
const OTHERS = {
  means: { url: new URL('../../weights/means.safetensors', import.meta.url), what: 'mean images' },
  pca: { url: new URL('../../weights/pca.safetensors', import.meta.url), what: 'principal components' },
  prototypes: { url: new URL('../../weights/prototypes.safetensors', import.meta.url), what: 'prototypes' },
};

export class Files {
  #report: (progress: Progress) => void;
  #networks = new Map<ShippedName, Promise<Source>>();
  /** The imported networks that were asked for. Their files are not kept here, since they may be removed. */
  #asked = new Set<NetworkName>();
  #others = new Map<keyof typeof OTHERS, Promise<Uint8Array>>();

  constructor(report: (progress: Progress) => void) {
    this.#report = report;
  }

  /**
   * Begins to load files before anybody asks for them. Errors are not reported here: whoever asks for the file gets
   * them.
   *
   * @param names Names of imported networks are skipped, since their bytes are in memory already, and so is what names
   *   no file: whoever asks for it gets the error.
   */
  ahead(names: FileName[]) {
    for (const name of names) {
      if (Object.hasOwn(NETWORKS, name)) {
        this.network(name as ShippedName).catch(() => {});
      } else if (Object.hasOwn(OTHERS, name)) {
        this.#other(name as keyof typeof OTHERS).catch(() => {});
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
   * @returns Rejects, in words for people; it can then be asked for again.
   */
  async network(name: NetworkName): Promise<Source> {
    const own = ownNetwork(name);
    if (own) {
      this.#asked.add(name);
      return own.source;
    }
    const shipped = name as ShippedName;
    let source = this.#networks.get(shipped);
    if (!source) {
      source = this.#shipped(shipped);
      source.catch(() => this.#networks.delete(shipped));
      this.#networks.set(shipped, source);
    }
    return source;
  }

  async #shipped(name: ShippedName): Promise<Source> {
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

  /** @returns Rejects, in words for people; it can then be asked for again. */
  #other(name: keyof typeof OTHERS): Promise<Uint8Array> {
    let file = this.#others.get(name);
    if (!file) {
      const { url, what } = OTHERS[name];
      file = this.#load(url, `file of the ${what}`);
      file.catch(() => this.#others.delete(name));
      this.#others.set(name, file);
    }
    return file;
  }

  /** Forgets the file of a network: it is loaded again when it is next asked for. */
  forget(name: NetworkName) {
    this.#networks.delete(name as ShippedName);
  }

  #load(url: URL, what: string): Promise<Uint8Array> {
    return download(url, what, this.#report);
  }
}
