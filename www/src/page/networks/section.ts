// "Bring your own network": a file is chosen, looked into, tried, asked about, and then takes part in
// everything.

import { messageOf } from '../../engine/engine.ts';
import type { Inputs } from '../../engine/import-options.ts';
import { type NetworkName, ownNames, ownNetwork } from '../../engine/networks.ts';
import { sharedEngine } from '../../engine/shared-engine.ts';
import { MOST_BYTES } from '../../networks/examine.ts';
import { cleanName, nameOfFile, uniqueName } from '../../networks/names.ts';
import { MOST_NETWORKS, TOO_MANY, bring, dismiss, takenNames } from '../../networks/restore.ts';
import { DropZone } from './drop-zone.ts';
import { Questions } from './questions.ts';
import { OptionSearch, type Tried } from './option-search.ts';

const TRYING = 'Trying every way in which it may read digits …';

export class OwnSection {
  #onBrought: (network: NetworkName) => void;
  #zone = new DropZone({ onFile: (file) => this.#take(file), onStop: () => this.#stop() });
  #questions = new Questions({
    onUse: (name, bytes, parameters, tried) =>
      this.#work(() => this.#use(name, bytes, parameters, tried)),
    onCancel: () => this.#stop(),
    onOther: (search, inputs) => this.#work((signal) => this.#try(search, signal, [inputs])),
  });
  #working = new AbortController();
  element: HTMLDivElement;
  elements: (HTMLDivElement | HTMLFormElement)[];

  /** @param onBrought Somebody brought a network. */
  constructor(onBrought: (network: NetworkName) => void) {
    this.#onBrought = onBrought;
    this.element = this.#zone.element;
    this.elements = [this.#zone.element, this.#questions.element];
  }

  say(words: string) {
    this.#zone.say(words);
  }

  /** Takes files that were dropped, and brings into view what becomes of them. */
  drop(files: File[]) {
    this.#zone.element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    if (files.length === 1) {
      this.#take(files[0]);
    } else {
      this.#zone.complain('Drop one file: a network has all its weights in one.');
    }
  }

  /** Does one thing at a time: what was begun before ends. */
  async #work(work: (signal: AbortSignal) => Promise<void>) {
    this.#working.abort();
    this.#working = new AbortController();
    const { signal } = this.#working;
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#zone.complain(messageOf(error));
      }
    }
  }

  #stop() {
    this.#working.abort();
    this.#zone.say('');
    this.#zone.focus();
  }

  #take(file: File) {
    return this.#work(async (signal) => {
      if (ownNames().length >= MOST_NETWORKS) {
        throw new Error(TOO_MANY);
      }
      if (file.size > MOST_BYTES) {
        throw new Error(
          `The file ${file.name} has ${Math.ceil(file.size / 2 ** 20)} MiB. A network may have up to ${MOST_BYTES / 2 ** 20}.`,
        );
      }
      this.#zone.work(`Reading ${file.name} …`);
      const bytes = await read(file);
      const search = await OptionSearch.of(await sharedEngine(), bytes);
      if (signal.aborted) {
        throw signal.reason;
      }
      await this.#try(search, signal);
      this.#questions.ask(search, uniqueName(nameOfFile(file.name), takenNames()));
    });
  }

  async #try(search: OptionSearch, signal: AbortSignal, inputs?: Inputs[]) {
    await search.run({ inputs, signal, onProgress: (done, of) => this.#zone.work(TRYING, done / of) });
    this.#zone.say('');
    this.#questions.show();
  }

  /** @param asked What it is to be called. */
  async #use(asked: string, bytes: Uint8Array, parameters: number, { options, description, layers, reads }: Tried) {
    const name = uniqueName(cleanName(asked), takenNames());
    const source = { bytes, options: JSON.stringify(options) };
    this.#zone.work(`Keeping ${name} in this browser …`);
    this.#zone.focus();
    const { name: network, refused } = await bring({
      name, layers, source, description, parameters, options, reads,
    });
    this.#zone.say(
      refused === undefined
        ? `${name} is among the networks of every figure, and stays in this browser until you remove it.`
        : `${name} is among the networks of every figure, but for this visit only: ${refused}.`,
    );
    this.#onBrought(network);
  }

  /** Removes a network. */
  async remove(network: NetworkName) {
    const name = ownNetwork(network)?.name;
    this.#zone.focus();
    const refused = await dismiss(network);
    this.#zone.say(
      refused === undefined
        ? `${name} was removed.`
        : `${name} was removed from the page, but this browser may still keep it: ${refused}.`,
    );
  }
}

async function read(file: File) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Error(`The file ${file.name} could not be read. Is it still there?`);
  }
}
