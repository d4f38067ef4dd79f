// @ts-check
// Two kinds of errors: what was asked for cannot be done (`Refusal`), or the backend has failed (`Fault`).

/** What was asked for cannot be done by any module: to ask another would not help. */
export class Refusal extends Error {}

/** A backend is not to be trusted any more. */
export class Fault extends Error {
  brief;

  /**
   * @param {string} message
   * @param {string} brief The same in a few words, for a line that has no room for sentences.
   */
  constructor(message, brief) {
    super(message);
    this.brief = brief;
  }
}

/**
 * Why WebGPU is not used after an error.
 *
 * @param {unknown} error
 * @returns {import('./choose-backend.js').Why}
 */
export function whyLeft(error) {
  return { brief: error instanceof Fault ? error.brief : 'WebGPU broke down', reason: messageOf(error) };
}

/**
 * Asks a module for something. If the module throws a plain `Error`, it refuses, in words: that becomes a `Refusal`.
 * Anything else that it throws, a `RuntimeError` of WebAssembly or an exception of WebGPU, means that it is broken.
 *
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function asking(call) {
  try {
    return call();
  } catch (error) {
    throw error instanceof Error && error.constructor === Error ? new Refusal(error.message) : error;
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
