// @ts-check
// What goes wrong, made to go wrong in the real browser: the run must go on.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from './browser.js';
import { TROUBLES, notice, shortTimeouts, text, withFault as withFaultIn } from './fault.js';
import { LAB, TIMEOUT, appears, figure, press, reached, readings, shadow } from './figure.js';
import { few, rare } from './nightly.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {import('puppeteer-core').Browser} */
let browser;
before(async () => {
  browser = await launch('chromium');
});
after(() => browser.close());

/**
 * Opens the page, with WebGPU asked for if no other address is given.
 *
 * @param {Parameters<typeof withFaultIn>[1]} fault
 * @param {Parameters<typeof withFaultIn>[2]} check
 */
const withFault = (fault, check) => withFaultIn(browser, fault, check);

/**
 * A server that answers so for every path that begins so.
 *
 * @param {string} start
 * @param {number} status
 * @param {string} [html]
 * @returns {import('./fault.js').Intercept}
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

/**
 * The run reaches its end on the CPU.
 *
 * @param {Page} page
 */
async function endsOnTheCpu(page) {
  await reached(page, LAB, 'done');
  assert.match(await text(page, 'backend-name'), /^CPU: /);
  assert.equal(await figure(page, LAB, (lab) => lab.iteration), 50);
  assert.ok((await readings(page, LAB)).probability >= 90);
}

/** Also on a page that is not there yet. @param {Page} page @param {number} iteration */
function past(page, iteration) {
  return page.waitForFunction(
    (iteration) => /** @type {any} */ (document.getElementById('lab'))?.iteration > iteration,
    { timeout: TIMEOUT },
    iteration,
  );
}

// Every day, faults-network.test.js has what is said of each file.
test('a WebGPU module that is not there', { skip: rare }, async () => {
  const intercept = answer('/pkg/webgpu/actmax_bg.wasm', 404);
  await withFault({ intercept }, async (page) => {
    await endsOnTheCpu(page);
    const reason = await text(page, 'backend-reason');
    assert.match(reason, /^The WebGPU module could not be loaded from .*: the server says 404\.$/);
    assert.match(await text(page, 'notice-text'), /^WebGPU was asked for, but cannot be had\. /);
  });
});

test('a WebGPU module that is a web page', { skip: rare }, async () => {
  const intercept = answer('/pkg/webgpu/actmax_bg.wasm', 200, '<!doctype html>');
  await withFault({ intercept }, async (page) => {
    await endsOnTheCpu(page);
    assert.match(
      await text(page, 'backend-reason'),
      /^The WebGPU module could not be loaded from .*: the server sent a web page in its place\.$/,
    );
  });
});

test('a WebGPU module that stops half way can be tried again', async () => {
  let broken = true;
  /** @type {import('./fault.js').Intercept} */
  const intercept = (path, response) => {
    if (!broken || path !== '/pkg/webgpu/actmax_bg.wasm') {
      return false;
    }
    TROUBLES['stops half way'].answer(response, Buffer.alloc(1000));
    return true;
  };
  await withFault({ intercept, before: shortTimeouts }, async (page) => {
    await endsOnTheCpu(page);
    assert.match(
      await text(page, 'backend-reason'),
      /^The WebGPU module could not be loaded from .*: after 1 kB, nothing more came for 20 seconds\.$/,
    );
    broken = false;
    await page.click('#notice-close'); // It lies over what is pressed next.
    await page.click('#backend summary');
    await page.click('#backend-retry');
    await page.waitForFunction(
      () => document.getElementById('backend-name')?.textContent === 'Running on WebGPU',
      { timeout: TIMEOUT },
    );
    assert.ok(await page.$eval('#backend-retry', (it) => /** @type {HTMLElement} */ (it).hidden));
  });
});

test('a module that is not there at all, and then is', async () => {
  let broken = true;
  const missing = answer('/pkg/', 404);
  /** @type {import('./fault.js').Intercept} */
  const intercept = (path, response) => broken && missing(path, response);
  await withFault({ intercept, address: '?backend=cpu#digit=3' }, async (page) => {
    assert.match(
      await notice(page),
      /^The JavaScript of the CPU module could not be loaded from .*: the server says 404\.$/,
    );
    await page.waitForFunction(
      () => document.getElementById('backend-name')?.textContent === 'No backend could be started',
    );
    await appears(page, LAB, '.status.failed');
    broken = false;
    await page.click('#notice-retry');
    await endsOnTheCpu(page); // The figure begins by itself.
    assert.equal((await page.$$('#models .model-card')).length, 4);
    assert.equal((await page.$$('#means-images canvas')).length, 10);
    assert.ok(await page.$eval('#notice', (it) => /** @type {HTMLElement} */ (it).hidden));
  });
});

/** What a browser may have in place of a GPU that will do, and what is said of it. */
const ADAPTERS = [
  {
    name: 'no adapter',
    before: () => {
      GPU.prototype.requestAdapter = async () => null;
    },
    says: /^WebGPU is there, but it offers no GPU: the driver may be missing or blocked\.$/,
  },
  {
    name: 'an adapter with a low limit',
    before: () => {
      Object.defineProperty(GPUSupportedLimits.prototype, 'maxComputeInvocationsPerWorkgroup', {
        get: () => 128,
      });
    },
    says: /^The GPU's WebGPU limit "maxComputeInvocationsPerWorkgroup" is 128, and 256 is needed here\.$/,
  },
  {
    name: 'an adapter that Burn would panic over',
    before: () => {
      const { has } = GPUSupportedFeatures.prototype;
      GPUSupportedFeatures.prototype.has = function (name) {
        return name !== 'timestamp-query' && has.call(this, name);
      };
    },
    says: /^The GPU lacks the WebGPU feature "timestamp-query", which Burn needs\.$/,
  },
];

for (const { name, before, says } of few(ADAPTERS, 1)) {
  test(name, async () => {
    await withFault({ before }, async (page) => {
      await endsOnTheCpu(page);
      assert.match(await text(page, 'backend-reason'), says);
      assert.match(await notice(page), /^WebGPU was asked for, but cannot be had\. /);
    });
  });
}

// Every day, page.test.js runs in one.
test('a browser without WebGPU', { skip: rare }, async (context) => {
  const without = await launch('chromium-without-webgpu');
  context.after(() => without.close());
  await withFaultIn(without, { address: '#digit=3' }, async (page) => {
    await endsOnTheCpu(page);
    // With its API switched off, or only its GPU.
    assert.match(await text(page, 'backend-reason'), /^This browser has no WebGPU\.$|it offers no GPU/);
  });
});

// Every day, hardware.test.js has one that is never given.
test('a device that is refused', { skip: rare }, async () => {
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

test('a network that cannot be loaded is said, and can be tried again', async () => {
  let broken = true;
  /** @type {import('./fault.js').Intercept} */
  const intercept = (path, response) => {
    if (!broken || path !== '/weights/lenet5.safetensors') {
      return false;
    }
    setTimeout(() => response.writeHead(503).end(), 500); // After the first look at what is said of it.
    return true;
  };
  await withFault({ intercept }, async (page) => {
    await reached(page, LAB, 'done');
    await press(page, LAB, 'input[name="network"][value="lenet5"]');
    await appears(page, LAB, '.status.failed');
    assert.match(
      await shadow(page, LAB, '.message', (message) => message.textContent),
      /^The file of the network lenet5 could not be loaded from .*: the server says 503\.$/,
    );
    assert.equal(await figure(page, LAB, (lab) => lab.iteration), 50); // What was there, stays.
    broken = false;
    for (let loaded = false; !loaded; ) {
      await figure(page, LAB, (lab) => {
        lab.refused = false;
        lab.addEventListener('error', () => (lab.refused = true), { once: true });
      });
      await press(page, LAB, '.status button');
      const outcome = await page.waitForFunction(
        () => {
          const lab = /** @type {any} */ (document.getElementById('lab'));
          const loaded = lab.experiment.networkResults[0].name === 'LeNet-5';
          return (loaded || lab.refused) && { loaded };
        },
        { timeout: TIMEOUT },
      );
      // Another figure may have asked for the file while it could not be had: who waits with it is told so again.
      ({ loaded } = await outcome.evaluate((it) => /** @type {{ loaded: boolean }} */ (it)));
    }
    assert.equal(await shadow(page, LAB, '.message', (message) => message.textContent), '');
  });
});

// Every day, watch.test.js has some of the others.
for (const trouble of few(['is not there', 'is cut off', 'is never sent', 'meets a dead connection'], (it) => it === 'is never sent')) {
  test(`a module of the page that ${trouble}`, async () => {
    let broken = true;
    /** @type {import('./fault.js').Intercept} */
    const intercept = (path, response) => {
      if (!broken || path !== '/assets/figure.js') {
        return false;
      }
      TROUBLES[trouble].answer(response, Buffer.alloc(2000, ' '));
      return true;
    };
    const before = () => {
      const real = window.setTimeout;
      Object.assign(window, {
        setTimeout: (/** @type {() => void} */ act, /** @type {number} */ delay) =>
          real(act, delay === 30_000 ? 3000 : delay),
      });
    };
    await withFault({ intercept, before, address: '?backend=cpu#digit=3' }, async (page) => {
      await page.waitForSelector('#unloaded', { timeout: TIMEOUT });
      assert.match(
        await text(page, 'unloaded'),
        /^A part of this page (could not be loaded \(assets\/figure-[\w-]{8}\.js\)(\. Is there a connection\?|: the server says 404\.)|has not arrived within 30 seconds\. Is there a connection\?)/,
      );
      broken = false;
      await Promise.all([page.waitForNavigation(), page.click('#unloaded button')]);
      await endsOnTheCpu(page);
      assert.equal(await page.$('#unloaded'), null);
    });
  });
}
