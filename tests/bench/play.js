// @ts-check
// Plays frames and takes the time. Runs in a page and in Node.

/**
 * @param {import('./task.js').Running} run
 * @param {number} frames
 * @param {number} steps Of each frame, which is read once.
 */
export async function play(run, frames, steps) {
  /** @type {ArrayLike<number>} */
  let images = [];
  /** Until a frame is promised, what keeps the thread is the candidate. */
  let busy = 0;
  const began = performance.now();
  for (let frame = 0; frame < frames; frame += 1) {
    const asked = performance.now();
    const promised = run.frame(steps);
    busy += performance.now() - asked;
    images = await promised;
  }
  return { whole: performance.now() - began, busy, images };
}
