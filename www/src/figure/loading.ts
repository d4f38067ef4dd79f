// What a figure makes of the news of the engine that all figures of a page share.

import { listen } from '../engine/shared-engine.ts';
import type { Player } from '../player/player.ts';
import type { Messages } from './messages.ts';

/**
 * From now on, says what a figure waits for while it is loaded.
 *
 * @param retry Begins again what could not begin: there was nothing to compute with, and now there is.
 * @returns Ends that.
 */
export function sayLoading(player: Player, messages: Messages, retry: () => void) {
  return listen({
    onProgress: (progress) => {
      if (player.begun && (progress.waited || !player.experiment)) {
        messages.load(progress);
      }
    },
    onStatus: () => {
      if (player.failed) {
        retry();
      } else if (messages.isLoading && player.experiment) {
        messages.settle();
      }
    },
  });
}
