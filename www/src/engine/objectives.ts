// The objective, as an address says it: the probability of a digit, in one of several ways, or the
// activation of a neuron or a channel.

import { type Layers, layersOf, networksOf } from './networks.ts';
import { type Reading, short } from './reading.ts';
import type { Objective } from './task.ts';

/** The most neurons or channels that a layer can have. */
export const MOST_IN_LAYER = 4096;

/** The hidden layer whose neurons or channels an objective is about, if it is. */
export function layerOf(objective: string) {
  return /^(?:neuron|channel)-(.+)$/.exec(objective)?.[1];
}

/** The objective on a neuron or a channel of a hidden layer. */
export function objectiveIn(layer: string) {
  return `${layer.startsWith('conv') ? 'channel' : 'neuron'}-${layer}`;
}

/** An objective as the engine takes it. */
export function objectiveOf(objective: string): Objective {
  const layer = layerOf(objective);
  if (layer !== undefined) {
    return objective.startsWith('channel-') ? { channel: { layer } } : { neuron: { layer } };
  }
  if (objective.startsWith('logit-minus-')) {
    return { 'logit-difference': { other: Number(objective.at(-1)) } };
  }
  return objective as Objective;
}

/**
 * The hidden layers that all of these networks have, each with its smallest number of neurons or channels in any of
 * them. A network that is not known yet is left out.
 *
 * @param choice Names of networks, as in the configuration.
 */
export function commonLayers(choice: string): Layers {
  const [first, ...others] = networksOf(choice).flatMap((it) => {
    const layers = layersOf(it);
    return layers ? [new Map(layers)] : [];
  });
  return [...(first ?? [])].flatMap(([layer, size]) => {
    const all = [size, ...others.map((it) => it.get(layer) ?? 0)];
    return Math.min(...all) > 0 ? [[layer, Math.min(...all)] as [string, number]] : [];
  });
}

/** How many images with different objectives there can be: one for each digit, neuron or channel. */
export function choicesOf({ network, objective }: { network: string; objective: string }) {
  const layer = layerOf(objective);
  if (layer === undefined) {
    return 10;
  }
  if (networksOf(network).every((it) => !layersOf(it))) {
    return MOST_IN_LAYER;
  }
  return new Map(commonLayers(network)).get(layer) ?? 0;
}

export function readObjective(text: string): Reading {
  const known =
    ['target-probability', 'log-probability', 'logit'].includes(text) ||
    /^logit-minus-\d$/.test(text) ||
    /^(channel-conv|neuron-fc)[1-9]\d?$/.test(text);
  return known
    ? { value: text }
    : {
        value: 'target-probability',
        problem:
          `The objective is "${short(text)}". It must be target-probability, log-probability, logit, ` +
          `logit-minus-0 to logit-minus-9, neuron- and a dense layer like neuron-fc1, or channel- and a ` +
          `convolutional layer like channel-conv2.`,
      };
}
