// @ts-check
// The hash of some bytes, as Content-Security-Policy and subresource integrity have it.

import { createHash } from 'node:crypto';

/** @param {string | Buffer} bytes */
export function integrity(bytes) {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
}
