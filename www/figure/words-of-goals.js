// @ts-check
// What a figure says of what is asked of its images: of digits, or of the units of a layer.

/** @typedef {import('../run.js').Goal} Goal */

/** The layer whose units are asked for, if they are. @param {Goal} [goal] */
export function layerAsked(goal) {
  return typeof goal === 'object' && 'unit' in goal ? goal.unit.layer : undefined;
}

/** Whether the target probability counts. @param {Goal} [goal] */
export function hasTarget(goal = 'distance') {
  return goal === 'distance';
}

/** A layer of filters has one unit for each. @param {string} layer */
export function unitWord(layer) {
  return layer.startsWith('conv') ? 'filter' : 'unit';
}

/**
 * What an image is made for: “3”, “unit 12 of fc1”, “filter 3 of conv2”.
 *
 * @param {Goal | undefined} goal
 * @param {number} number
 */
export function nameOf(goal, number) {
  const layer = layerAsked(goal);
  return layer === undefined ? String(number) : `${unitWord(layer)} ${number} of ${layer}`;
}

/**
 * What the loss is.
 *
 * @param {Goal} goal
 * @param {boolean} charged Whether there are penalties.
 * @param {boolean} log Whether the scale is logarithmic.
 */
export function lossWords(goal, charged, log) {
  const { words, negative } = lossOf(goal);
  return (
    `${words}${charged ? ', plus penalties' : ''}, at every iteration.` +
    `${log && negative ? ' It can be negative: on a logarithmic scale, only what is above 0 is drawn.' : ''}`
  );
}

/** @param {Goal} goal @returns {{ words: string, negative: boolean }} Whether it can be negative. */
function lossOf(goal) {
  if (typeof goal === 'object') {
    if ('unit' in goal) {
      const { layer } = goal.unit;
      const what =
        unitWord(layer) === 'filter'
          ? `Minus the activation of the filter of ${layer}, on average over its map`
          : `Minus the activation of the unit of ${layer}`;
      return { words: `${what}, before the nonlinearity`, negative: true };
    }
    const { other } = goal.difference;
    return { words: `The logit of the ${other}, minus the logit of the digit`, negative: true };
  }
  return {
    distance: { words: 'Squared distance between ln p(digit | image) and ln target', negative: false },
    'log-probability': { words: '−ln p(digit | image)', negative: false },
    logit: { words: 'Minus the logit of the digit', negative: true },
  }[goal];
}
