// What a figure says of its objective: of digits, or of the neurons or channels of a layer.

import type { Objective } from '../engine/task.ts';

/** The hidden layer whose neurons or channels an objective is about, if it is. */
export function layerAsked(objective?: Objective) {
  if (typeof objective !== 'object') {
    return undefined;
  }
  return 'neuron' in objective ? objective.neuron.layer : 'channel' in objective ? objective.channel.layer : undefined;
}

/** Whether the target probability counts. */
export function hasTarget(objective: Objective = 'target-probability') {
  return objective === 'target-probability';
}

/** What the outputs of a layer are called. */
export function neuronOrChannel(layer: string) {
  return layer.startsWith('conv') ? 'channel' : 'neuron';
}

/** What an image is made for: “3”, “neuron 12 of fc1”, “channel 3 of conv2”. */
export function nameOf(objective: Objective | undefined, number: number) {
  const layer = layerAsked(objective);
  return layer === undefined ? String(number) : `${neuronOrChannel(layer)} ${number} of ${layer}`;
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
    const what =
      neuronOrChannel(layer) === 'channel'
        ? `Minus the mean of the channel of ${layer}`
        : `Minus the output of the neuron of ${layer}`;
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
