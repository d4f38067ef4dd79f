// @ts-check
// Makes a library's module small, which is on the way to the first picture, and keeps its notice of copyright:
//
//   node tests/minify.js FROM TO

import { readFileSync, writeFileSync } from 'node:fs';

import { minify } from 'vite';

const [from, to] = process.argv.slice(2);
const source = readFileSync(from, 'utf8');
const notice = /^\/\*.*?\*\//s.exec(source)?.[0];
if (!notice) {
  throw new Error(`${from} does not begin with a notice of copyright: see how it is kept then.`);
}
const { code, errors } = await minify(from, source, { module: true });
if (errors.length > 0) {
  throw new Error(errors[0].message);
}
writeFileSync(to, `${notice}\n${code}\n`);
