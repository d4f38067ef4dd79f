// Says so when the page itself does not arrive whole: a module that is missing, broken, late or of another
// version takes all the others with it, and there is nobody left to say anything. A classic script, and the
// first, so that it needs nothing else. The page dispatches `started` when all of it runs.

(() => {
  /** Milliseconds for the modules of the page, 200 kB in all. */
  const TIMEOUT = 30_000;
  /** Milliseconds to find out what was the matter, and to load all of it again. */
  const DIAGNOSIS = 5000;
  const REFRESHMENT = 20_000;

  /** The folder of the site: in its pages, `data-root` says where it is from there. */
  const root = new URL(document.currentScript?.dataset.root ?? './', document.baseURI).href;
  /** What to say of a style sheet that did not come, also when the page has started. */
  let sheet = '';
  /** The message of an error that may be the page's, and whether a script of the page has been run. */
  let failure = '';
  let run = false;
  let started = false;

  const isPage = (/** @type {EventTarget | null} */ it) =>
    it instanceof HTMLScriptElement && it.type === 'module' && !it.async;
  const timer = setTimeout(
    () => complain('A part of this page has not arrived within 30 seconds. Is there a connection?'),
    TIMEOUT,
  );

  // Neither event bubbles, but both can be listened to in the capture phase.
  document.addEventListener('error', missed, true);
  // `load` comes after every script that was fetched: after those, too, that could not be parsed, or threw.
  document.addEventListener('load', hasRun, true);
  addEventListener('error', note);
  addEventListener('started', end);
  if (location.protocol === 'file:') {
    complain(
      'This page was opened as a file, and browsers load no modules from files. Open it through a server: with ' +
        '"python3 -m http.server" in its folder, for example, it is at http://localhost:8000.',
      false,
    );
  }

  /** @param {Event} event */
  function missed({ target }) {
    if (isPage(target)) {
      explain(unknown(''));
    } else if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') {
      miss(target);
    }
  }

  /** @param {HTMLLinkElement} link */
  function miss({ href }) {
    sheet = `A style sheet of this page could not be loaded (${short(href)}). Is there a connection?`;
    complain(sheet);
  }

  /** Whether no rules came: not all browsers report another file as an error. @param {HTMLLinkElement} link */
  function isBare({ sheet }) {
    try {
      return !sheet || sheet.cssRules.length === 0;
    } catch {
      return false; // In a sandbox, the rules cannot be read.
    }
  }

  /** @param {Event} event */
  function hasRun({ target }) {
    if (isPage(target)) {
      run = true;
      giveUp();
    }
  }

  /** @param {ErrorEvent} event */
  function note({ message, filename }) {
    failure ||= filename ? `${message}, in ${short(filename)}` : message;
    giveUp();
  }

  /** Says which module did not come, if that was the matter. @param {string} otherwise */
  async function explain(otherwise) {
    const late = new Promise((resolve) => setTimeout(resolve, DIAGNOSIS));
    const found = await Promise.race([diagnosis(), late]);
    if (!started) {
      complain(found ?? otherwise);
    }
  }

  /** Needs both: an error before may be of somebody else's script, and a script that has run may wait for something. */
  function giveUp() {
    if (run && failure) {
      explain(
        `This page could not be started (${failure}). Its files may be of two versions, of which the browser has ` +
          'kept one, or the browser is too old for it.',
      );
    }
  }

  function end() {
    started = true;
    clearTimeout(timer);
    document.removeEventListener('load', hasRun, true);
    removeEventListener('error', note);
    /** @type {NodeListOf<HTMLLinkElement>} */
    const links = document.querySelectorAll('link[rel="stylesheet"]');
    const bare = [...links].find(isBare);
    if (!sheet) {
      document.getElementById('unloaded')?.remove(); // It was only late.
    }
    if (bare) {
      miss(bare);
    }
  }

  /** @param {string} file */
  function unknown(file) {
    const sandbox = self.origin === 'null' ? ' In a sandbox, the server must allow it: Access-Control-Allow-Origin: *' : '';
    return `A part of this page could not be loaded${file}. Is there a connection?${sandbox}`;
  }

  /** Which of the modules did not come, and why: the browser does not say. */
  async function diagnosis() {
    const links = [...document.querySelectorAll('script[type="module"][src], link[rel="modulepreload"]')];
    const named = links.map((it) => /** @type {any} */ (it).src ?? /** @type {any} */ (it).href);
    const seen = performance.getEntriesByType('resource').map(({ name }) => name);
    const modules = [...new Set([...named, ...seen])].filter((it) => it.startsWith(root) && /\.m?js($|\?)/.test(it));
    return (await Promise.all(modules.map(troubleWith))).find((it) => it !== undefined);
  }

  /** @param {string} url */
  async function troubleWith(url) {
    const file = ` (${short(url)})`;
    try {
      const response = await fetch(url, { cache: 'force-cache' });
      const { ok, status, headers } = response;
      await response.arrayBuffer(); // It may break off.
      if (!ok) {
        return `A part of this page could not be loaded${file}: the server says ${status}.`;
      }
      const [type] = (headers.get('content-type') ?? 'nothing').split(';');
      return /javascript|ecmascript/.test(type)
        ? undefined
        : `A part of this page could not be loaded${file}: the server sent ${type} in place of JavaScript.`;
    } catch {
      return unknown(file);
    }
  }

  /** @param {string} url */
  function short(url) {
    return url.startsWith(root) ? url.slice(root.length) : url;
  }

  /** @param {string} what @param {boolean} [hope] Whether to load it again may help. */
  function complain(what, hope = true) {
    clearTimeout(timer);
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', () => complain(what, hope), { once: true });
      return;
    }
    if (document.getElementById('unloaded')) {
      return;
    }
    document.querySelector('.late')?.remove(); // It says less.
    const notice = document.createElement('div');
    notice.id = 'unloaded';
    notice.className = 'notice';
    notice.setAttribute('role', 'alert');
    const text = document.createElement('p');
    text.textContent = what;
    const again = document.createElement('button');
    again.type = 'button';
    again.textContent = 'Try again';
    again.hidden = !hope;
    again.addEventListener('click', async () => {
      again.disabled = true;
      again.textContent = 'Loading all of it again …';
      await Promise.race([refresh(), new Promise((resolve) => setTimeout(resolve, REFRESHMENT))]);
      location.reload();
    });
    notice.append(text, again);
    document.body.prepend(notice);
    if (getComputedStyle(notice).position === 'static') {
      // Only the lab's page has a rule for it, and that may be what is missing.
      const look = { position: 'fixed', inset: '0 0 auto', zIndex: '9', padding: '1rem', font: '1rem sans-serif' };
      Object.assign(notice.style, { ...look, background: 'Canvas', color: 'CanvasText', border: 'solid' });
    }
  }

  /** Replaces all that the browser keeps of this page, if there is a network to get it from. Never rejects. */
  async function refresh() {
    try {
      await fetch(location.href, { method: 'HEAD', cache: 'no-store' }); // The service worker ignores `HEAD`.
    } catch {
      return; // What is kept is all there is.
    }
    await forget().catch(() => {}); // In a sandbox, nothing is kept.
    const seen = performance.getEntriesByType('resource').map(({ name }) => name);
    const parts = seen.filter((it) => it.startsWith(root) && /\.(js|css|html)$/.test(it));
    const fetched = [...new Set([location.href, ...parts])].map(async (url) => {
      await (await fetch(url, { cache: 'reload' })).arrayBuffer();
    });
    await Promise.allSettled(fetched);
  }

  /** Removes the service worker, and what it keeps. */
  async function forget() {
    for (const registration of await navigator.serviceWorker.getRegistrations()) {
      if (registration.scope === root) {
        await registration.unregister();
      }
    }
    for (const name of await caches.keys()) {
      if (name.startsWith(`actmax ${root} `)) {
        await caches.delete(name);
      }
    }
  }
})();
