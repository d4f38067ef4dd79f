// The moments of a run that an animation and a video show, and for how long each is seen.

import type { Shown } from './shown.ts';

/** Milliseconds. */
export const FRAME = 50;
export const LAST_FRAME = 2000;

/** In a GIF, a frame of ten digits for a slide takes about 130 kB. A video of the run takes as long. */
export const MOST_FRAMES_OF_SLIDE = 80;

export interface Moment {
  iteration: number;
  /** Of each network. */
  images: Float32Array[];
  /** In frames. */
  lasts: number;
}

/**
 * The moments whose images are kept, at even steps of the run. Where more than one step has passed from one to the next,
 * the first lasts that much longer.
 */
export function momentsOf({ experiment: { networkResults }, made }: Shown, mostFrames: number) {
  const steps = Math.min(made, mostFrames - 1);
  const moments: Moment[] = [];
  for (let step = 0; step <= steps; step += 1) {
    const iteration = steps === 0 ? 0 : Math.round((step * made) / steps);
    const kept = networkResults.map(({ history }) => history.at(iteration));
    const images = kept.map((it) => it.images);
    const last = moments.at(-1);
    if (last?.images.every((it, index) => it === images[index])) {
      last.lasts += 1;
    } else {
      moments.push({ iteration: Math.max(...kept.map((it) => it.iteration)), images, lasts: 1 });
    }
  }
  return moments;
}
