// @ts-check
// What the address of a page asks for.

/** Null, if it does not say; the hash goes before the query. @param {string} name */
export function asked(name) {
  const { hash, search } = location;
  const names = name === 'p' || name === 'target' ? ['p', 'target'] : [name];
  for (const texts of [new URLSearchParams(hash.slice(1)), new URLSearchParams(search)]) {
    const found = names.find((it) => texts.has(it));
    if (found !== undefined) {
      return texts.get(found);
    }
  }
  return null;
}
