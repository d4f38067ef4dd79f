// What the address of a page asks for.

/** A parameter of the address, null if it has none; the hash takes precedence over the query. */
export function urlParam(name: string) {
  const { hash, search } = location;
  return new URLSearchParams(hash.slice(1)).get(name) ?? new URLSearchParams(search).get(name);
}
