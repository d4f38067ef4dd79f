// Work that takes a while: it tells how far it has come, and can be canceled.

export interface Work {
  /** Hears how much is done, 0 to 1. */
  onProgress: (share: number) => void;
  /** Cancels the work. */
  signal: AbortSignal;
}

/** Tells how far the work has come. Throws if it was canceled. */
export function advance({ onProgress, signal }: Work, share: number) {
  if (signal.aborted) {
    throw signal.reason;
  }
  onProgress(share);
}
