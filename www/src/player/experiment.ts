// One or more networks at the same task: their runs make the same iterations, from the same start. Knows of no page.

import type { Engine, LayerParameters } from '../engine/engine.ts';
import { type NetworkName, networkNames, networksOf, titleOf } from '../engine/networks.ts';
import { layerOf } from '../engine/objectives.ts';
import type { Run, Snapshot } from '../engine/run.ts';
import type { Begin, StepSettings } from '../engine/task.ts';
import { type Config, taskOf } from '../settings/config.ts';
import { readStart } from '../settings/start-image.ts';
import { allOrNone } from './all-or-none.ts';
import { correlation } from './correlation.ts';
import { History } from './history.ts';
import { type Comparison, TypicalDigits, UNKNOWN } from './typical-digits.ts';

/** One network of an experiment. */
export interface NetworkResult {
  network: NetworkName;
  /** For people. */
  name: string;
  /** How its run began. */
  begin: Begin;
  run: Run;
  history: History;
  /** The network's ten probabilities for each class's mean training image. */
  meanProbabilities: number[][];
  /** The filters of the first convolution, where the images are made for its channels. */
  filters?: LayerParameters;
}

const PIXELS = 784;

export class Experiment {
  #engine: Engine;
  /** Iterations made. */
  iteration = 0;
  /** The iteration on show, if not the last: snapshots near it are kept. */
  place: number | undefined;
  /** Whether the images are made for neurons or channels of a hidden layer; `digits` are then their numbers. */
  ofLayer: boolean;
  digits: number[];
  networkResults: NetworkResult[];
  means: Float32Array;
  #typical: TypicalDigits | undefined;

  private constructor(
    engine: Engine,
    ofLayer: boolean,
    digits: number[],
    networkResults: NetworkResult[],
    means: Float32Array,
  ) {
    this.#engine = engine;
    this.ofLayer = ofLayer;
    this.digits = digits;
    this.networkResults = networkResults;
    this.means = means;
  }

  /**
   * Begins the runs that a configuration asks for. They have made no iteration, and there is no snapshot yet.
   *
   * @returns Rejects, in words for people, when a file cannot be had.
   */
  static async begin(engine: Engine, config: Config): Promise<Experiment> {
    const { digits, start } = config;
    const ofLayer = layerOf(config.objective) !== undefined;
    const means = await engine.means();
    const image = start === '' ? undefined : startImage(start, means);
    const networks = networksOf(config.network).length;
    const networkResults = await allOrNone(
      networksOf(config.network).map(async (network) => {
        const begin = { network, digits, image, ...taskOf(config) };
        const meanProbabilities = await engine.meanProbabilities(network);
        const filters = layerOf(config.objective) === 'conv1' ? await engine.parameters(network, 'conv1') : undefined;
        const run = await engine.begin(begin); // Last: if something fails before, there is no run to free.
        return { network, name: titleOf(network), begin, run, history: new History(digits, { ofLayer, networks }), meanProbabilities, filters };
      }),
      freeRun,
    );
    return new Experiment(engine, ofLayer, digits, networkResults, means);
  }

  /** The same experiment at its start, beside this one: no iteration is made, and the first snapshot is known. */
  async restarted(): Promise<Experiment> {
    const networkResults = await allOrNone(
      this.networkResults.map(async (networkResult) => {
        const { begin, history } = networkResult;
        return { ...networkResult, run: await this.#engine.begin(begin), history: history.restarted() };
      }),
      freeRun,
    );
    const restarted = new Experiment(this.#engine, this.ofLayer, this.digits, networkResults, this.means);
    restarted.#typical = this.#typical;
    return restarted;
  }

  /**
   * Replaces its runs by those of a restarted experiment. The old `networkResults` are not changed: whoever still
   * holds them has the results of one run.
   *
   * @param restarted From `restarted`; it must not be used any more.
   */
  replaceBy(restarted: Experiment) {
    this.free();
    this.networkResults = restarted.networkResults;
    this.iteration = restarted.iteration;
  }

  /** Whether there is a snapshot of it: of every network, since they are read together. */
  get begun() {
    return this.networkResults.every(({ history }) => history.snapshots.length > 0);
  }

  /**
   * Makes `count` iterations with every network (0 only reads the state) and keeps their snapshots. All histories
   * grow together, so that every network is at the same iteration at any time.
   *
   * @returns Rejects when one network fails; then all are where they were.
   */
  async advance(count: number, settings: StepSettings): Promise<void> {
    if (count > 0 && !this.begun) {
      await this.#advance(0, settings); // The history begins with the start.
    }
    await this.#advance(count, settings);
  }

  async #advance(count: number, settings: StepSettings) {
    const snapshots: Snapshot[] = [];
    try {
      for (const { run } of this.networkResults) {
        snapshots.push(await run.advance(count, settings));
      }
    } catch (error) {
      for (const { run, history } of this.networkResults.slice(0, snapshots.length)) {
        run.goBack(history.snapshots.at(-1));
      }
      throw error;
    }
    for (const [index, { history }] of this.networkResults.entries()) {
      history.add(snapshots[index], settings, this.place);
    }
    this.iteration += count;
  }

  /** What the time of an iteration depends on. */
  kind(settings: StepSettings) {
    return this.networkResults.map(({ run }) => run.kind(settings)).join('; ');
  }

  /**
   * Computes the images of an iteration again, from the last snapshot before it, and keeps them.
   *
   * @param iteration Not after the last.
   * @returns Whether they had to be computed.
   */
  async recall(iteration: number): Promise<boolean> {
    if (!this.begun) {
      return false;
    }
    const to = Math.min(iteration, this.iteration);
    let made = false;
    for (const { begin, history } of this.networkResults) {
      const snapshot = history.at(to);
      if (snapshot.iteration < to) {
        const steps = history.steps(snapshot.iteration, to);
        history.insert(await this.#engine.replay(begin, snapshot, steps), this.place);
        made = true;
      }
    }
    return made;
  }

  /**
   * Loads what `comparisons` needs. A run need not wait for it.
   *
   * @returns Rejects, in words for people, when the file cannot be had.
   */
  async loadTypical(): Promise<void> {
    const prototypes = await this.#engine.prototypes();
    this.#typical ??= new TypicalDigits(prototypes);
  }

  /**
   * How much each image looks like its digit; not known before `loadTypical`, nor for neurons and channels.
   *
   * @param iteration By default the last.
   */
  comparisons({ history }: NetworkResult, iteration?: number): Comparison[] {
    const { images } = history.at(iteration);
    const typical = this.ofLayer ? undefined : this.#typical;
    return this.digits.map(
      (digit, row) => typical?.compare(images.subarray(row * PIXELS, (row + 1) * PIXELS), digit) ?? UNKNOWN,
    );
  }

  /** The probabilities that the other networks give to a network's images. */
  opinions(
    { network, history }: NetworkResult,
    iteration: number,
  ): Promise<{ name: string; probabilities: number[][] }[]> {
    const { images } = history.at(iteration);
    const others = networkNames().filter((it) => it !== network);
    return Promise.all(
      others.map(async (other) => ({
        name: titleOf(other),
        probabilities: await this.#engine.probabilities(other, images),
      })),
    );
  }

  /** The prototypes with the highest correlation with an image. */
  async nearest(
    { history }: NetworkResult,
    iteration: number,
    row: number,
    count: number,
  ): Promise<{ digit: number; r: number; image: Float32Array }[]> {
    const prototypes = await this.#engine.prototypes();
    const image = history.at(iteration).images.subarray(row * PIXELS, (row + 1) * PIXELS);
    const each = Array.from({ length: prototypes.length / PIXELS }, (_, index) => {
      const prototype = prototypes.subarray(index * PIXELS, (index + 1) * PIXELS);
      return { digit: Math.floor(index / 10), r: correlation(image, prototype), image: prototype };
    });
    return each.sort((a, b) => b.r - a.r).slice(0, count);
  }

  /** Frees the runs. */
  free() {
    for (const { run } of this.networkResults) {
      run.free();
    }
  }
}

function freeRun({ run }: NetworkResult) {
  run.free();
}

function meanImage(means: Float32Array, digit: number) {
  return means.subarray(digit * PIXELS, (digit + 1) * PIXELS);
}

function startImage(start: string, means: Float32Array) {
  return start.startsWith('mean') ? meanImage(means, Number(start[4])) : readStart(start);
}
