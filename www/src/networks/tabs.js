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
 * @param {() => void} callbacks.onReturn The page was put away for a while, and heard of nothing.
 */
export function hearTabs({ onNews, onReturn }) {
  let channel = listening();
  // A page that listens may not be kept for the way back.
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

/** Nothing, where a page may not speak with others: it may then keep nothing, either. */
function openChannel() {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    return undefined;
  }
}
