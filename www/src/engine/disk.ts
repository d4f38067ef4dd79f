// Reads `file:` URLs. Node can, as it does for the JavaScript modules themselves. Browsers cannot.

/**
 * Like `fetch`, for a file on this machine.
 *
 * @returns Rejects, in words that follow “… could not be loaded from …: ”.
 */
export async function fromDisk(url: URL | string): Promise<Response> {
  if (!globalThis.process?.versions?.node) {
    throw new Error(
      'browsers load nothing from files. Open the page through a server, such as "npx http-server" ' +
        'or "python3 -m http.server" in its folder.',
    );
  }
  const name = 'node:fs/promises'; // In a variable, so that bundlers do not look for it.
  const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  try {
    return new Response(await readFile(new URL(url)));
  } catch (error) {
    throw new Error(`${(error as Error).message}.`);
  }
}
