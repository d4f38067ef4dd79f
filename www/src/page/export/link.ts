// The address of what is on show.

import { type Config, writeConfig } from '../../settings/config.ts';

export function permalink(settings: Config) {
  const [page] = location.href.split('#');
  return `${page}#${writeConfig(settings)}`;
}

/**
 * @returns Whether the text was copied: a browser may refuse, and has no clipboard to offer where the page came over an
 *   insecure connection.
 */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
