// Where one was on the guided path: a later visit can go on there.

import { byId } from '../figure/dom.ts';
import { kept, keep } from './kept.ts';

const KEY = 'exercise';
/** Milliseconds for which an exercise must be in the middle of the window to count: longer than to scroll past it. */
const STAY = 4000;

/** Offers to go on with the exercise of the last visit, and remembers that of this one. */
export function rememberPlace() {
  const exercises = [...document.querySelectorAll<HTMLElement>('.exercise')];
  const before = exercises.findIndex(({ id }) => id === kept(KEY));
  if (before > 0) {
    const link = byId<HTMLAnchorElement>('take-path');
    link.href = `#${exercises[before].id}`;
    link.textContent = `Go on with exercise ${before + 1}`;
  }
  let staying: ReturnType<typeof setTimeout> | undefined;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) {
          clearTimeout(staying);
          staying = setTimeout(() => keep(KEY, target.id), STAY);
        }
      }
    },
    { rootMargin: '-50% 0px' }, // A line across the middle.
  );
  exercises.forEach((it) => observer.observe(it));
}
