// @ts-check
// Which files the service worker keeps: see www/src/page/service-worker.ts. Plugins for Vite.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { VitePWA } from 'vite-plugin-pwa';

import { integrity } from './integrity.js';
import { packages } from './packages.js';

/** @returns {import('vite').PluginOption[]} */
export function offline() {
  let folder = '';
  /**
   * What is kept has to be what was built, but for pages: hosts add to them, as their statistics.
   *
   * @type {import('workbox-build').ManifestTransform}
   */
  const withHashes = (entries) => {
    const hashed = (/** @type {(typeof entries)[number]} */ it) => ({ ...it, integrity: integrity(readFileSync(join(folder, it.url))) });
    return { manifest: entries.map((it) => (it.url.endsWith('.html') ? it : hashed(it))), warnings: [] };
  };
  return [
    {
      name: 'offline',
      configResolved(config) {
        folder = resolve(config.root, config.build.outDir);
      },
    },
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/page',
      filename: 'service-worker.ts',
      injectRegister: false,
      manifest: false,
      injectManifest: {
        rollupFormat: 'iife',
        buildPlugins: { vite: [packages()] },
        globPatterns: ['**/*.{html,js,css,svg,wasm,safetensors}'],
        // Copies that no page asks for, and ten megabytes that only a GPU has a use for.
        globIgnores: ['weights/**', 'config.js', 'assets/webgpu*', 'service-worker.js'],
        dontCacheBustURLsMatching: /^assets\//,
        maximumFileSizeToCacheInBytes: 20_000_000,
        manifestTransforms: [withHashes],
      },
    }),
  ];
}
