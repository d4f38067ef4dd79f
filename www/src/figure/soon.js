// @ts-check
// Work that is asked for more often than it is to be done.

/**
 * A function that does `work` once for all its calls in a task: in a microtask.
 *
 * @param {() => void} work
 */
export function together(work) {
  let isAsked = false;
  return () => {
    if (!isAsked) {
      isAsked = true;
      queueMicrotask(() => {
        isAsked = false;
        work();
      });
    }
  };
}

/**
 * A function that does `work` at once; for all further calls in the same animation frame, it does so in the next.
 *
 * @param {() => void} work
 */
export function onceAFrame(work) {
  /** Whether it has been done in this frame, and is to be done in the next. @type {'free' | 'done' | 'due'} */
  let state = 'free';
  const act = () => {
    state = 'done';
    requestAnimationFrame(() => {
      const isDue = state === 'due';
      state = 'free';
      if (isDue) {
        act();
      }
    });
    work();
  };
  return () => {
    if (state === 'free') {
      act();
    } else {
      state = 'due';
    }
  };
}
