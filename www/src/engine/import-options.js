// @ts-check
// The import options: what the shapes of a network do not say. Every combination is tried, for the person
// to choose from. Knows of no page.

/**
 * @typedef {object} ImportOptions As the module takes them.
 * @property {'relu' | 'sigmoid' | 'tanh' | 'gelu'} activation
 * @property {'max' | 'average'} pooling
 * @property {number} candidate Which of the readings that the shapes allow.
 * @property {number} mean The network is shown (pixel − mean) / std.
 * @property {number} std
 */

/** @typedef {{ description: string, pooled: boolean }} Candidate A reading that the shapes allow. */

/** @typedef {{ options: ImportOptions, reads: number }} Trial How many prototypes are read in this way. */

/** The most usual first, as in all lists here: of options that read as many prototypes, the first is preselected. */
export const ACTIVATIONS = /** @type {[ImportOptions['activation'], string][]} */ ([
  ['relu', 'ReLU'],
  ['sigmoid', 'Sigmoid'],
  ['tanh', 'tanh'],
  ['gelu', 'GELU'],
]);

export const POOLINGS = /** @type {[ImportOptions['pooling'], string][]} */ ([
  ['max', 'Max'],
  ['average', 'Average'],
]);

/** @typedef {Pick<ImportOptions, 'mean' | 'std'>} Inputs */

/** @type {(Inputs & { words: string })[]} */
export const INPUTS = [
  { mean: 0, std: 1, words: '0 to 1' },
  { mean: 0.1307, std: 0.3081, words: 'Normalized: 0.1307, 0.3081' },
  { mean: 0.5, std: 0.5, words: '−1 to 1: 0.5, 0.5' },
];

/** If fewer prototypes than this are read, it is likely that something was chosen wrongly. */
export const FEW = 50;

/**
 * Every way of using a network.
 *
 * @param {Candidate[]} candidates
 * @param {Inputs[]} inputs
 * @returns {ImportOptions[]}
 */
export function combinations(candidates, inputs) {
  return candidates.flatMap(({ pooled }, candidate) =>
    (pooled ? POOLINGS : POOLINGS.slice(0, 1)).flatMap(([pooling]) =>
      inputs.flatMap(({ mean, std }) =>
        ACTIVATIONS.map(([activation]) => ({ activation, pooling, candidate, mean, std })),
      ),
    ),
  );
}

/**
 * The trial that reads most prototypes; of several, the most usual.
 *
 * @param {Trial[]} trials At least one.
 */
export function best(trials) {
  return trials.reduce((a, b) => (b.reads > a.reads ? b : a));
}

/** @param {ImportOptions} a @param {ImportOptions} b */
export function areSame(a, b) {
  return (
    a.activation === b.activation &&
    a.pooling === b.pooling &&
    a.candidate === b.candidate &&
    a.mean === b.mean &&
    a.std === b.std
  );
}

/**
 * How many of the prototypes a network reads: ten of each class, one class after the other.
 *
 * @param {number[][]} probabilities Ten for each prototype.
 */
export function readsOf(probabilities) {
  return probabilities.filter((it, index) => it.indexOf(Math.max(...it)) === Math.floor(index / 10)).length;
}

/**
 * Stored import options, if they are valid.
 *
 * @param {any} kept Anything.
 * @param {number} candidates How many candidates there are.
 * @returns {ImportOptions | undefined}
 */
export function checkedOptions(kept, candidates) {
  const { activation, pooling, candidate, mean, std } = kept ?? {};
  const isRight =
    ACTIVATIONS.some(([it]) => it === activation) &&
    POOLINGS.some(([it]) => it === pooling) &&
    Number.isInteger(candidate) &&
    candidate >= 0 &&
    candidate < candidates &&
    Number.isFinite(mean) &&
    Number.isFinite(std) &&
    std > 0;
  return isRight ? { activation, pooling, candidate, mean, std } : undefined;
}
