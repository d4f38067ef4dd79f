// @ts-check
// Files of this machine: Node reads them, as it does the modules themselves. Browsers do not.

/**
 * What `fetch` would say of a file.
 *
 * @param {URL | string} url
 * @returns {Promise<Response>} Rejects, in words that stand behind what could not be done.
 */
export async function fromDisk(url) {
  if (!globalThis.process?.versions?.node) {
    throw new Error(
      'browsers load nothing from files. Open the page through a server, such as "npx http-server" ' +
        'or "python3 -m http.server" in its folder.',
    );
  }
  const name = 'node:fs/promises'; // Not for bundlers, which would look for it.
  const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  try {
    return new Response(await readFile(new URL(url)));
  } catch (error) {
    throw new Error(`${/** @type {Error} */ (error).message}.`);
  }
}
