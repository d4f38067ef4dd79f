// Starts the engine, and what the first figure needs, while the rest of a page still arrives: the
// engine's modules are few, and what it loads is large. The page says which figure that is:
//
//   <script type="module" async src="ahead.js" data-network="mlp"></script>

import { networksOf } from '../engine/networks.ts';
import { sharedEngine, useBackend } from '../engine/shared-engine.ts';
import { urlParam } from '../settings/url-param.ts';

if (parent === window || !('IntersectionObserver' in window)) {
  start();
} else {
  // A frame that nobody sees yet waits, as its figure does.
  const observer = new IntersectionObserver((entries) => {
    if (entries.some((it) => it.isIntersecting)) {
      observer.disconnect();
      start();
    }
  });
  observer.observe(document.documentElement);
}

function start() {
  const script = document.querySelector<HTMLElement>('script[data-network]');
  const networks = networksOf(urlParam('network') ?? script?.dataset.network ?? '');
  useBackend(urlParam('backend'));
  sharedEngine([...networks, 'means']).catch(() => {}); // The figure asks again, and says so.
}
