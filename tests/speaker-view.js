// @ts-check
// The notes of reveal.js open a window and write a page into it that has its script inline, which
// the Content-Security-Policy of the slides forbids:
//
//   node tests/speaker-view.js      moves it from www/vendor/reveal/notes.mjs into a file beside it

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';

const NOTES = fileURLToPath(new URL('../www/vendor/reveal/notes.mjs', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../www/vendor/reveal/speaker-view.js', import.meta.url));

/** The string with the page, as it stands in the code. */
const WRITTEN = /(?<=document\.write\()"[^\n]*<\/html>"/;
/** What is before, in and after the script. */
const PARTS = /^([^]*)<script>([^]*)<\/script>([^]*)$/;

const code = readFileSync(NOTES, 'utf8');
const page = String(runInNewContext(code.match(WRITTEN)?.[0] ?? '""'));
const [, before, script, after] = page.match(PARTS) ?? [];
if (script === undefined) {
  throw new Error(`The speaker view is not where it was in ${NOTES}: see tests/speaker-view.js.`);
}
const text = (/** @type {string} */ it) => JSON.stringify(it);
const address = 'new URL("./speaker-view.js", import.meta.url).href';
const written = `${text(`${before}<script src="`)} + ${address} + ${text(`"></script>${after}`)}`;
writeFileSync(SCRIPT, script);
writeFileSync(NOTES, code.replace(WRITTEN, () => written));
