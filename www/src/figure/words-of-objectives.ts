// What a figure says of its objective: of digits, or of the neurons or channels of a layer.

import type { Objective, Position } from '../engine/task.ts';

/** The hidden layer whose neurons or channels an objective is about, if it is. */
export function layerAsked(objective?: Objective) {
  if (typeof objective !== 'object') {
    return undefined;
  }
  return 'neuron' in objective ? objective.neuron.layer : 'channel' in objective ? objective.channel.layer : undefined;
}

/** The layer and, if it is about one, the position of a channel that an objective is about, if it is about channels. */
export function channelAsked(objective?: Objective) {
  return typeof objective === 'object' && 'channel' in objective ? objective.channel : undefined;
}

/** Whether it is about channels of the first convolution, whose filters are images themselves. */
export function isOfFirstConvolution(objective?: Objective) {
  return channelAsked(objective)?.layer === 'conv1';
}

export function isOfDigits(objective?: Objective) {
  return layerAsked(objective) === undefined;
}

/** Where in its map a channel is asked for, after a space: “ at the center”; empty for the average, or where it is none. */
function place(objective?: Objective) {
  const position = channelAsked(objective)?.position;
  return position === undefined ? '' : ` ${placeInWords(position)}`;
}

/** “at the center”, “at row 4, column 7”. */
export function placeInWords(position: Position) {
  return position === 'center' ? 'at the center' : `at row ${position[0]}, column ${position[1]}`;
}

/** Whether the target probability counts. */
export function hasTarget(objective: Objective = 'target-probability') {
  return objective === 'target-probability';
}

/** What the outputs of a layer are called. */
export function neuronOrChannel(layer: string) {
  return layer.startsWith('conv') ? 'channel' : 'neuron';
}

/** What an image is made for: “3”, “neuron 12 of fc1”, “channel 3 of conv2”, “channel 3 of conv2 at the center”. */
export function nameOf(objective: Objective | undefined, number: number) {
  const layer = layerAsked(objective);
  return layer === undefined ? String(number) : `${neuronOrChannel(layer)} ${number} of ${layer}${place(objective)}`;
}

/** What all images are made for, if it is no digits: “channels of conv2 at the center”. */
export function groupOf(objective?: Objective) {
  const layer = layerAsked(objective);
  return layer === undefined ? undefined : `${neuronOrChannel(layer)}s of ${layer}${place(objective)}`;
}

/** A name without its layer, for below an image: “3”, “channel 3”. */
export function shortName(name: string) {
  return name.replace(/ of .*/, '');
}

/**
 * What the loss is.
 *
 * @param penalized Whether there are penalty terms.
 * @param log Whether the scale is logarithmic.
 */
export function lossWords(objective: Objective, penalized: boolean, log: boolean) {
  const { words, negative } = lossOf(objective);
  return (
    `${words}${penalized ? ', plus penalties' : ''}, at every iteration.` +
    `${log && negative ? ' It can be negative: on a logarithmic scale, only what is above 0 is drawn.' : ''}`
  );
}

/** @returns Whether it can be negative. */
function lossOf(objective: Objective): { words: string; negative: boolean } {
  const layer = layerAsked(objective);
  if (layer !== undefined) {
    const at = place(objective);
    const what =
      neuronOrChannel(layer) === 'neuron'
        ? `Minus the output of the neuron of ${layer}`
        : `Minus the ${at === '' ? 'mean' : 'value'} of the channel of ${layer}${at}`;
    return { words: `${what}, before the activation function`, negative: true };
  }
  if (typeof objective === 'object') {
    const { other } = (objective as { 'logit-difference': { other: number } })['logit-difference'];
    return { words: `The logit of the ${other}, minus the logit of the digit`, negative: true };
  }
  return {
    'target-probability': { words: 'Squared difference between ln p(digit | image) and ln target', negative: false },
    'log-probability': { words: '−ln p(digit | image)', negative: false },
    logit: { words: 'Minus the logit of the digit', negative: true },
  }[objective];
}
