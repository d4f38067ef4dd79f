// @ts-check
// What is asked of a run, and how it is passed to a module.

import { asking } from './errors.js';

/** @typedef {import('./session.js').NetworkName} NetworkName */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('../../pkg/webgpu/actmax.js').Snapshot} Snapshot */
/** @typedef {Pick<Snapshot, 'iteration' | 'state'>} Place Where a run was: all that is needed to go on from there. */

/**
 * @typedef {object} Begin
 * @property {NetworkName} network
 * @property {number[]} digits One image for each, 0 to 9; or the numbers of neurons or channels, where the objective is one of these.
 * @property {number} seed Of the noise that all images start from, 0 to 4294967295.
 * @property {number} noiseStd The standard deviation of the noise, 0 to 1.
 * @property {Float32Array} [image] A start image in place of noise: 784 pixels, or 784 a digit.
 * @property {Objective} [objective] What is asked of the images; by default the lab's `target-probability`.
 * @property {ParameterizationName} [parameterization] What Adam moves: by default the `pixels` themselves.
 * @property {'fused' | 'reference'} [path] How the iterations are made: `fused` (the default) is fast;
 *   `reference` is Burn's autodiff, operation by operation. See `Network.maximize` in `src/web/`.
 */

/**
 * See `objective.rs`.
 *
 * @typedef {'target-probability' | 'log-probability' | 'logit' | { 'logit-difference': { other: number } } | { neuron: { layer: string } } | { channel: { layer: string } }} Objective
 */

/** @typedef {'pixels' | 'sigmoid' | 'fourier' | 'pca'} ParameterizationName See `parameterization.rs`. */

/**
 * The settings of a step. A setting that is left out has the lab's value; see `Run.step` in `src/web/` for the ranges.
 *
 * @typedef {object} StepSettings
 * @property {number} target The probability to reach.
 * @property {number} learningRate Adam's step size.
 * @property {Partial<Record<'l1' | 'l2' | 'totalVariation' | 'startDistance' | 'density' | 'diversity', number>>} [regularizers]
 * @property {Partial<Record<'jitter' | 'rotation' | 'scale', number>>} [transforms]
 * @property {number} [gradientBlur]
 */

/** The names of the optional settings that are not 0: each makes an iteration longer. @param {StepSettings} settings */
export function used({ regularizers, transforms, gradientBlur }) {
  const all = Object.entries({ ...regularizers, ...transforms, gradientBlur });
  return String(all.filter(([, value]) => value).map(([name]) => name));
}

/**
 * A key for all that is compiled into the kernels of a run, except for its network.
 *
 * @param {Begin} begin
 * @param {string} [settings] The names of the settings that have kernels of their own.
 */
export function kindOf({ objective, parameterization, path, digits }, settings = '') {
  return JSON.stringify({ objective, parameterization, path, rows: digits.length, settings });
}

/**
 * Returns a function that opens the run on a given session, to compare sessions. On the CPU the run always takes the
 * default path: fused iterations are faster, and have the same results.
 *
 * @param {import('./networks.js').Source} source
 * @param {Begin} begin
 * @param {Uint8Array} [pca]
 */
export function comparable(source, begin, pca) {
  return (/** @type {Session} */ session) =>
    openRun(session.network(source), session.name === 'cpu' ? { ...begin, path: undefined } : begin, pca);
}

/**
 * Opens a run in a module, from its start or from a snapshot.
 *
 * @param {import('../../pkg/webgpu/actmax.js').Network} network
 * @param {Begin} begin
 * @param {Uint8Array} [pca]
 * @param {Place} [snapshot]
 */
export function openRun(network, { digits, seed, noiseStd, image, objective, parameterization, path }, pca, snapshot) {
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
