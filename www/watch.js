// Says so when the page itself does not arrive whole: a module that is missing, broken or late takes
// all the others with it, and there is nobody left to say anything. A classic script, and the first,
// so that it needs nothing else.

(() => {
  /** Milliseconds for the modules of the page, 200 kB in all. */
  const PATIENCE = 30_000;

  const isPage = (/** @type {EventTarget | null} */ it) =>
    it instanceof HTMLScriptElement && it.type === 'module' && !it.async;
  const timer = setTimeout(() => complain('has not arrived within 30 seconds'), PATIENCE);

  // Neither event bubbles, but both can be caught on their way down.
  document.addEventListener('error', ({ target }) => isPage(target) && complain('could not be loaded'), true);
  document.addEventListener('load', ({ target }) => isPage(target) && end(), true);
  addEventListener('error', broken); // A module that cannot be read, or fails as it starts.

  /** @param {ErrorEvent} event */
  function broken({ message }) {
    complain(`could not be started (${message})`);
  }

  function end() {
    clearTimeout(timer);
    removeEventListener('error', broken);
    document.getElementById('unloaded')?.remove(); // It was only late.
  }

  /** @param {string} what */
  function complain(what) {
    clearTimeout(timer);
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', () => complain(what), { once: true });
      return;
    }
    if (document.getElementById('unloaded')) {
      return;
    }
    const notice = document.createElement('div');
    notice.id = 'unloaded';
    notice.className = 'notice';
    notice.setAttribute('role', 'alert');
    const text = document.createElement('p');
    text.textContent = `A part of this page ${what}. Is there a connection?`;
    const again = document.createElement('button');
    again.type = 'button';
    again.textContent = 'Try again';
    again.addEventListener('click', () => location.reload());
    notice.append(text, again);
    document.body.prepend(notice);
  }
})();
