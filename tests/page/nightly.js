// @ts-check
// What is tested before every commit, and what only at night, with TESTS=all (`./build.sh test all`).
//
// Before every commit: every kind of behavior once, every fault once, and every file, page, browser, backend and size
// that can fail once. At night also what is slow and rarely finds anything that those do not: every preset on every
// backend, every fault with every file, every page in every browser, every size in every color scheme, long and random
// use. A test that is the only one of its kind is not for the night, however slow it is.

const { TESTS } = process.env;
if (TESTS !== undefined && TESTS !== 'all') {
  throw new Error(`$TESTS is "${TESTS}". It must be "all", or not be set: then what is for the night is left out.`);
}

/** Whether what is for the night is tested, too. */
export const ALL = TESTS === 'all';

/** For the option `skip` of a test that is for the night. */
export const rare = ALL ? false : 'In the nightly set: ./build.sh test all';

/**
 * At night all of these cases, which are much alike; else those that stand for them.
 *
 * @template T
 * @param {readonly T[]} cases
 * @param {number | ((it: T, index: number) => boolean)} chosen Which: so many, spread evenly from the first on, or those
 *   of which this is true.
 * @returns {T[]}
 */
export function few(cases, chosen) {
  if (typeof chosen === 'number') {
    const step = Math.ceil(cases.length / chosen);
    return few(cases, (_, index) => index % step === 0);
  }
  return ALL ? [...cases] : cases.filter(chosen);
}

/**
 * At night every one of the first with every one of the second; else each of both at least once.
 *
 * @template A, B
 * @param {readonly A[]} first
 * @param {readonly B[]} second
 * @returns {[A, B][]}
 */
export function pairs(first, second) {
  const all = first.flatMap((a, row) => second.map((b, column) => ({ a, b, row, column })));
  const { length } = first.length > second.length ? first : second;
  // Down the diagonal, and from its end again at the start of the shorter.
  const diagonal = Array.from({ length }, (_, at) => `${at % first.length} ${at % second.length}`);
  return few(all, ({ row, column }) => diagonal.includes(`${row} ${column}`)).map(({ a, b }) => [a, b]);
}
