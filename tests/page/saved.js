// @ts-check
// What was saved, opened by others: the browser's own decoders, and NumPy.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

const PYTHON = process.env.PYTHON ?? 'python3';

/**
 * The images of the figure's networks, at the start and at an iteration.
 *
 * @param {import('puppeteer-core').Page} page
 * @param {number} [iteration]
 */
export function imagesOf(page, iteration) {
  return page.evaluate((iteration) => {
    const { experiment } = /** @type {any} */ (document.querySelector('activation-maximization'));
    return experiment.networkResults.map((/** @type {any} */ { history }) => ({
      start: [...history.at(0).images],
      image: [...history.at(iteration).images],
    }));
  }, iteration);
}

/**
 * Reads an .npy file, and insists on all that the format's description says of it.
 *
 * @param {Buffer} bytes
 */
export function readNpy(bytes) {
  assert.equal(bytes.toString('latin1', 0, 8), '\x93NUMPY\x01\x00');
  const length = bytes.readUInt16LE(8);
  assert.equal((10 + length) % 64, 0);
  const header = bytes.toString('latin1', 10, 10 + length);
  const shape = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), 28, 28\), \} *\n$/.exec(header);
  assert.ok(shape, header);
  const data = bytes.subarray(10 + length);
  assert.equal(data.length, 4 * 784 * Number(shape[1]));
  return Array.from({ length: data.length / 4 }, (_, index) => data.readFloatLE(4 * index));
}

/** What NumPy makes of an .npy file. @param {Buffer} bytes */
export function numpy(bytes) {
  const program =
    'import io, json, sys, numpy\n' +
    'a = numpy.load(io.BytesIO(sys.stdin.buffer.read()))\n' +
    'print(json.dumps([a.dtype.str, list(a.shape), a.ravel().tolist()]))';
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', program], { input: bytes });
  assert.equal(status, 0, String(stderr));
  return JSON.parse(String(stdout));
}

/** Why NumPy cannot be asked, if it cannot. */
export const noNumpy =
  spawnSync(PYTHON, ['-c', 'import numpy']).status === 0 ? false : `${PYTHON} has no NumPy here`;

/**
 * Decodes a picture, or an animation's last frame, and looks for every pixel of the canvases on the
 * page in it. Five images a row, 1 pixel apart; networks 3 apart.
 *
 * @param {import('puppeteer-core').Page} page
 * @param {{ address: string, type: string, factor: number }} what
 */
export function lookInto(page, what) {
  return page.evaluate(async ({ address, type, factor }) => {
    const data = await (await fetch(address)).arrayBuffer();
    const decoder = new ImageDecoder({ data, type });
    await Promise.all([decoder.completed, decoder.tracks.ready]);
    const { frameCount, repetitionCount } = /** @type {ImageTrack} */ (decoder.tracks.selectedTrack);
    const durations = [];
    for (let frameIndex = 0; frameIndex < frameCount; frameIndex += 1) {
      const { image } = await decoder.decode({ frameIndex });
      durations.push((image.duration ?? 0) / 1000);
      image.close();
    }
    const { image: last } = await decoder.decode({ frameIndex: frameCount - 1 });
    const { displayWidth: width, displayHeight: height } = last;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context?.drawImage(last, 0, 0);
    const picture = new Uint32Array(context?.getImageData(0, 0, width, height).data.buffer ?? []);

    const figure = document.querySelector('activation-maximization');
    const expected = new Uint32Array(width * height); // Transparent where there is no image.
    let right = 0;
    let bottom = 0;
    let left = 0;
    for (const column of figure?.shadowRoot?.querySelectorAll('.column') ?? []) {
      const canvases = /** @type {HTMLCanvasElement[]} */ ([...column.querySelectorAll('.images canvas')]);
      for (const [index, canvas] of canvases.entries()) {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, 28, 28).data.buffer;
        const x = left + (index % 5) * 29;
        const y = Math.floor(index / 5) * 29;
        for (const [at, color] of new Uint32Array(pixels ?? []).entries()) {
          for (let dy = 0; dy < factor; dy += 1) {
            const start = (y + Math.floor(at / 28)) * factor * width + dy * width + (x + (at % 28)) * factor;
            expected.fill(color, start, start + factor);
          }
        }
        right = Math.max(right, x + 28);
        bottom = Math.max(bottom, y + 28);
      }
      left = right + 3;
    }
    return {
      size: [width, height],
      expectedSize: [right * factor, bottom * factor],
      wrong: picture.reduce((sum, color, at) => sum + (color === expected[at] ? 0 : 1), 0),
      colors: new Set(picture).size,
      clear: picture.reduce((sum, color) => sum + (color === 0 ? 1 : 0), 0),
      frameCount,
      repetitionCount: String(repetitionCount),
      durations,
    };
  }, what);
}
