// @ts-check
// What the address of a page asks for.

/** Null, if it does not say; the hash goes before the query. @param {string} name */
export function urlParam(name) {
  const { hash, search } = location;
  return new URLSearchParams(hash.slice(1)).get(name) ?? new URLSearchParams(search).get(name);
}
