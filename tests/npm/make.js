// @ts-check
// Makes the npm package from the built page:   node tests/npm/make.js FOLDER
//
// Of www/dist, it takes what the modules in `exports` need, and only that: every file that one of them names, in an
// import or for bundlers as `new URL('file', import.meta.url)`. The types come from the source.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ATTRIBUTES, propertyOf } from '../../www/src/figure/properties.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
const WWW = join(ROOT, 'www');
const SITE = join(WWW, 'dist');

/** Written by hand. */
const TYPES = ['element.d.ts', 'react.d.ts', 'vue.d.ts', 'svelte.d.ts', 'style.d.ts', 'weights.d.ts'];

/** As the build writes them, minified. */
const IMPORTED = /(?:\bfrom|\bimport)\s*\(?\s*["'`](\.[^"'`]+)["'`]/g;
const NAMED = /\bnew URL\(["'`]([^"'`]+)["'`],\s*(?:""\s*\+\s*|``\s*\+\s*)?import\.meta\.url\)/g;

/**
 * These files of www/dist and all that they need, each once.
 *
 * @param {string[]} files
 * @returns {string[]}
 */
export function needs(files) {
  const found = new Set(files);
  for (const file of found) {
    if (!existsSync(join(SITE, file))) {
      throw new Error(`There is no www/dist/${file}: run ./build.sh build first.`);
    }
    if (!file.endsWith('.js')) {
      continue;
    }
    const text = readFileSync(join(SITE, file), 'utf8');
    for (const [, name] of [...text.matchAll(IMPORTED), ...text.matchAll(NAMED)]) {
      found.add(posix.join(posix.dirname(file), name));
    }
  }
  return [...found];
}

/** The weights, by the names that others import them by. @param {string[]} files */
function weights(files) {
  const named = files.filter((it) => it.endsWith('.safetensors'));
  return Object.fromEntries(
    named.map((it) => [
      `./weights/${basename(it).replace(/-[\w-]{8}(?=\.)/, '')}`,
      { types: './weights.d.ts', default: `./${it}` },
    ]),
  );
}

/**
 * Writes the package.
 *
 * @param {string} folder Made if it is not there; what is in it stays.
 */
export function makePackage(folder) {
  const manifest = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));
  const files = needs(
    Object.values(manifest.exports)
      .map((target) => normalize(target.default ?? target))
      .filter((target) => !target.endsWith('.json')),
  );
  for (const file of files) {
    cpSync(join(SITE, file), join(folder, file));
  }
  for (const name of ['cpu', 'webgpu']) {
    const file = `pkg/${name}/actmax.d.ts`;
    // wasm-bindgen uses what TypeScript only knows with a library that a project may not ask for.
    const text = readFileSync(join(WWW, file), 'utf8');
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `/// <reference lib="esnext.disposable" />\n${text}`);
  }
  for (const file of ['README.md', ...TYPES]) {
    cpSync(join(HERE, file), join(folder, file));
  }
  writeFileSync(join(folder, 'custom-elements.json'), `${JSON.stringify(customElements(), undefined, 2)}\n`);
  for (const file of ['LICENSE-APACHE', 'LICENSE-MIT']) {
    cpSync(join(ROOT, file), join(folder, file));
  }
  writeTypes(['engine.js', 'activation-maximization.js', 'src/settings/config.ts'], folder);
  const { name, ...rest } = manifest;
  const exports = { ...manifest.exports, ...weights(files) };
  const complete = { name, version: version(), ...rest, exports };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(complete, undefined, 2)}\n`);
}

/** The element for editors and documentation: a custom elements manifest, with what www/README.md says of each attribute. */
function customElements() {
  const readme = readFileSync(join(WWW, 'README.md'), 'utf8');
  const table = readme.slice(readme.indexOf('| attribute |'), readme.indexOf('It has the events'));
  const descriptions = new Map(
    [...table.matchAll(/^\| (`[^|]+) \| (.+) \|$/gm)].flatMap(([, names, words]) =>
      [...names.matchAll(/`([\w-]+)`/g)].map(([, name]) => /** @type {const} */ ([name, words])),
    ),
  );
  const attributes = ATTRIBUTES.map((name) => ({ name, fieldName: propertyOf(name), description: descriptions.get(name) }));
  const methods = ['play', 'pause', 'step', 'reset', 'seek'].map((name) => ({ kind: 'method', name }));
  const fields = [...ATTRIBUTES.map(propertyOf), 'settings', 'state', 'iteration'].map((name) => ({ kind: 'field', name }));
  const events = ['step', 'done', 'change'].map((name) => ({ name, type: { text: 'CustomEvent<FigureDetail>' } }));
  const path = 'activation-maximization.js';
  const [name, tagName] = ['ActivationMaximization', 'activation-maximization'];
  return {
    schemaVersion: '1.0.0',
    modules: [
      {
        kind: 'javascript-module',
        path,
        declarations: [
          {
            kind: 'class',
            customElement: true,
            name,
            tagName,
            superclass: { name: 'HTMLElement' },
            attributes,
            members: [...fields, ...methods],
            events: [...events, { name: 'error', type: { text: 'ErrorEvent' } }],
            cssProperties: [{ name: '--actmax-image' }, { name: '--actmax-columns' }],
            slots: [{ name: '', description: 'What stands there until the first picture.' }],
          },
        ],
        exports: [
          { kind: 'js', name, declaration: { name, module: path } },
          { kind: 'custom-element-definition', name: tagName, declaration: { name, module: path } },
        ],
      },
    ],
  };
}

/** @param {string[]} modules @param {string} folder */
function writeTypes(modules, folder) {
  const options = {
    allowJs: true,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true, // That is done elsewhere: tests/tsconfig.json.
    rewriteRelativeImportExtensions: true,
    types: 'vite/client',
    typeRoots: join(ROOT, 'tests/node_modules'),
    target: 'es2023',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: 'es2023,dom,dom.iterable',
    rootDir: WWW,
    outDir: folder,
  };
  execFileSync(
    join(ROOT, 'tests/node_modules/.bin/tsc'),
    [
      '--ignoreConfig',
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...modules.map((file) => join(WWW, file)),
    ],
    { stdio: 'inherit' },
  );
}

/** The crate's. */
function version() {
  const found = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8').match(/^version = "(.+)"$/m);
  if (!found) {
    throw new Error('There is no version in Cargo.toml.');
  }
  return found[1];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (!folder) {
    throw new Error('Usage: node tests/npm/make.js FOLDER');
  }
  makePackage(folder);
}
