// @ts-check
// Tells other tabs what this one does with the networks that the browser keeps, and hears what they do.

import { isOwnName } from '../engine/networks.js';

/** @typedef {import('../engine/networks.js').NetworkName} NetworkName */
/** @typedef {{ happened: 'brought' | 'removed', network: NetworkName }} News Of what the browser keeps. */

const CHANNEL = 'actmax-networks';

/** @param {News} news */
export function tellTabs(news) {
  const channel = openChannel();
  channel?.postMessage(news);
  channel?.close();
}

/**
 * Hears of what other tabs do from now on.
 *
 * @param {object} callbacks
 * @param {(news: News) => void} callbacks.onNews
 * @param {() => void} callbacks.onReturn The page comes back from the back/forward cache, where it heard nothing.
 */
export function hearTabs({ onNews, onReturn }) {
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
        onNews({ happened, network: /** @type {NetworkName} */ (network) });
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
