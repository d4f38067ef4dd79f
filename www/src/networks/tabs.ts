// Tells other tabs what this one does with the networks that the browser keeps, and hears what they do.

import { type NetworkName, isOwnName } from '../engine/networks.ts';

/** Of what the browser keeps. */
export interface News {
  happened: 'brought' | 'removed';
  network: NetworkName;
}

const CHANNEL = 'actmax-networks';

export function tellTabs(news: News) {
  const channel = openChannel();
  channel?.postMessage(news);
  channel?.close();
}

/** Hears of what other tabs do from now on. */
export function hearTabs({ onNews, onReturn }: {
  onNews: (news: News) => void;
  /** The page comes back from the back/forward cache, where it heard nothing. */
  onReturn: () => void;
}) {
  let channel = listening();
  // With an open channel, a page may not be put into the back/forward cache.
  addEventListener('pagehide', () => channel?.close());
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) {
      channel = listening();
      onReturn();
    }
  });

  function listening() {
    const opened = openChannel();
    opened?.addEventListener('message', ({ data }) => {
      const { happened, network } = Object(data);
      if (['brought', 'removed'].includes(happened) && typeof network === 'string' && isOwnName(network)) {
        onNews({ happened, network: network as NetworkName });
      }
    });
    return opened;
  }
}

/** Undefined, where the browser permits a page no channel: it may then keep nothing, either. */
function openChannel() {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    return undefined;
  }
}
