// Work that is asked for more often than it is to be done.

/** A function that does `work` once for all its calls in a task: in a microtask. */
export function together(work: () => void) {
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

/** A function that does `work` at once; for all further calls in the same animation frame, it does so in the next. */
export function onceAFrame(work: () => void) {
  /** Whether it has been done in this frame, and is to be done in the next. */
  let state: 'free' | 'done' | 'due' = 'free';
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
