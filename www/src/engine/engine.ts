// The bare JavaScript API: networks, runs, and the backend they are on. It knows of no page.
//
//   const engine = await Engine.start();
//   const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });
//   const snapshot = await run.advance(50, { target: 0.9, learningRate: 0.005 });
//   snapshot.images;                      // 784 numbers for each digit
//
// A run does not notice on which backend it is. It begins on the CPU, whose module is small, moves to WebGPU
// when that is ready and keeps up with the display, and back should WebGPU break down: from the last snapshot,
// with Adam's moments, so that nothing is lost.

import type { LayerParameters, Snapshot } from '../../pkg/webgpu/actmax.js';
import type { vouch } from './agreement.ts';
import { Backends } from './backends.ts';
import { type ColorMap, checkLayer, checkNetwork, checkScale, checkSteps, readBegin, readPixels, readPlace } from './checks.ts';
import type { Status } from './choose-backend.ts';
import type { Progress } from './download.ts';
import { Refusal, asking } from './errors.ts';
import { type FileName, Files } from './files.ts';
import { FirstPicture } from './first-picture.ts';
import { lackOfComputing } from './needs.ts';
import type { NetworkName, Source } from './networks.ts';
import { checkOptions } from './options.ts';
import { Predictions } from './predictions.ts';
import { probe } from './probe.ts';
import { Run } from './run.ts';
import type { BackendName, Session } from './session.ts';
import { type Begin, type Place, type StepSettings, comparable, kindOf } from './task.ts';
import { trial } from './trial.ts';

export { messageOf } from './errors.ts';
export type { Status } from './choose-backend.ts';
export type { Progress } from './download.ts';
export type { FileName } from './files.ts';
export type { NetworkName } from './networks.ts';
export type { BackendName, Session } from './session.ts';
export type { Begin } from './task.ts';
export type { LayerParameters } from '../../pkg/webgpu/actmax.js';

export interface Options {
  /**
   * `auto` (the default) takes WebGPU where there is a hardware adapter that keeps up with the display, and the CPU
   * otherwise.
   */
  backend?: 'auto' | BackendName;
  /** Called at every change of backend. */
  onStatus?: (status: Status) => void;
  /** Called for everything that is loaded. */
  onProgress?: (progress: Progress) => void;
  /** Files that will be needed, and are loaded while the backend is. */
  ahead?: FileName[];
  /** Asks for WebGPU; replaced in tests. */
  probe?: typeof probe;
  /** Tries it out; replaced in tests. */
  trial?: typeof trial;
}

/** What is known of a network; see `src/network/card.rs`. Accuracies are 0 to 1. */
export interface Card {
  description: string;
  training: string;
  date: string;
  seed: number;
  epochs: { loss: number; train: number; validation: number }[];
  accuracy: { train: number; validation: number; test: number };
  /** Its accuracy under attack. */
  robust?: { accuracy: number; attack: string };
}

/** Pixels in a row of an image. */
const SIDE = 28;

const DEFAULTS: Required<Options> = {
  backend: 'auto',
  onStatus: () => {},
  onProgress: () => {},
  ahead: [],
  probe,
  trial,
};

export class Engine {
  #backends: Backends;
  #files: Files;
  #runs: Set<Run>;
  #picture: FirstPicture;
  #predictions: Predictions;

  /** @param runs Those that have not been freed. */
  private constructor(backends: Backends, files: Files, runs: Set<Run>, picture: FirstPicture) {
    this.#backends = backends;
    this.#files = files;
    this.#runs = runs;
    this.#picture = picture;
    this.#predictions = new Predictions(files, (work) => backends.attempt(work));
  }

  /**
   * Loads a backend and returns an engine that can begin runs.
   *
   * @returns Rejects when not even the CPU module can be loaded.
   */
  static async start(options: Options = {}): Promise<Engine> {
    checkOptions(options, Object.keys(DEFAULTS));
    const lack = lackOfComputing();
    if (lack) {
      throw new Error(lack);
    }
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const picture = new FirstPicture();
    const chosen = { ...DEFAULTS, ...given };
    const onProgress = (progress: Progress) => {
      picture.loading();
      chosen.onProgress(progress);
    };
    const files = new Files(onProgress);
    files.ahead(chosen.ahead);
    const runs = new Set<Run>();
    const backends = await Backends.start({ ...chosen, onProgress }, { files, runs, picture });
    return new Engine(backends, files, runs, picture);
  }

  /** Which backend is in use, and why not WebGPU. */
  get status() {
    return this.#backends.status;
  }

  /** Settles when it is decided whether WebGPU takes over. Never rejects. */
  get upgraded() {
    return this.#backends.upgraded;
  }

  /**
   * Tries WebGPU again, where the status says `retry`. Runs go on meanwhile.
   *
   * @returns Never rejects: the status says what came of it.
   */
  tryWebGPU(): Promise<void> {
    return this.#backends.tryWebGPU();
  }

  /** The mean training image of every class: 10 · 784 pixels from 0 to 1. */
  means(): Promise<Float32Array> {
    return this.#predictions.means();
  }

  /** Ten typical images of each class, its k-means centers: 100 · 784 pixels from 0 to 1. */
  prototypes(): Promise<Float32Array> {
    return this.#predictions.prototypes();
  }

  /**
   * The probabilities that a network gives to images.
   *
   * @param images n · 784 pixels.
   * @returns The probabilities of 0 to 9, for each image.
   */
  probabilities(name: NetworkName, images: Float32Array): Promise<number[][]> {
    return this.#predictions.probabilities(name, images);
  }

  /** The probabilities that a network gives to the mean training images of the ten classes. Computed once. */
  meanProbabilities(name: NetworkName): Promise<number[][]> {
    return this.#predictions.meanProbabilities(name);
  }

  /**
   * Computes a later snapshot from one that was kept, in a separate run.
   *
   * @param begin How the run began.
   */
  async replay(begin: Begin, snapshot: Place, steps: { count: number; settings: StepSettings }[]): Promise<Snapshot> {
    const begun = readBegin(begin);
    const place = readPlace(snapshot, begun.digits.length);
    checkSteps(steps);
    const run = await this.#open(begun, place);
    try {
      let last: Snapshot | undefined;
      for (const { count, settings } of steps) {
        last = await run.advance(count, settings);
      }
      return last ?? (await run.advance(0, {} as StepSettings));
    } finally {
      run.free();
    }
  }

  /**
   * Calls `work` with the session in use; if that session breaks down, again with the next.
   *
   * @returns Rejects when the work is refused, or breaks one session after another.
   */
  attempt<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#backends.attempt(work);
  }

  /** What is known of a network. */
  async card(name: NetworkName): Promise<Card | undefined> {
    checkNetwork(name);
    const source = await this.#files.network(name);
    const json = await this.attempt(async (session) => this.#files.read(session, name, source).card);
    return json === undefined ? undefined : JSON.parse(json);
  }

  /**
   * The parameters of a layer of a network: the weights of a convolution are its kernels.
   *
   * @param layer `conv1`, `fc1` and so on, the last one included.
   */
  async parameters(name: NetworkName, layer: string): Promise<LayerParameters> {
    checkNetwork(name);
    checkLayer(layer);
    const source = await this.#files.network(name);
    return this.attempt(async (session) => {
      const network = this.#files.read(session, name, source);
      return asking(() => network.parameters(layer));
    });
  }

  /**
   * Begins a run.
   *
   * @returns Rejects, in words for people, when a setting cannot be used.
   */
  async begin(begin: Begin): Promise<Run> {
    const run = await this.#open(readBegin(begin));
    this.#runs.add(run);
    return run;
  }

  /** A run, from its start or from a snapshot. */
  async #open(begin: Begin, from?: Place) {
    const [source, pca] = await this.#needs(begin);
    return this.attempt(async (session) => {
      this.#files.read(session, begin.network, source);
      await this.vouch({ session, source, kind: kindOf(begin), open: comparable(source, begin, pca) });
      return new Run(this, session, begin, source, pca, from);
    });
  }

  /** Compares a GPU's results for a kind of run with the CPU's, the first time that this kind is asked for. */
  vouch(what: Parameters<typeof vouch>[0]) {
    return this.#backends.vouch(what);
  }

  /** A run has made iterations: there is something to draw. */
  computed() {
    this.#picture.computed();
  }

  /** A run has been freed. */
  forget(run: Run) {
    this.#runs.delete(run);
  }

  /** The files of a run. */
  async #needs({ network, parameterization }: Begin): Promise<[Source, Uint8Array | undefined]> {
    checkNetwork(network); // It may have been removed since.
    const pca = parameterization === 'pca' ? this.#files.pca() : undefined;
    return [await this.#files.network(network), await pca];
  }

  /**
   * Images in colors, below one another: 28 wide and n · 28 high.
   *
   * @param images n · 784 pixels.
   * @param low What becomes dark violet.
   * @param high What becomes yellow.
   * @param colors With `diverging`, the middle of low and high becomes gray.
   * @returns Pixels that are not numbers are transparent in it.
   */
  paint(images: Float32Array, low: number, high: number, colors: ColorMap = 'viridis'): ImageData {
    const pixels = readPixels(images);
    checkScale(low, high, colors);
    if (!('ImageData' in globalThis)) {
      throw new Error('Pictures are painted as ImageData, which only browsers have.');
    }
    const { session } = this.#backends;
    try {
      return asking(() => session.module.paint(pixels, low, high, colors));
    } catch (error) {
      if (error instanceof Refusal) {
        throw error;
      }
      session.abandon(error); // The next `attempt` moves to another session, which can paint again.
      return new ImageData(SIDE, pixels.length / SIDE);
    }
  }
}
