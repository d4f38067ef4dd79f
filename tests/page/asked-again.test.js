// @ts-check
// What a figure asks in every animation frame, while a server cannot answer: the server is not asked at every frame,
// and is asked again once it can.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launch, open, serve } from './browser.js';
import { TIMEOUT } from './figure.js';

const browser = await launch('chromium');
after(() => browser.close());

const wait = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

for (const [file, part, refused] of [
  ['robust', 'opinions', 'The file of the network robust could not be loaded'],
  ['prototypes', 'nearest', 'The file of the prototypes could not be loaded'],
]) {
  test(`a server that says 503 for ${file}`, async (context) => {
    let asked = 0;
    let isWell = false;
    const server = await serve((path, response) => {
      if (path !== `/weights/${file}.safetensors` || isWell) {
        return false;
      }
      asked += 1;
      response.writeHead(503).end();
      return true;
    });
    context.after(() => server.close());
    const { page } = await open(browser, `${server.url}embed.html?backend=cpu#digit=3&steps=5000&pace=slow&show=${part}&autoplay`);
    const words = () =>
      page.$eval('activation-maximization', (it, part) => {
        const card = [...(it.shadowRoot?.querySelectorAll('.card') ?? [])].find((it) =>
          (part === 'opinions' ? /^Second opinion/ : /^Nearest/).test(it.querySelector('.title')?.textContent ?? ''),
        );
        return card?.querySelector('.caption')?.textContent ?? '';
      }, part);
    const says = async (/** @type {string} */ start) => {
      for (const end = Date.now() + TIMEOUT; !(await words()).startsWith(start); await wait(100)) {
        assert.ok(Date.now() < end, `It says "${await words()}".`);
      }
    };
    await says(refused);
    const before = asked;
    await wait(5000); // In which a figure draws some 200 frames.
    assert.ok(asked - before <= 4, `it was asked ${asked - before} times`);
    isWell = true;
    await says(part === 'opinions' ? 'What each network reads.' : 'Of a hundred typical digits');
    await page.close();
  });
}
