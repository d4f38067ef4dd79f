// Several things that are made at once, each of which has to be given back by whoever has it.

/**
 * The values of all promises, as `Promise.all` has them. If one rejects, nobody gets the others: each is
 * then given back, those that are there and those that are still to come.
 *
 * @returns Rejects as soon as one does.
 */
export function allOrNone<T>(promises: Promise<T>[], giveBack: (value: T) => void): Promise<T[]> {
  const all = Promise.all(promises);
  all.catch(() => promises.forEach((it) => it.then(giveBack, () => {})));
  return all;
}
