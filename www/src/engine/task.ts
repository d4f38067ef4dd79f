// What is asked of a run, and how it is passed to a module.

import type { Network, Snapshot } from '../../pkg/webgpu/actmax.js';
import { asking } from './errors.ts';
import type { NetworkName, Source } from './networks.ts';
import type { Session } from './session.ts';

/** Where a run was: all that is needed to go on from there. */
export type Place = Pick<Snapshot, 'iteration' | 'state'>;

export interface Begin {
  network: NetworkName;
  /** One image for each, 0 to 9; or the numbers of neurons or channels, where the objective is one of these. */
  digits: number[];
  /** Of the noise that all images start from, 0 to 4294967295. */
  seed: number;
  /** The standard deviation of the noise, 0 to 1. */
  noiseStd: number;
  /** A start image in place of noise: 784 pixels, or 784 a digit. */
  image?: Float32Array;
  /** What is asked of the images; by default the lab's `target-probability`. */
  objective?: Objective;
  /** What the optimizer moves: by default the `pixels` themselves. */
  parameterization?: ParameterizationName;
  /**
   * How the iterations are made: `fused` (the default) is fast; `reference` is Burn's autodiff, operation by operation.
   * See `Network.maximize` in `src/web/`.
   */
  path?: 'fused' | 'reference';
}

/** See `objective.rs`. */
export type Objective =
  | 'target-probability'
  | 'log-probability'
  | 'logit'
  | { 'logit-difference': { other: number } }
  | { neuron: { layer: string } }
  | { channel: { layer: string; position?: Position } };

/** A position in a channel's map, before pooling: the center, or a row and a column. */
export type Position = 'center' | readonly [row: number, column: number];

/** See `parameterization.rs`. */
export type ParameterizationName = 'pixels' | 'sigmoid' | 'fourier' | 'pca';

/** See `optimizer.rs`. */
export type OptimizerName = 'adam' | 'momentum' | 'sgd';

/**
 * The settings of a step. A setting that is left out has the lab's value; see `Run.step` in `src/web/` for the ranges.
 */
export interface StepSettings {
  /** The probability to reach. */
  target: number;
  /** The factor of every step. */
  learningRate: number;
  /** What turns the gradient into a step. It may change in the middle of a run. */
  optimizer?: OptimizerName;
  regularizers?: Partial<Record<'l1' | 'l2' | 'totalVariation' | 'startDistance' | 'density' | 'diversity', number>>;
  transforms?: Partial<Record<'jitter' | 'rotation' | 'scale', number>>;
  gradientBlur?: number;
}

/** The names of the optional settings that are not 0: each makes an iteration longer. */
export function used({ regularizers, transforms, gradientBlur }: StepSettings) {
  const all = Object.entries({ ...regularizers, ...transforms, gradientBlur });
  return String(all.filter(([, value]) => value).map(([name]) => name));
}

/**
 * A key for all that is compiled into the kernels of a run, except for its network.
 *
 * @param settings The names of the settings that have kernels of their own.
 */
export function kindOf({ objective, parameterization, path, digits }: Begin, settings = '') {
  return JSON.stringify({ objective, parameterization, path, rows: digits.length, settings });
}

/**
 * Returns a function that opens the run on a given session, to compare sessions. On the CPU the run always takes the
 * default path: fused iterations are faster, and have the same results.
 */
export function comparable(source: Source, begin: Begin, pca?: Uint8Array) {
  return (session: Session) =>
    openRun(session.network(source), session.name === 'cpu' ? { ...begin, path: undefined } : begin, pca);
}

/** Opens a run in a module, from its start or from a snapshot. */
export function openRun(
  network: Network,
  { digits, seed, noiseStd, image, objective, parameterization, path }: Begin,
  pca?: Uint8Array,
  snapshot?: Place,
) {
  if (pca) {
    asking(() => network.usePca(pca));
  }
  const task = JSON.stringify({ seed, noiseStd, objective, parameterization, path });
  return asking(() =>
    snapshot
      ? network.resume(digits, task, image, snapshot.iteration, snapshot.state)
      : network.maximize(digits, task, image),
  );
}
