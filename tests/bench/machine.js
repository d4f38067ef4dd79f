// @ts-check
// What it was measured on.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';

/**
 * @param {string} runtime The browser, or Node, with its version.
 * @param {string} adapter Of WebGPU.
 */
export function machine(runtime, adapter) {
  const lines = [
    `CPU: ${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `System: ${system()}`,
    `Runtime: ${runtime}`,
    `WebGPU: ${adapter}`,
  ];
  const at = commit();
  return [...lines, ...(at ? [`Commit: ${at}`] : [])].map((it) => `- ${it}`).join('\n');
}

/** @param {{ vendor?: string, architecture?: string, device?: string, description?: string } | undefined} info */
export function adapterOf(info) {
  if (!info) {
    return 'none';
  }
  return [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ') || 'unnamed';
}

function system() {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? type();
  } catch {
    return type();
  }
}

/** Nothing, outside a checkout. */
function commit() {
  const git = (/** @type {string[]} */ ...words) =>
    execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ', with changes');
  } catch {
    return undefined;
  }
}
