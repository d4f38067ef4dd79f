// @ts-check
// What a figure says of what is asked of its images: of digits, or of the units of a layer.

/** @typedef {import('../run.js').Objective} Objective */

/** The layer whose units are asked for, if they are. @param {Objective} [objective] */
export function layerAsked(objective) {
  return typeof objective === 'object' && 'unit' in objective ? objective.unit.layer : undefined;
}

/** Whether the target probability counts. @param {Objective} [objective] */
export function hasTarget(objective = 'distance') {
  return objective === 'distance';
}

/** A layer of filters has one unit for each. @param {string} layer */
export function neuronOrChannel(layer) {
  return layer.startsWith('conv') ? 'filter' : 'unit';
}

/**
 * What an image is made for: “3”, “unit 12 of fc1”, “filter 3 of conv2”.
 *
 * @param {Objective | undefined} objective
 * @param {number} number
 */
export function nameOf(objective, number) {
  const layer = layerAsked(objective);
  return layer === undefined ? String(number) : `${neuronOrChannel(layer)} ${number} of ${layer}`;
}

/**
 * What the loss is.
 *
 * @param {Objective} objective
 * @param {boolean} charged Whether there are penalties.
 * @param {boolean} log Whether the scale is logarithmic.
 */
export function lossWords(objective, charged, log) {
  const { words, negative } = lossOf(objective);
  return (
    `${words}${charged ? ', plus penalties' : ''}, at every iteration.` +
    `${log && negative ? ' It can be negative: on a logarithmic scale, only what is above 0 is drawn.' : ''}`
  );
}

/** @param {Objective} objective @returns {{ words: string, negative: boolean }} Whether it can be negative. */
function lossOf(objective) {
  if (typeof objective === 'object') {
    if ('unit' in objective) {
      const { layer } = objective.unit;
      const what =
        neuronOrChannel(layer) === 'filter'
          ? `Minus the activation of the filter of ${layer}, on average over its map`
          : `Minus the activation of the unit of ${layer}`;
      return { words: `${what}, before the nonlinearity`, negative: true };
    }
    const { other } = objective.difference;
    return { words: `The logit of the ${other}, minus the logit of the digit`, negative: true };
  }
  return {
    distance: { words: 'Squared distance between ln p(digit | image) and ln target', negative: false },
    'log-probability': { words: '−ln p(digit | image)', negative: false },
    logit: { words: 'Minus the logit of the digit', negative: true },
  }[objective];
}
