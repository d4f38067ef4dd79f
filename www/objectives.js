// @ts-check
// What is asked of the images, as an address says it: the probability of a digit, in one of several
// ways, or what a unit says.

import { layersOf, networksOf } from './networks.js';
import { short } from './reading.js';

/** @typedef {import('./reading.js').Reading} Reading */
/** @typedef {import('./run.js').Objective} Objective */

/** The most units that a layer can have. */
export const MOST_IN_LAYER = 4096;

/** The layer whose units are asked for, if they are. @param {string} objective */
export function layerOf(objective) {
  return objective.startsWith('unit-') ? objective.slice(5) : undefined;
}

/** What is asked for, as the engine takes it. @param {string} objective @returns {Objective} */
export function objectiveOf(objective) {
  const layer = layerOf(objective);
  if (layer !== undefined) {
    return { unit: { layer } };
  }
  if (objective.startsWith('not-')) {
    return { difference: { other: Number(objective[4]) } };
  }
  return /** @type {Objective} */ (objective);
}

/**
 * The layers that all networks of a choice have, each with the units that there are in all of them.
 * Of networks that are not known yet, nothing is said.
 *
 * @param {string} choice
 * @returns {import('./networks.js').Layers}
 */
export function commonLayers(choice) {
  const [first, ...others] = networksOf(choice).flatMap((it) => {
    const layers = layersOf(it);
    return layers ? [new Map(layers)] : [];
  });
  return [...(first ?? [])].flatMap(([layer, units]) => {
    const all = [units, ...others.map((it) => it.get(layer) ?? 0)];
    return Math.min(...all) > 0 ? [/** @type {[string, number]} */ ([layer, Math.min(...all)])] : [];
  });
}

/**
 * How many things an image can be made for.
 *
 * @param {{ network: string, objective: string }} config
 */
export function choicesOf({ network, objective }) {
  const layer = layerOf(objective);
  if (layer === undefined) {
    return 10;
  }
  if (networksOf(network).every((it) => !layersOf(it))) {
    return MOST_IN_LAYER;
  }
  return new Map(commonLayers(network)).get(layer) ?? 0;
}

/** @param {string} text @returns {Reading} */
export function readObjective(text) {
  const known =
    ['distance', 'log-probability', 'logit'].includes(text) ||
    /^not-\d$/.test(text) ||
    /^unit-(conv|fc)[1-9]\d?$/.test(text);
  return known
    ? { value: text }
    : {
        value: 'distance',
        problem:
          `The objective is "${short(text)}". It must be distance, log-probability, logit, logit-minus-0 to logit-minus-9, ` +
          `or unit- and a layer: conv1, conv2, …, fc1, fc2, ….`,
      };
}
