// The moments of a run for an animation. At full speed a run is drawn, and so kept, only a few times: it is then made
// again, with a look at many of its iterations.

import { sharedEngine } from '../../engine/shared-engine.ts';
import { stepSettingsOf } from '../../settings/config.ts';
import { type Moment, momentsOf } from './moments.ts';
import type { Shown } from './shown.ts';
import { type Work, advance } from './work.ts';

/** Fewer moments look like slides, not like something that moves. */
const FEW = 40;

/** How far a pixel may be from where the first run had it. Further off, settings were changed in the middle of that. */
const TOLERANCE = 1e-4;

/** Those that are kept or, where these are few and the run can be made again, as many as may be. */
export async function smoothMoments(shown: Shown, mostFrames: number, work: Work): Promise<Moment[]> {
  const kept = momentsOf(shown, mostFrames);
  const steps = Math.min(shown.made, mostFrames - 1);
  if (kept.length > Math.min(FEW, steps)) {
    return kept;
  }
  const again = await replayed(shown, steps, work);
  const [end, wanted] = [again, kept].map((moments) => moments[moments.length - 1]);
  const isSame = end.images.every((images, network) =>
    images.every((pixel, at) => Math.abs(pixel - wanted.images[network][at]) <= TOLERANCE),
  );
  return isSame ? [...again.slice(0, -1), wanted] : kept;
}

/** All of the run, at so many even steps. */
async function replayed({ settings, experiment: { networkResults }, made }: Shown, steps: number, work: Work) {
  const engine = await sharedEngine();
  const runs = await Promise.all(networkResults.map(({ begin }) => engine.begin(begin)));
  try {
    const moments: Moment[] = [{ iteration: 0, images: networkResults.map(({ history }) => history.at(0).images), lasts: 1 }];
    for (let step = 1; step <= steps; step += 1) {
      const iteration = Math.round((step * made) / steps);
      const count = iteration - moments[step - 1].iteration;
      const snapshots = await Promise.all(runs.map((run) => run.advance(count, stepSettingsOf(settings))));
      moments.push({ iteration, images: snapshots.map(({ images }) => images), lasts: 1 });
      advance(work, 0); // Or it is canceled.
    }
    return moments;
  } finally {
    runs.forEach((run) => run.free());
  }
}
