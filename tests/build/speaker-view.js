// @ts-check
// The notes of reveal.js open a window and write a page into it that has its script inline, which the
// Content-Security-Policy of the slides forbids. A plugin for Vite that moves the script into a file.

import { runInNewContext } from 'node:vm';

/** The string with the page, as it stands in the code. */
const WRITTEN = /(?<=document\.write\()"[^\n]*<\/html>"/;
/** What is before, in and after the script. */
const PARTS = /^([^]*)<script>([^]*)<\/script>([^]*)$/;

/** @returns {import('vite').Plugin} */
export function speakerView() {
  return {
    name: 'speaker-view',
    apply: 'build',
    transform: {
      filter: { id: /reveal\.js\/dist\/plugin\/notes\.mjs$/ },
      handler(code, id) {
        const page = String(runInNewContext(code.match(WRITTEN)?.[0] ?? '""'));
        const [, before, source, after] = page.match(PARTS) ?? [];
        if (source === undefined) {
          throw new Error(`The speaker view is not where it was in ${id}: see tests/build/speaker-view.js.`);
        }
        const script = this.emitFile({ type: 'asset', name: 'speaker-view.js', source });
        const text = (/** @type {string} */ it) => JSON.stringify(it);
        const written = `${text(`${before}<script src="`)} + import.meta.ROLLUP_FILE_URL_${script} + ${text(`"></script>${after}`)}`;
        return { code: code.replace(WRITTEN, () => written), map: null };
      },
    },
  };
}
