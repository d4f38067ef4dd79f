// @ts-check
// Which errors speak of what was asked for, and which of the module that was asked.

/** What was asked for cannot be done, by any module: nothing is gained by asking another. */
export class Refusal extends Error {}

/**
 * Whether a module says, by the name of an error, that another one has what is asked for.
 *
 * @param {unknown} error
 */
export function isLacking(error) {
  return error instanceof Error && error.name === 'Lacking';
}

/**
 * Asks a module for something that it may refuse, in words, with a plain error. Whatever else it
 * throws, a `RuntimeError` of WebAssembly or an exception of WebGPU's, has broken it.
 *
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function asking(call) {
  try {
    return call();
  } catch (error) {
    const plain = error instanceof Error && error.constructor === Error && !isLacking(error);
    throw plain ? new Refusal(error.message) : error;
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
