// @ts-check
// The npm package, as somebody gets it who installs it: bundled, not bundled, and its types.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import sirv from 'sirv';
import { build, createServer as createViteServer } from 'vite';

import { ATTRIBUTES } from '../../www/src/figure/properties.ts';
import { makePackage } from '../npm/make.js';
import { launch, open } from './browser.js';

const TSC = fileURLToPath(new URL('../node_modules/.bin/tsc', import.meta.url));

const APP = `
import { Engine } from 'actmax';
import { readConfig } from 'actmax/config';
import 'actmax/element';
import 'actmax/activation-maximization.css';

const { config } = readConfig(new URLSearchParams('digit=7'));
const engine = await Engine.start({ backend: 'cpu' });
const { network, digits, seed, noiseStd } = config;
const run = await engine.begin({ network, digits, seed, noiseStd });
const snapshot = await run.advance(50, { target: 0.9, learningRate: config.rate });
window.answer = { iteration: snapshot.iteration, given: Math.exp(snapshot.now[7]) };
`;

/** @param {string} head */
const page = (head) => `<!doctype html><html lang="en">
<title>App</title><link rel="icon" href="data:,">${head}
<activation-maximization network="lenet5" digit="3" steps="20" controls autoplay pace="full" loading="eager">
</activation-maximization></html>`;

const IMPORT_MAP = `<script type="importmap">{ "imports": {
  "actmax": "./node_modules/actmax/engine.js",
  "actmax/config": "./node_modules/actmax/config.js",
  "actmax/element": "./node_modules/actmax/activation-maximization.js"
} }</script>`;

const RIGHT = `
import { Engine, type Status } from 'actmax';
import { readConfig, writeConfig, type Config } from 'actmax/config';
import { ActivationMaximization } from 'actmax/element';
import 'actmax/activation-maximization.css';
import address from 'actmax/weights/mlp.safetensors';

export const weights: string = address;
const engine = await Engine.start({ backend: 'auto', onStatus: (status: Status) => status.adapter });
const run = await engine.begin({ network: 'lenet5', digits: [3], seed: 1, noiseStd: 0.01 });
const snapshot = await run.advance(50, { target: 0.9, learningRate: 0.005 });
export const pixels: Float32Array = snapshot.images;
export const accuracy: number | undefined = (await engine.card('mlp'))?.accuracy.test;

const config: Config = readConfig(new URLSearchParams('digit=7')).config;
export const text: string = writeConfig({ ...config, digits: [1, 2] });

const element = document.querySelector('activation-maximization');
export const same: ActivationMaximization | null = element;
if (element?.state === 'done') {
  element.digit = 'all';
  element.target = 0.5;
  element.settings = { ...element.settings, network: 'both' };
  element.settings = { digits: [7] };
  element.controls = false;
  element.show = ['loss', 'bars'];
  element.hide = undefined;
  element.loading = 'eager';
  element.addEventListener('done', (event) => event.detail.settings.target + event.detail.iteration);
  element.addEventListener('error', (event) => event.message);
  element.addEventListener('click', (event) => event.clientX);
  element.seek(element.iteration - 1);
}
`;

/** One error in every line but the first two. */
const WRONG = `
import { Engine } from 'actmax'; import 'actmax/element';
const engine = await Engine.start(); const element = document.querySelector('activation-maximization')!;
await Engine.start({ backend: 'gpu' });
await engine.begin({ network: 'vgg', digits: [3], seed: 1, noiseStd: 0.01 });
engine.session.broken;
element.seek('last');
element.target = 'high';
element.state = 'done';
element.controls = 'no';
element.settings = { digit: 7 };
element.addEventListener('step', (event) => event.detail.nothing);
`;

/** @type {string} */
let folder;
/** @type {{ size: number, unpackedSize: number, files: { path: string }[] }} */
let packed;
/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {import('node:http').Server} */
let server;
let url = '';

/** @param {string} name @param {string} text */
const write = (name, text) => writeFileSync(join(folder, name), text);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'actmax-package-'));
  const made = join(folder, 'made');
  makePackage(made);
  const said = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: made,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const all = JSON.parse(said);
  packed = Object.values(all)[0]; // By number or by name: that depends on npm's version.
  const installed = join(folder, 'node_modules/actmax');
  mkdirSync(installed, { recursive: true });
  const version = JSON.parse(readFileSync(join(made, 'package.json'), 'utf8')).version;
  execFileSync('tar', ['xzf', join(folder, `actmax-${version}.tgz`), '--strip-components=1', '-C', installed]);
  rmSync(made, { recursive: true });

  const files = sirv(folder, { dev: true });
  server = createServer((request, response) => files(request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  url = `http://127.0.0.1:${address.port}/`;
  browser = await launch('chromium');
});

after(async () => {
  await browser?.close();
  await new Promise((resolve) => server?.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page and waits for its bare run and its element. @param {string} address */
async function finish(address) {
  const { page, messages } = await open(browser, new URL(address, url).href);
  await page.bringToFront();
  try {
    await page.waitForFunction(
      () =>
        'answer' in window &&
        /** @type {any} */ (document.querySelector('activation-maximization'))?.state === 'done',
    );
  } catch {
    throw new Error(`The page did not get to its end. It said: ${messages.join('\n')}`);
  }
  const found = await page.evaluate(() => ({
    answer: /** @type {any} */ (window).answer,
    rules: document
      .querySelector('activation-maximization')
      ?.shadowRoot?.adoptedStyleSheets.map((sheet) => sheet.cssRules.length),
  }));
  await page.close();
  assert.deepEqual(messages.filter((message) => !message.startsWith('debug: [vite]')), []);
  assert.equal(found.answer.iteration, 50);
  assert.ok(found.answer.given > 0.9, `the network gives ${found.answer.given}`);
  // A sheet that a server or a bundler made a script of has one rule at most.
  assert.ok(found.rules?.every((count) => count > 5), `rules: ${found.rules}`);
}

test('it has what its exports name, and nothing of the page', () => {
  const { exports, version, ...rest } = JSON.parse(
    readFileSync(join(folder, 'node_modules/actmax/package.json'), 'utf8'),
  );
  const paths = packed.files.map(({ path }) => path);
  for (const target of Object.values(exports)) {
    for (const path of typeof target === 'string' ? [target] : Object.values(target)) {
      assert.ok(path.includes('*') || paths.includes(path.slice(2)), `${path} is missing`);
    }
  }
  for (const path of [rest.main, rest.types, rest.customElements]) {
    assert.ok(paths.includes(path.slice(2)), `${path} is missing`);
  }
  // Its styles are text in a module: nothing but the page's own placeholder is a style sheet.
  assert.deepEqual(paths.filter((path) => path.endsWith('.css')), ['activation-maximization.css']);
  assert.equal(rest.name, 'actmax');
  assert.match(version, /^\d+\.\d+\.\d+$/);
  for (const path of ['README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'engine.d.ts']) {
    assert.ok(paths.includes(path), `${path} is missing`);
  }
  for (const path of ['index.html', 'service-worker.js', 'make.js', 'screenshot.png']) {
    assert.ok(!paths.includes(path), `${path} does not belong in it`);
  }
});

test('its manifest describes every attribute', () => {
  const text = readFileSync(join(folder, 'node_modules/actmax/custom-elements.json'), 'utf8');
  const [{ attributes, tagName }] = JSON.parse(text).modules[0].declarations;
  assert.equal(tagName, 'activation-maximization');
  assert.deepEqual(attributes.map((/** @type {{ name: string }} */ it) => it.name), ATTRIBUTES);
  for (const { name, description } of attributes) {
    assert.ok(description?.length > 5, `${name}: ${description}`);
  }
});

/** What a script for Node says. @param {string} script */
const inNode = (script) =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder, encoding: 'utf8' }).trim();

test('on a server that renders pages, it can be imported', () => {
  for (const name of ['', '/element', '/react', '/vue', '/svelte', '/config']) {
    assert.equal(inNode(`await import('actmax${name}'); console.log('imported')`), 'imported', name);
  }
});

test('where a document is simulated and much is missing, it can be imported', () => {
  const simulated = 'globalThis.window = globalThis; globalThis.document = { createElement: () => ({}) }; globalThis.navigator ??= {}; globalThis.addEventListener = () => {};';
  assert.equal(inNode(`${simulated} await import('actmax/element'); console.log('imported')`), 'imported');
});

function writeApp() {
  write('app.js', APP);
  write('app.html', page('<script type="module" src="./app.js"></script>'));
}

test('bundled by Vite, it runs', async () => {
  writeApp();
  await build({
    root: folder,
    base: './',
    configFile: false,
    logLevel: 'error',
    build: { target: 'esnext', outDir: 'dist', rolldownOptions: { input: join(folder, 'app.html') } },
  });
  assert.ok(existsSync(join(folder, 'dist/app.html')));
  await finish('dist/app.html');
});

test("on Vite's development server, it runs", async () => {
  writeApp();
  const vite = await createViteServer({
    root: folder,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
  });
  try {
    await vite.listen();
    const { port } = /** @type {import('node:net').AddressInfo} */ (vite.httpServer?.address());
    await finish(`http://127.0.0.1:${port}/app.html`);
  } finally {
    await vite.close();
  }
});

test('served as it is, with an import map, it runs', async () => {
  write('plain.js', APP.replace(/import '.*\.css';/, ''));
  const style = '<link rel="stylesheet" href="node_modules/actmax/activation-maximization.css">';
  write('plain.html', page(`${style}${IMPORT_MAP}<script type="module" src="plain.js"></script>`));
  await finish('plain.html');
});

test('served as it is, with relative imports, it runs', async () => {
  const relative = APP.replace(/import '.*\.css';/, '')
    .replace("'actmax'", "'./node_modules/actmax/engine.js'")
    .replace("'actmax/config'", "'./node_modules/actmax/config.js'")
    .replace("'actmax/element'", "'./node_modules/actmax/activation-maximization.js'");
  write('relative.html', page(`<script type="module">${relative}</script>`));
  await finish('relative.html');
});

/** @param {string} text */
function check(text) {
  write('consumer.ts', text);
  const options = '--ignoreConfig --noEmit --strict --target es2023 --module esnext --moduleResolution bundler';
  const { stdout, status } = spawnSync(TSC, [...options.split(' '), 'consumer.ts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { stdout, status };
}

test('TypeScript knows its types, and every one of them is sound', () => {
  const { stdout, status } = check(RIGHT);
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test('TypeScript refuses what is wrong', () => {
  const { stdout } = check(WRONG);
  const lines = [...stdout.matchAll(/^consumer\.ts\((\d+),/gm)].map(([, line]) => Number(line));
  assert.deepEqual([...new Set(lines)], [4, 5, 6, 7, 8, 9, 10, 11, 12], stdout);
});
