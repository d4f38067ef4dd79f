// @ts-check
// Pictures of the page, to be looked at: phone, laptop and projector, light and dark. The README's
// www/screenshot.png is laptop-light-first.png.
//
//   node tests/page/screenshots.js [FOLDER]

import { mkdir } from 'node:fs/promises';

import { launch, open, serve } from './browser.js';

const folder = process.argv[2] ?? 'target/screenshots';
const SIZES = [
  { name: 'phone', width: 390, height: 844, deviceScaleFactor: 2 },
  { name: 'laptop', width: 1280, height: 800, deviceScaleFactor: 1 },
  { name: 'projector', width: 1920, height: 1080, deviceScaleFactor: 1 },
];

await mkdir(folder, { recursive: true });
const server = await serve();
const browser = await launch('chromium');
try {
  for (const scheme of ['light', 'dark']) {
    for (const { name, ...viewport } of SIZES) {
      const { page, messages } = await open(browser, 'about:blank');
      await page.setViewport(viewport);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.goto(`${server.url}?backend=cpu`);
      await page.waitForSelector('body[data-state="done"]');
      await page.screenshot({ path: `${folder}/${name}-${scheme}-one.png`, fullPage: true });
      await page.screenshot({ path: `${folder}/${name}-${scheme}-first.png` });
      await page.click('input[name="pace"][value="full"]');
      await page.click('input[name="digit"][value="all"]');
      await page.click('input[name="network"][value="lenet5"]');
      await page.waitForFunction(
        () => document.getElementById('iteration')?.textContent === '500',
      );
      await page.screenshot({ path: `${folder}/${name}-${scheme}-ten.png`, fullPage: true });
      if (messages.length > 0) {
        console.error(messages.join('\n'));
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
console.log(`Screenshots are in ${folder}.`);
