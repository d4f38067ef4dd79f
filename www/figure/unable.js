// @ts-check
// What stands in a figure's place where it cannot be shown: a sentence that says why.

/** @param {string} lack */
export function unable(lack) {
  return class extends HTMLElement {
    connectedCallback() {
      this.setAttribute('role', 'note');
      this.textContent = lack;
      this.dispatchEvent(new ErrorEvent('error', { error: new Error(lack), message: lack }));
    }
  };
}
