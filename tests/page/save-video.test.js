// @ts-check
// A video for a slide: what others read of the file, and what happens where none can be written.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';

import { layoutOf } from '../../www/src/page/export/slide-layout.ts';
import { builtFile } from './browser.js';
import { savingBrowser } from './saving.js';

/** Of a channel's 255: a video has less color than a picture, and a line of a letter is thinner than what it keeps. */
const TOLERANCE = 24;
const MEAN_TOLERANCE = 2;

/** @type {Awaited<ReturnType<typeof savingBrowser>>} */
let saving;
before(async () => {
  saving = await savingBrowser();
});
after(() => saving.close());

/** What the library reads of a file. @param {Buffer} bytes */
async function readVideo(bytes) {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  assert.ok(track);
  const packets = [];
  for await (const { timestamp, duration, type } of new EncodedPacketSink(track).packets()) {
    packets.push({ timestamp, duration, isKey: type === 'key' });
  }
  return {
    mime: await input.getMimeType(),
    size: [track.displayWidth, track.displayHeight],
    duration: await input.computeDuration(),
    packets,
  };
}

/**
 * What a <video> of the page shows at its start and at its end: how far its images are off those of the run, at the
 * middle of each of their pixels, and how far all of the end is off the picture for a slide.
 *
 * @param {import('puppeteer-core').Page} page
 * @param {{ video: string, type: string, picture: string, layout: import('../../www/src/page/export/slide-layout.ts').Layout }} what
 */
function watch(page, what) {
  return page.evaluate(async ({ video: address, type, picture, layout }) => {
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([await (await fetch(address)).arrayBuffer()], { type }));
    /** @param {number} time */
    const frame = async (time) => {
      video.currentTime = time;
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      return drawn(video);
    };
    /** @param {CanvasImageSource} source */
    const drawn = (source) => {
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
        new OffscreenCanvas(1920, 1080).getContext('2d', { willReadFrequently: true })
      );
      context.drawImage(source, 0, 0);
      return context.getImageData(0, 0, 1920, 1080).data;
    };
    await new Promise((resolve) => video.addEventListener('loadeddata', resolve, { once: true }));
    const { videoWidth, videoHeight, duration } = video;
    const first = await frame(0.01);
    const last = await frame(duration - 0.01);

    const colors = new URL('src/figure/colors.js', location.href).href;
    const { scale } = await import(colors);
    const { experiment, paint } = /** @type {any} */ (document.querySelector('activation-maximization'));
    /** The largest difference of a channel. @param {Uint8ClampedArray} shown @param {number | undefined} iteration */
    const off = (shown, iteration) => {
      let largest = 0;
      for (const [network, { history }] of experiment.networkResults.entries()) {
        const { low, high } = scale(history.at().images);
        const { data } = paint(history.at(iteration).images, low, high);
        for (const [image, { x, y }] of layout.networks[network].images.entries()) {
          for (let pixel = 0; pixel < 784; pixel += 1) {
            const column = x + (pixel % 28) * layout.factor + (layout.factor >> 1);
            const row = y + Math.floor(pixel / 28) * layout.factor + (layout.factor >> 1);
            for (const channel of [0, 1, 2]) {
              const wanted = data[4 * (784 * image + pixel) + channel];
              largest = Math.max(largest, Math.abs(shown[4 * (1920 * row + column) + channel] - wanted));
            }
          }
        }
      }
      return largest;
    };
    const wanted = drawn(await createImageBitmap(await (await fetch(picture)).blob()));
    const sum = last.reduce((sum, it, at) => sum + Math.abs(it - wanted[at]), 0);
    return {
      size: [videoWidth, videoHeight],
      duration,
      start: off(first, 0),
      end: off(last, undefined),
      startAtEnd: off(last, 0),
      mean: sum / (1920 * 1080 * 3),
    };
  }, what);
}

/** Runs in the page. */
function withoutH264() {
  const { isConfigSupported } = VideoEncoder;
  VideoEncoder.isConfigSupported = async (config) =>
    config.codec.startsWith('avc') ? { supported: false, config } : isConfigSupported(config);
}

for (const { query, name, networks, digits, frames, format = 'MP4', mime = /^video\/mp4; codecs="avc1\.64..28"$/, before, note = '' } of [
  { query: 'network=mlp&digit=3', name: 'actmax-mlp-digit-3-seed-1-slide', networks: 1, digits: 1, frames: 50 + 40 },
  {
    query: 'network=lenet5,robust&digit=all&steps=30',
    name: 'actmax-lenet5-robust-digits-all-seed-1-slide',
    networks: 2,
    digits: 10,
    frames: 30 + 40,
  },
  {
    // More iterations than frames, and fewer snapshots than either.
    query: 'network=mlp&digit=1,7&steps=300&pace=full',
    name: 'actmax-mlp-digits-1-7-seed-1-slide',
    networks: 1,
    digits: 2,
    frames: 79 + 40,
  },
  {
    query: 'network=mlp&digit=4',
    name: 'actmax-mlp-digit-4-seed-1-slide',
    networks: 1,
    digits: 1,
    frames: 50 + 40,
    format: 'WebM',
    mime: /^video\/webm; codecs="vp09\..*"$/,
    before: withoutH264,
    note: ' PowerPoint and Keynote need an MP4, which this browser cannot write: for them, save the GIF.',
  },
]) {
  test(`${format} of ${query}`, async (context) => {
    const { page, messages, save, status } = await saving.visit(query, before);
    const loaded = () => page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('mediabunny')));
    assert.equal(await loaded(), false); // Only who wants a video waits for it.
    const start = performance.now();
    const [file] = await save(`Video for a slide (${format})`);
    assert.equal(await loaded(), true);
    context.diagnostic(`${file.bytes.length} bytes in ${Math.round(performance.now() - start)} ms`);
    if (process.env.KEEP) {
      writeFileSync(`${process.env.KEEP}/${file.name}`, file.bytes);
    }
    assert.equal(file.name, `${name}.${format.toLowerCase()}`);
    assert.equal(await status(), `Saved ${file.name}.${note}`);
    const read = await readVideo(file.bytes);
    assert.match(read.mime, mime);
    assert.deepEqual(read.size, [1920, 1080]);
    assert.equal(read.packets.length, frames);
    for (const [index, { timestamp, isKey }] of read.packets.entries()) {
      assert.ok(Math.abs(timestamp - index / 20) < 1e-3, `frame ${index} at ${timestamp}`);
      assert.ok(isKey || index % 20 > 0, `frame ${index} needs others`);
    }
    const [picture] = await save('Picture for a slide (PNG)');
    const layout = layoutOf(networks, digits);
    const seen = await watch(page, { video: file.address, type: read.mime, picture: picture.address, layout });
    context.diagnostic(JSON.stringify(seen));
    assert.deepEqual(seen.size, [1920, 1080]);
    for (const duration of [read.duration, seen.duration]) {
      assert.ok(Math.abs(duration - frames / 20) < 0.01, `${duration} s`);
    }
    assert.ok(seen.start < TOLERANCE && seen.end < TOLERANCE && seen.startAtEnd > 3 * TOLERANCE, JSON.stringify(seen));
    assert.ok(seen.mean < MEAN_TOLERANCE, `${seen.mean}`);
    assert.ok(file.bytes.length < 6e6, `${file.bytes.length} bytes`);
    assert.deepEqual(messages, []);
    await page.close();
  });
}

/** What the menu offers beside its line, if anything. @param {import('puppeteer-core').Page} page */
const offered = (page) => page.$eval('.save-line button', (it) => (it.hidden ? '' : it.textContent));
/** @param {import('puppeteer-core').Page} page @param {string} words A part of what the menu says. */
const said = (page, words) =>
  page.waitForFunction((words) => document.querySelector('.save-status')?.textContent?.includes(words), {}, words);
/** The words of the button that has the focus. @param {import('puppeteer-core').Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.textContent);

describe('where none can be written, the entry says so, and a GIF is offered', () => {
  for (const { what, before, words } of [
    {
      what: 'no VideoEncoder',
      before: () => void Reflect.deleteProperty(window, 'VideoEncoder'),
      words: 'This browser cannot write video.',
    },
    {
      what: 'an encoder that knows none of the codecs',
      before: () => {
        VideoEncoder.isConfigSupported = async () => {
          throw new TypeError('Unknown codec.');
        };
      },
      words: 'This browser cannot write video.',
    },
    {
      what: 'an insecure connection',
      before: () => {
        Reflect.deleteProperty(window, 'VideoEncoder');
        Object.defineProperty(window, 'isSecureContext', { value: false });
      },
      words: 'Browsers write video only where the page came over a secure connection (https), and this one did not.',
    },
  ]) {
    test(what, async () => {
      const { page, messages, click, save, status } = await saving.visit('digit=3&steps=10', before);
      await click('Video for a slide: not in this browser');
      await said(page, words);
      assert.equal(await status(), words);
      assert.equal(await offered(page), 'Save a GIF instead');
      await page.focus('.save-line button');
      const [file] = await save('Save a GIF instead');
      assert.equal(file.name, 'actmax-mlp-digit-3-seed-1-slide.gif');
      assert.equal(file.bytes.toString('latin1', 0, 6), 'GIF89a');
      assert.equal(await offered(page), '');
      assert.equal(await focused(page), 'Animation for a slide (GIF)');
      assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).errors), []);
      assert.deepEqual(messages, []);
      await page.close();
    });
  }
});

for (const { words, what } of [
  { words: 'Video for a slide (MP4)', what: 'video' },
  { words: 'Animation for a slide (GIF)', what: 'animation' },
]) {
  test(`${words}: can be canceled, saves nothing then, and can be made after all`, async () => {
    const { page, messages, click, save, saved, status } = await saving.visit('network=mlp&digit=all');
    // In the page, so that it is in the middle of it, however fast or slow this computer is.
    await page.evaluate((what) => {
      const status = /** @type {HTMLElement} */ (document.querySelector('.save-status'));
      const button = /** @type {HTMLButtonElement} */ (document.querySelector('.save-line button'));
      const observer = new MutationObserver(() => {
        if (new RegExp(`^Making the ${what} … [1-9]0%$`).test(status.textContent ?? '')) {
          observer.disconnect();
          const busy = [...document.querySelectorAll('.save-buttons [aria-disabled="true"]')];
          Object.assign(window, { seen: { offered: button.textContent, busy: busy.map((it) => it.textContent) } });
          button.focus();
          button.click();
        }
      });
      observer.observe(status, { childList: true });
    }, what);
    await click(words);
    await said(page, 'Canceled. Nothing was saved.');
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).seen), {
      offered: 'Cancel',
      busy: ['Animation (GIF)', 'Animation for a slide (GIF)', 'Video for a slide (MP4)'],
    });
    assert.equal(await offered(page), '');
    assert.equal(await focused(page), words);
    assert.deepEqual(await page.$$('.save-buttons [aria-disabled="true"]'), []);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(saved(), []);
    assert.equal(await status(), 'Canceled. Nothing was saved.');
    const [file] = await save(words);
    assert.match(file.name, /^actmax-mlp-digits-all-seed-1-slide\.(gif|mp4)$/);
    assert.deepEqual(messages, []);
    await page.close();
  });
}

test('an encoder that hangs is canceled, with the keyboard alone', async () => {
  const { page, messages, saved } = await saving.visit('digit=3', () => {
    Object.defineProperty(VideoEncoder.prototype, 'encodeQueueSize', { get: () => 100 });
  });
  await page.waitForFunction(() => document.querySelector('.save-buttons button:nth-child(6):enabled'));
  await page.focus('.save-buttons button:nth-child(5)');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Video for a slide (MP4)');
  await page.keyboard.press('Enter');
  await said(page, 'Making the video … 0%');
  const passed = [];
  for (let at = 0; at < 10 && passed.at(-1) !== 'Cancel'; at += 1) {
    await page.keyboard.press('Tab');
    passed.push(await focused(page));
  }
  assert.deepEqual(passed, ['Numbers (CSV)', 'Numbers (JSON)', 'Start image (.npy)', 'Image (.npy)', 'Cancel']);
  await page.keyboard.press(' ');
  await said(page, 'Canceled. Nothing was saved.');
  assert.equal(await focused(page), 'Video for a slide (MP4)');
  assert.deepEqual(saved(), []);
  assert.deepEqual(messages, []);
  await page.close();
});

/** Has the first encoder fail after ten frames. Runs in the page. */
function failingOnce() {
  const { encode } = VideoEncoder.prototype;
  /** @type {VideoEncoder | undefined} */
  let broken;
  let frames = 0;
  const errors = new WeakMap();
  window.VideoEncoder = new Proxy(VideoEncoder, {
    construct(target, [init]) {
      const encoder = new target(init);
      errors.set(encoder, init.error);
      broken ??= encoder;
      return encoder;
    },
  });
  VideoEncoder.prototype.encode = function (...given) {
    frames += 1;
    encode.apply(this, given);
    if (this === broken && frames === 10) {
      this.flush().then(() => {
        this.close(); // As a browser does ahead of its report.
        errors.get(this)(new DOMException('The GPU has gone.', 'OperationError'));
      });
    }
  };
}

test('an encoder that fails in the middle gets a sentence, and the run is still there', async () => {
  const { page, messages, click, save, status } = await saving.visit('digit=3', failingOnce);
  const state = () =>
    page.$eval('activation-maximization', (/** @type {any} */ it) => [it.state, it.experiment.iteration, [...it.experiment.networkResults[0].history.at().images]]);
  const before = await state();
  await click('Video for a slide (MP4)');
  await said(page, 'failed');
  assert.match(await status(), /^The video encoder of this browser failed after \d+ frames \(The GPU has gone\.\)\.$/);
  assert.equal(await offered(page), 'Save a GIF instead');
  assert.deepEqual(await state(), before);
  const [picture] = await save('Picture (PNG)');
  assert.equal(picture.name, 'actmax-mlp-digit-3-seed-1.png');
  assert.equal(await offered(page), ''); // That was about something else.
  const [file] = await save('Video for a slide (MP4)');
  assert.equal((await readVideo(file.bytes)).packets.length, 90);
  assert.deepEqual(messages, []);
  await page.close();
});

test('the file that has mediabunny in it says where its source is', () => {
  const [first] = readFileSync(builtFile('/assets/video-file.js'), 'utf8').split('\n');
  assert.equal(first, '/*! With mediabunny, MPL-2.0: its source is at https://github.com/Vanilagy/mediabunny */');
});
