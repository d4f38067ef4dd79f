// The objective, as an address says it: the probability of a digit, in one of several ways, or the
// activation of a neuron or a channel.

import { type Layers, type MapSize, layersOf, networksOf } from './networks.ts';
import { type Reading, short } from './reading.ts';
import type { Objective, Position } from './task.ts';

/** The most neurons or channels that a layer can have. */
export const MOST_IN_LAYER = 4096;

/** `channel-conv2-center`, or `channel-conv2-at-4-7` for row 4, column 7. */
const AT_POSITION = /^channel-conv[1-9]\d?-(?:center|at-(0|[1-9]\d?)-(0|[1-9]\d?))$/;

/** The hidden layer whose neurons or channels an objective is about, if it is. */
export function layerOf(objective: string) {
  return /^(?:neuron|channel)-(\w+)/.exec(objective)?.[1];
}

/** The one position of a channel's map that an objective is about, if it is. */
export function positionOf(objective: string): Position | undefined {
  const found = AT_POSITION.exec(objective);
  if (!found) {
    return undefined;
  }
  const [, row, column] = found;
  return row === undefined ? 'center' : [Number(row), Number(column)];
}

/**
 * The objective on a neuron or a channel of a hidden layer.
 *
 * @param position In the channel's map; without it the channel is averaged.
 */
export function objectiveIn(layer: string, position?: Position) {
  const at = position === undefined ? '' : position === 'center' ? '-center' : `-at-${position.join('-')}`;
  return `${layer.startsWith('conv') ? 'channel' : 'neuron'}-${layer}${at}`;
}

/** The row and column of the center of maps, as `objective.rs` has it. */
export function centerOf([height, width]: MapSize): [row: number, column: number] {
  return [Math.floor(height / 2), Math.floor(width / 2)];
}

/** An objective as the engine takes it. */
export function objectiveOf(objective: string): Objective {
  const layer = layerOf(objective);
  if (layer !== undefined) {
    const position = positionOf(objective);
    return objective.startsWith('channel-') ? { channel: { layer, ...(position && { position }) } } : { neuron: { layer } };
  }
  if (objective.startsWith('logit-minus-')) {
    return { 'logit-difference': { other: Number(objective.at(-1)) } };
  }
  return objective as Objective;
}

/**
 * The hidden layers that all of these networks have, each with its smallest number of neurons or channels in any of
 * them, and with what all of its maps have room for. A network that is not known yet is left out.
 *
 * @param choice Names of networks, as in the configuration.
 */
export function commonLayers(choice: string): Layers {
  const [first, ...others] = networksOf(choice).flatMap((it) => {
    const layers = layersOf(it);
    return layers ? [layers] : [];
  });
  return (first ?? []).flatMap(([name, ...its]) => {
    const all = [its, ...others.flatMap((layers) => layers.filter(([other]) => other === name).map(([, ...its]) => its))];
    return all.length <= others.length ? [] : [[name, ...all.reduce(smaller)] as Layers[number]];
  });
}

function smaller([size, map]: [number, MapSize?], [otherSize, otherMap]: [number, MapSize?]): [number, MapSize?] {
  const least = Math.min(size, otherSize);
  return map && otherMap ? [least, [Math.min(map[0], otherMap[0]), Math.min(map[1], otherMap[1])]] : [least];
}

/** The size of the maps that an objective is about, if it is about channels of networks that are known. */
export function mapOf({ network, objective }: { network: string; objective: string }) {
  const layer = layerOf(objective);
  return commonLayers(network).find(([name]) => name === layer)?.[2];
}

/** What is wrong with the position that an objective is about, if anything is: its networks may have smaller maps. */
export function problemOfPosition({ network, objective }: { network: string; objective: string }) {
  const [position, map] = [positionOf(objective), mapOf({ network, objective })];
  if (position === undefined || position === 'center' || !map || (position[0] < map[0] && position[1] < map[1])) {
    return undefined;
  }
  return (
    `The position is row ${position[0]}, column ${position[1]}. The maps of ${layerOf(objective)} have ${map[0]} rows ` +
    `and ${map[1]} columns, counted from 0.`
  );
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
  return commonLayers(network).find(([name]) => name === layer)?.[1] ?? 0;
}

export function readObjective(text: string): Reading {
  const known =
    ['target-probability', 'log-probability', 'logit'].includes(text) ||
    /^logit-minus-\d$/.test(text) ||
    /^(channel-conv|neuron-fc)[1-9]\d?$/.test(text) ||
    AT_POSITION.test(text);
  return known
    ? { value: text }
    : {
        value: 'target-probability',
        problem:
          `The objective is "${short(text)}". It must be target-probability, log-probability, logit, ` +
          `logit-minus-0 to logit-minus-9, neuron- and a dense layer like neuron-fc1, or channel- and a ` +
          `convolutional layer like channel-conv2, which is its average, or channel-conv2-center or ` +
          `channel-conv2-at-0-7, which is one position, by row and column.`,
      };
}
