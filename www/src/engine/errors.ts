// Two kinds of errors: what was asked for cannot be done (`Refusal`), or the backend has failed (`Fault`).

import type { Why } from './choose-backend.ts';

/** What was asked for cannot be done by any module: to ask another would not help. */
export class Refusal extends Error {}

/** A backend is not to be trusted any more. */
export class Fault extends Error {
  brief: string;

  /** @param brief The same in a few words, for a line that has no room for sentences. */
  constructor(message: string, brief: string) {
    super(message);
    this.brief = brief;
  }
}

/** Why WebGPU is not used after an error. */
export function whyLeft(error: unknown): Why {
  return { brief: error instanceof Fault ? error.brief : 'WebGPU broke down', reason: messageOf(error) };
}

/**
 * Asks a module for something. If the module throws a plain `Error`, it refuses, in words: that becomes a `Refusal`.
 * Anything else that it throws, a `RuntimeError` of WebAssembly or an exception of WebGPU, means that it is broken.
 */
export function asking<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw error instanceof Error && error.constructor === Error ? new Refusal(error.message) : error;
  }
}

export function messageOf(error: unknown) {
  return error instanceof Error ? error.message : String(error);
}
