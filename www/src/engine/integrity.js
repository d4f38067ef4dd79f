// @ts-check
// Checks the bytes of this site's files by their hashes, which the build writes to vendor/integrity.js. They are not
// known in the npm package, whose files bundlers change and rename, and not checked on an insecure page, where the
// browser offers no hash function.

/** @type {Map<string, string>} SHA-256 in base64, by address. */
const known = new Map();

/**
 * Says which bytes files must have.
 *
 * @param {URL} base The folder that the paths start from.
 * @param {Record<string, string>} hashes By path.
 */
export function expectFiles(base, hashes) {
  for (const [path, hash] of Object.entries(hashes)) {
    known.set(new URL(path, base).href, hash);
  }
}

/**
 * Whether it is known which bytes a file must have. The query string of its address does not matter.
 *
 * @param {string} address
 */
export function isExpected(address) {
  return known.has(withoutSearch(address));
}

/**
 * Whether these are the bytes of a file, as far as can be told.
 *
 * @param {string} address
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function isIntact(address, bytes) {
  const expected = known.get(withoutSearch(address));
  if (expected === undefined || globalThis.crypto?.subtle === undefined) {
    return true;
  }
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return btoa(String.fromCharCode(...hash)) === expected;
}

/** @param {string} address */
function withoutSearch(address) {
  return address.replace(/[?#].*$/, '');
}
