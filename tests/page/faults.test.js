// @ts-check
// What goes wrong, made to go wrong in the real browser: the run must go on.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, open, serve } from './browser.js';
import { LAB, PATIENCE, figure, press, reached, readings, shadow } from './figure.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  browser = await launch('chromium');
});
after(() => browser.close());

/**
 * Opens the page with WebGPU asked for.
 *
 * @param {object} fault
 * @param {Parameters<typeof serve>[0]} [fault.intercept] What the server does wrong.
 * @param {() => void} [fault.before] What the browser does wrong, before the page loads.
 * @param {(page: Page, messages: string[]) => Promise<void>} check
 */
async function withFault({ intercept, before }, check) {
  const server = await serve(intercept);
  const { page, messages } = await open(browser, 'about:blank');
  try {
    if (before) {
      await page.evaluateOnNewDocument(before);
    }
    await page.goto(`${server.url}?backend=webgpu#digit=3`);
    await check(page, messages);
  } finally {
    await page.close();
    await server.close();
  }
}

/**
 * A server that answers so for every path that begins so.
 *
 * @param {string} start
 * @param {number} status
 * @param {string} [html]
 * @returns {Parameters<typeof serve>[0]}
 */
function answer(start, status, html = '') {
  return (path, response) => {
    if (!path.startsWith(start)) {
      return false;
    }
    response.writeHead(status, { 'content-type': 'text/html' }).end(html);
    return true;
  };
}

/** @param {Page} page @param {string} id */
function text(page, id) {
  return page.$eval(`#${id}`, (element) => element.textContent ?? '');
}

/**
 * The run reaches its end on the CPU.
 *
 * @param {Page} page
 */
async function endsOnTheCpu(page) {
  await reached(page, LAB, 'done');
  assert.equal(await text(page, 'backend-name'), 'Running on the CPU');
  assert.equal(await figure(page, LAB, (lab) => lab.iteration), 50);
  assert.ok((await readings(page, LAB)).probability >= 90);
}

/** @param {Page} page @param {number} iteration */
function past(page, iteration) {
  return page.waitForFunction(
    (iteration) => /** @type {any} */ (document.getElementById('lab')).iteration > iteration,
    { timeout: PATIENCE },
    iteration,
  );
}

test('a WebGPU module that is not there', async () => {
  const intercept = answer('/pkg/webgpu/actmax_bg.wasm', 404);
  await withFault({ intercept }, async (page) => {
    await endsOnTheCpu(page);
    const reason = await text(page, 'backend-reason');
    assert.match(reason, /^The WebGPU module could not be loaded from .*: the server says 404\.$/);
    assert.match(await text(page, 'notice-text'), /^WebGPU was asked for, but cannot be had\. /);
  });
});

test('a WebGPU module that is a web page', async () => {
  const intercept = answer('/pkg/webgpu/actmax_bg.wasm', 200, '<!doctype html>');
  await withFault({ intercept }, async (page) => {
    await endsOnTheCpu(page);
    assert.match(await text(page, 'backend-reason'), /^The WebGPU module could not be started: /);
  });
});

test('a module that is not there at all', async () => {
  const intercept = answer('/pkg/', 404);
  await withFault({ intercept }, async (page) => {
    await page.waitForSelector('#notice:not([hidden])', { timeout: PATIENCE });
    assert.equal(await text(page, 'backend-name'), 'Nothing to compute with');
    assert.match(
      await text(page, 'notice-text'),
      /^The CPU module could not be loaded from .*: the server says 404\.$/,
    );
  });
});

test('a device that is refused', async () => {
  const before = () => {
    GPUAdapter.prototype.requestDevice = () => Promise.reject(new TypeError('not today'));
  };
  await withFault({ before }, async (page) => {
    await endsOnTheCpu(page);
    assert.match(await text(page, 'backend-reason'), /^The GPU could not be used: .*not today/);
  });
});

test('a GPU that is lost in the middle of a run', async () => {
  const before = () => {
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      const device = await request.apply(this, given);
      /** @type {any} */ (window).device = device;
      return device;
    };
  };
  await withFault({ before }, async (page) => {
    await past(page, 5);
    assert.equal(await text(page, 'backend-name'), 'Running on WebGPU');
    await page.evaluate(() => /** @type {any} */ (window).device.destroy());
    await endsOnTheCpu(page);
    // On a busy machine the failed read may be all that is known in time.
    assert.match(
      await text(page, 'backend-reason'),
      /^The GPU was lost \(Destroyed: .*\)$|^The device could not be read: /,
    );
  });
});

test('a GPU that throws in the middle of a run', async () => {
  await withFault({}, async (page) => {
    await past(page, 5);
    await page.evaluate(() => {
      GPUQueue.prototype.submit = () => {
        throw new Error('the queue is closed');
      };
    });
    await endsOnTheCpu(page);
    assert.equal(await text(page, 'backend-reason'), 'the queue is closed');
  });
});

test('a panic in the middle of a run', async () => {
  await withFault({}, async (page) => {
    await past(page, 5);
    await page.evaluate(() => {
      // wgpu unwraps what this returns.
      GPUDevice.prototype.createBindGroup = /** @type {any} */ (() => undefined);
      GPUDevice.prototype.createCommandEncoder = /** @type {any} */ (() => undefined);
    });
    await endsOnTheCpu(page);
  });
});

test('a network that cannot be loaded is said, and can be tried again', async () => {
  let broken = true;
  /** @type {Parameters<typeof serve>[0]} */
  const intercept = (path, response) => {
    if (!broken || path !== '/weights/lenet5.safetensors') {
      return false;
    }
    response.writeHead(503).end();
    return true;
  };
  await withFault({ intercept }, async (page) => {
    await reached(page, LAB, 'done');
    await press(page, LAB, 'input[name="network"][value="lenet5"]');
    await page.waitForSelector(`${LAB} >>> .status.failed`);
    assert.match(
      await shadow(page, LAB, '.message', (message) => message.textContent),
      /^The file of the network lenet5 could not be loaded from .*: the server says 503\.$/,
    );
    assert.equal(await figure(page, LAB, (lab) => lab.iteration), 50); // What was there, stays.
    broken = false;
    await press(page, LAB, '.status button');
    await page.waitForFunction(
      () => /** @type {any} */ (document.getElementById('lab')).experiment.columns[0].name === 'LeNet-5',
      { timeout: PATIENCE },
    );
    assert.equal(await shadow(page, LAB, '.message', (message) => message.textContent), '');
  });
});
