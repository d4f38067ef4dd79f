// @ts-check
// The address of what is on show.

import { writeConfig } from '../../settings/config.js';

/** @param {import('../../settings/config.js').Config} settings */
export function permalink(settings) {
  const [page] = location.href.split('#');
  return `${page}#${writeConfig(settings)}`;
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} Whether the text was copied: a browser may refuse, and has no clipboard
 *   to offer where the page came over an insecure connection.
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
