// @ts-check
// How the page is built from www/ into www/dist: every file that may change has the hash of its content in its name,
// behind a few that do not, whose addresses others know. So a page is of one version, whatever a browser has kept.
//
//   vite build -c tests/build/vite.config.js                   the page, in www/dist
//   vite build -c tests/build/vite.config.js --mode modules    each module by itself under its own name, in
//                                                              target/modules, for tests that look inside
//   vite -c tests/build/vite.config.js                         serves it as it is, for work on it

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

import { charts } from './charts.js';
import { compressed } from './compressed.js';
import { figureStyles } from './figure-styles.js';
import { offline } from './offline.js';
import { ownScripts } from './own-scripts.js';
import { packages } from './packages.js';
import { speakerView } from './speaker-view.js';
import { stableAddresses } from './stable-addresses.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WWW = join(ROOT, 'www');

const PAGES = { index: 'index.html', embed: 'embed.html', slides: 'slides/index.html' };
/** Modules at addresses that others import from. */
const ENTRIES = {
  'activation-maximization': 'activation-maximization.js',
  engine: 'engine.js',
  config: 'src/settings/config.ts', // For the npm package.
};

/** Rooms of www/src that arrive as one file each. What only one page uses, or only later, Vite splits off by itself. */
const GROUPS = [
  // download.ts knows this name: a bundler that has moved the code has given it another.
  { name: 'actmax-engine', test: /\/www\/src\/(engine|settings)\//, priority: 2 },
  // With the style sheet of its place in a page, so that this comes before the pages' own.
  { name: 'figure', test: /\/www\/src\/(player|figure)\/|\/uplot\/|\/activation-maximization\.css$/, priority: 1 },
];

/** mediabunny's license asks that whoever gets it minified is told where its source is. */
const SOURCE = '/*! With mediabunny, MPL-2.0: its source is at https://github.com/Vanilagy/mediabunny */';

/** Every module of www/src, by its path without the ending. */
function modules() {
  const paths = readdirSync(join(WWW, 'src'), { recursive: true, encoding: 'utf8' });
  const files = paths.filter((it) => /\.[jt]s$/.test(it) && !/service-worker|\.d\.ts$/.test(it)).map((it) => `src/${it}`);
  return Object.fromEntries(files.map((it) => [it.replace(/\.\w+$/, ''), it]));
}

export default defineConfig(({ mode }) => {
  const apart = mode === 'modules';
  const { config, ...entries } = ENTRIES;
  const inputs = { ...PAGES, ...entries, ...(apart ? modules() : { config, ahead: 'src/page/ahead.ts' }) };
  return {
    root: WWW,
    base: './', // The page may be in any folder of a site.
    publicDir: 'public',
    server: { port: Number(process.env.PORT ?? 8080) },
    plugins: [
      packages(), figureStyles(), charts(), speakerView(), ownScripts(),
      ...(apart ? [] : [stableAddresses(), offline(), compressed()]),
    ],
    build: {
      outDir: apart ? join(ROOT, 'target/modules') : 'dist',
      emptyOutDir: true,
      target: ['chrome98', 'firefox104', 'safari16.4'], // See needs.ts.
      cssTarget: 'esnext', // Style sheets say by themselves what older browsers do.
      assetsInlineLimit: 0, // The Content-Security-Policy allows no data: addresses.
      modulePreload: { polyfill: false },
      minify: !apart,
      manifest: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(inputs).map(([name, path]) => [name, join(WWW, path)])),
        preserveEntrySignatures: 'strict',
        treeshake: !apart,
        output: apart
          ? {
              preserveModules: true,
              preserveModulesRoot: WWW,
              entryFileNames: '[name].js',
              assetFileNames: ({ originalFileNames: [path = ''], names: [name] }) =>
                /^(src|pkg|weights)\//.test(path) ? path : name,
            }
          : {
              // The two modules of WebAssembly, whose files have the same names.
              assetFileNames: ({ originalFileNames: [path = ''] }) =>
                path.startsWith('pkg/') ? `assets/${path.split('/')[1]}-[hash][extname]` : 'assets/[name]-[hash][extname]',
              entryFileNames: ({ name }) => (name in ENTRIES ? '[name].js' : 'assets/[name]-[hash].js'),
              codeSplitting: { groups: GROUPS },
              postBanner: ({ moduleIds }) => (moduleIds.some((it) => it.includes('/mediabunny/')) ? SOURCE : ''),
            },
      },
    },
  };
});
