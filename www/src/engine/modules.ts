// Loads the two WebAssembly modules. An instance cannot be restarted, but the binary is loaded and compiled only
// once: a fresh instance is there at once when another has broken down.

import { type Progress, compile, download } from './download.ts';
import { withinTime } from './timeout.ts';

export type ModuleName = 'cpu' | 'webgpu';
export type Module = typeof import('../../pkg/webgpu/actmax.js');

// Each URL is written out: by this pattern bundlers find the files that belong to a JavaScript module.
const MODULES = {
  cpu: {
    code: new URL('../../pkg/cpu/actmax.js', import.meta.url),
    binary: new URL('../../pkg/cpu/actmax_bg.wasm', import.meta.url),
  },
  webgpu: {
    code: new URL('../../pkg/webgpu/actmax.js', import.meta.url),
    binary: new URL('../../pkg/webgpu/actmax_bg.wasm', import.meta.url),
  },
};

/** What the modules are called, for people. */
export const TITLES: Record<ModuleName, string> = {
  cpu: 'CPU module',
  webgpu: 'WebGPU module',
};

/** Milliseconds to import 20 kB of JavaScript bindings: `import` does not say how much has arrived. */
const IMPORT_TIMEOUT = 60_000;
/** Milliseconds to instantiate a compiled module. */
const START_TIMEOUT = 20_000;

/** Counts the instances, to give each a URL of its own: the browser keeps one instance of a module per URL. */
let instances = 0;

const binaries = new Map<ModuleName, Promise<WebAssembly.Module>>();

/**
 * A fresh instance of a module.
 *
 * @returns Rejects, in words for people; it can then be tried again.
 */
export async function instantiate(name: ModuleName, report: (progress: Progress) => void): Promise<Module> {
  const what = TITLES[name];
  report({ what, bytes: 0 });
  const compiled = binary(name, report);
  compiled.catch(() => {}); // It is awaited below, but may fail before that.
  const module = await bindings(name);
  const module_or_path = await compiled;
  try {
    const late = 'it took more than 20 seconds.';
    await withinTime(module.default({ module_or_path }), START_TIMEOUT, late);
  } catch (error) {
    throw new Error(`The ${what} could not be started: ${error}`);
  }
  return module;
}

function binary(name: ModuleName, report: (progress: Progress) => void) {
  let compiled = binaries.get(name);
  if (!compiled) {
    compiled = compile(MODULES[name].binary, TITLES[name], report);
    compiled.catch(() => binaries.delete(name));
    binaries.set(name, compiled);
  }
  return compiled;
}

/** The JavaScript of a fresh instance. */
async function bindings(name: ModuleName): Promise<Module> {
  instances += 1;
  // Built before the import expression: Vite delays that, and by then another instance may have raised the count.
  const address = `${MODULES[name].code}?instance=${instances}`;
  const part = `JavaScript of the ${TITLES[name]}`;
  try {
    const late = 'nothing came for a minute.';
    const imported = import(/* @vite-ignore */ /* webpackIgnore: true */ address);
    return await withinTime(imported, IMPORT_TIMEOUT, late);
  } catch (error) {
    await download(address, part); // `import` does not say why it failed. `download` does, if it is the server.
    throw new Error(`The ${part} could not be started: ${error}`);
  }
}
