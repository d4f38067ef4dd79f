// What a run says of an image at every iteration: see `Snapshot.trace` and `Snapshot.now`.

/** The place of the loss. Before it are the log-probabilities of the ten digits. */
export const LOSS = 10;
/** Numbers for each image and iteration. */
export const TRACE_STRIDE = LOSS + 1;
