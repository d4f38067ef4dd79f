// Asks the browser to keep the page for when there is no network: see service-worker.ts.

const WORKER = new URL('service-worker.js', document.baseURI);

/** Milliseconds after which the worker is registered even if the page is still busy. */
const TIMEOUT = 5000;

/** From the first visit on. Only for a page of its own: what is embedded belongs to another page. */
export function keepOffline() {
  if (window.top !== window || !isSecureContext) {
    return;
  }
  if (document.readyState === 'complete') {
    whenIdle();
  } else {
    window.addEventListener('load', whenIdle, { once: true });
  }
}

/** The first picture comes first: what is kept is megabytes more than it needs. */
function whenIdle() {
  if ('requestIdleCallback' in window) {
    requestIdleCallback(register, { timeout: TIMEOUT });
  } else {
    setTimeout(register, TIMEOUT); // Safari.
  }
}

async function register() {
  try {
    await navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' });
  } catch {
    // This browser will not, or there is no network just now: the page works all the same.
  }
}
