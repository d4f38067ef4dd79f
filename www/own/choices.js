// @ts-check
// What the shapes of a network do not say, and which answers there are: tried in every combination,
// for the person to choose from. Knows of no page.

/**
 * @typedef {object} Choices As the module takes them.
 * @property {'relu' | 'sigmoid' | 'tanh' | 'gelu'} activation
 * @property {'max' | 'average'} pooling
 * @property {number} candidate Which of the readings that the shapes allow.
 * @property {number} mean Taken from every pixel, …
 * @property {number} deviation … which is then divided by it.
 */

/** @typedef {{ description: string, pooled: boolean }} Candidate A reading that the shapes allow. */

/** @typedef {{ choices: Choices, reads: number }} Trial How many prototypes are read in this way. */

/** Most usual first, as in everything here: where several read the same, the first is preselected. */
export const ACTIVATIONS = /** @type {[Choices['activation'], string][]} */ ([
  ['relu', 'ReLU'],
  ['sigmoid', 'Sigmoid'],
  ['tanh', 'tanh'],
  ['gelu', 'GELU'],
]);

export const POOLINGS = /** @type {[Choices['pooling'], string][]} */ ([
  ['max', 'Max'],
  ['average', 'Average'],
]);

/** @typedef {Pick<Choices, 'mean' | 'deviation'>} Inputs */

/** @type {(Inputs & { words: string })[]} */
export const INPUTS = [
  { mean: 0, deviation: 1, words: '0 to 1' },
  { mean: 0.1307, deviation: 0.3081, words: 'Normalised: 0.1307, 0.3081' },
  { mean: 0.5, deviation: 0.5, words: '−1 to 1: 0.5, 0.5' },
];

/** Below, it is likely that something was chosen wrongly. */
export const FEW = 50;

/**
 * Every way of using a network.
 *
 * @param {Candidate[]} candidates
 * @param {Inputs[]} inputs
 * @returns {Choices[]}
 */
export function combinations(candidates, inputs) {
  return candidates.flatMap(({ pooled }, candidate) =>
    (pooled ? POOLINGS : POOLINGS.slice(0, 1)).flatMap(([pooling]) =>
      inputs.flatMap(({ mean, deviation }) =>
        ACTIVATIONS.map(([activation]) => ({ activation, pooling, candidate, mean, deviation })),
      ),
    ),
  );
}

/**
 * The way that reads most; of several, the most usual.
 *
 * @param {Trial[]} trials At least one.
 */
export function best(trials) {
  return trials.reduce((a, b) => (b.reads > a.reads ? b : a));
}

/** @param {Choices} a @param {Choices} b */
export function areSame(a, b) {
  return (
    a.activation === b.activation &&
    a.pooling === b.pooling &&
    a.candidate === b.candidate &&
    a.mean === b.mean &&
    a.deviation === b.deviation
  );
}

/**
 * How many of the prototypes a network reads: ten of each class, one class after the other.
 *
 * @param {number[][]} answers Its ten probabilities of each.
 */
export function readsOf(answers) {
  return answers.filter((it, index) => it.indexOf(Math.max(...it)) === Math.floor(index / 10)).length;
}

/**
 * Choices as they were kept, if they can be such.
 *
 * @param {any} kept Anything.
 * @param {number} candidates How many there are.
 * @returns {Choices | undefined}
 */
export function checkedChoices(kept, candidates) {
  const { activation, pooling, candidate, mean, deviation } = kept ?? {};
  const isRight =
    ACTIVATIONS.some(([it]) => it === activation) &&
    POOLINGS.some(([it]) => it === pooling) &&
    Number.isInteger(candidate) &&
    candidate >= 0 &&
    candidate < candidates &&
    Number.isFinite(mean) &&
    Number.isFinite(deviation) &&
    deviation > 0;
  return isRight ? { activation, pooling, candidate, mean, deviation } : undefined;
}
