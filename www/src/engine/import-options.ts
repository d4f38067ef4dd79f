// The import options: what the shapes of a network do not say. Every combination is tried, for the person
// to choose from. Knows of no page.

/** As the module takes them. */
export interface ImportOptions {
  activation: 'relu' | 'sigmoid' | 'tanh' | 'gelu';
  pooling: 'max' | 'average';
  /** Which of the readings that the shapes allow. */
  candidate: number;
  /** The network is shown (pixel − mean) / std. */
  mean: number;
  std: number;
}

/** A reading that the shapes allow. */
export interface Candidate {
  description: string;
  pooled: boolean;
}

/** How many prototypes are read in this way. */
export interface Score {
  options: ImportOptions;
  reads: number;
}

/** The most usual first, as in all lists here: of options that read as many prototypes, the first is preselected. */
export const ACTIVATIONS: [ImportOptions['activation'], string][] = [
  ['relu', 'ReLU'],
  ['sigmoid', 'Sigmoid'],
  ['tanh', 'tanh'],
  ['gelu', 'GELU'],
];

export const POOLINGS: [ImportOptions['pooling'], string][] = [
  ['max', 'Max'],
  ['average', 'Average'],
];

export type Inputs = Pick<ImportOptions, 'mean' | 'std'>;

export const INPUTS: (Inputs & { words: string })[] = [
  { mean: 0, std: 1, words: '0 to 1' },
  { mean: 0.1307, std: 0.3081, words: 'Normalized: 0.1307, 0.3081' },
  { mean: 0.5, std: 0.5, words: '−1 to 1: 0.5, 0.5' },
];

/** If fewer prototypes than this are read, it is likely that something was chosen wrongly. */
export const FEW = 50;

/** Every way of using a network. */
export function combinations(candidates: Candidate[], inputs: Inputs[]): ImportOptions[] {
  return candidates.flatMap(({ pooled }, candidate) =>
    (pooled ? POOLINGS : POOLINGS.slice(0, 1)).flatMap(([pooling]) =>
      inputs.flatMap(({ mean, std }) =>
        ACTIVATIONS.map(([activation]) => ({ activation, pooling, candidate, mean, std })),
      ),
    ),
  );
}

/**
 * The score with the options that read most prototypes; of several, the most usual.
 *
 * @param scores At least one.
 */
export function best(scores: Score[]) {
  return scores.reduce((a, b) => (b.reads > a.reads ? b : a));
}

export function areSame(a: ImportOptions, b: ImportOptions) {
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
 * @param probabilities Ten for each prototype.
 */
export function readsOf(probabilities: number[][]) {
  return probabilities.filter((it, index) => it.indexOf(Math.max(...it)) === Math.floor(index / 10)).length;
}

/**
 * Stored import options, if they are valid.
 *
 * @param kept Anything.
 * @param candidates How many candidates there are.
 */
export function checkedOptions(kept: any, candidates: number): ImportOptions | undefined {
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
