// @ts-check
// What the tests of the lesson's sentences share: runs as the page makes them, on the CPU and without a page, and
// how an image is compared with the means of the classes.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Engine } from '../../www/engine.js';
import { correlation } from '../../www/src/player/correlation.ts';
import { TypicalDigits, averageOf } from '../../www/src/player/typical-digits.ts';
import { DEFAULTS, iterationsOf, stepSettingsOf, taskOf } from '../../www/src/settings/config.ts';

export { correlation };

/** @typedef {import('../../www/src/settings/config.ts').Config} Config */
/** @typedef {import('../../www/src/engine/networks.ts').NetworkName} NetworkName */

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Log-probabilities of the ten digits, and the loss. */
const STRIDE = 11;

/** LeNets that were trained as usual: what is said of one of them is tested for each. */
export const ORDINARY = ['lenet5'];
/** Trained as the robust one, but without the attack. */
export const CONTROL = 'control';
export const ROBUST = 'robust';
export const NETWORKS = ['mlp', ...ORDINARY, CONTROL, ROBUST];

export const engine = await Engine.start({ backend: 'cpu' });
const means = await engine.means();

/** @param {Float32Array} images @param {number} row @returns The pixels of one image. */
export const image = (images, row) => images.subarray(row * PIXELS, (row + 1) * PIXELS);
/** What the page compares images with. */
export const typical = new TypicalDigits(await engine.prototypes());
/** The mean training image of each class. */
export const MEANS = DIGITS.map((digit) => image(means, digit));

/** @param {ArrayLike<number>} values */
export const total = (values) => Array.from(values).reduce((a, b) => a + b, 0);
/** @param {ArrayLike<number>} values As a vector. */
export const length = (values) => Math.hypot(...Array.from(values));
/** @param {ArrayLike<number>} values */
export const mean = (values) => total(values) / values.length;
/** @param {number[]} values @returns Which is the largest. */
export const largest = (values) => values.indexOf(Math.max(...values));
/** @param {number} value For a diagnostic. */
export const short = (value) => Number(value.toPrecision(3));
/** @param {number} count @returns The seeds 1, 2, … */
export const seeds = (count) => Array.from({ length: count }, (_, at) => at + 1);
/** @param {ArrayLike<number>} values The largest, whatever its sign. */
export const extent = (values) => Array.from(values).reduce((most, it) => Math.max(most, Math.abs(it)), 0);
/** @param {Float32Array} a @param {Float32Array} b */
export const difference = (a, b) => a.map((it, at) => it - b[at]);

/** Whether a pixel is in the outer rings of the image. @param {number} at @param {number} rings */
export function inBorder(at, rings) {
  const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
  return Math.min(x, y, SIDE - 1 - x, SIDE - 1 - y) < rings;
}

/** The share of an image's energy that is in its outer rings. @param {ArrayLike<number>} values @param {number} rings */
export function shareOfBorder(values, rings) {
  const energy = Array.from(values, (it) => it * it);
  return total(energy.filter((_, at) => inBorder(at, rings))) / total(energy);
}

/**
 * How much more an image is like the mean of its own class than like the mean of any other.
 *
 * @param {Float32Array} pixels
 * @param {number} digit
 * @param {Float32Array[]} [classes] By default the mean training images.
 */
export function margin(pixels, digit, classes = MEANS) {
  const r = classes.map((it) => correlation(pixels, it));
  return r[digit] - Math.max(...r.filter((_, other) => other !== digit));
}

/**
 * A run, as a figure makes it.
 *
 * @param {Partial<Config>} settings The others are the lab's.
 * @param {Float32Array} [start] In place of noise.
 */
export async function made(settings, start) {
  const network = settings.network ?? DEFAULTS.network;
  const config = { ...DEFAULTS, digits: DIGITS, steps: iterationsOf(network), ...settings };
  const { digits, steps } = config;
  const run = await engine.begin({ network: /** @type {NetworkName} */ (network), digits, image: start, ...taskOf(config) });
  const first = await run.advance(0, stepSettingsOf(config));
  const last = steps > 0 ? await run.advance(steps, stepSettingsOf(config)) : first;
  run.free();
  const at = (/** @type {number} */ iteration, /** @type {number} */ row, /** @type {number} */ part) =>
    iteration === steps ? last.now[row * STRIDE + part] : last.trace[(iteration * digits.length + row) * STRIDE + part];
  const course = (/** @type {(iteration: number, row: number) => number} */ of) =>
    digits.map((_, row) => Array.from({ length: steps + 1 }, (_, iteration) => of(iteration, row)));
  return {
    digits,
    /** All images, for `probabilities`. */
    all: last.images,
    /** The images at the start and the end. */
    starts: digits.map((_, row) => image(first.images, row)),
    images: digits.map((_, row) => image(last.images, row)),
    /** The running mean of the gradient, at the end. */
    moments: digits.map((_, row) => image(last.state, digits.length + row)),
    /** The ten probabilities at the end, for each image. */
    said: digits.map((_, row) => DIGITS.map((digit) => Math.exp(at(steps, row, digit)))),
    /** The probability of each image's digit, and the loss, at every iteration from the start on. */
    p: course((iteration, row) => Math.exp(at(iteration, row, digits[row]))),
    losses: course((iteration, row) => at(iteration, row, 10)),
  };
}

/** @typedef {Awaited<ReturnType<typeof made>>} Made */

/** @type {Map<string, Made[]>} */
const known = new Map();

/**
 * One run for each of the seeds 1, 2, …; those that were made before are not made again.
 *
 * @param {number} count
 * @param {Partial<Config>} settings
 */
export async function runs(count, settings) {
  const key = JSON.stringify(settings);
  const all = known.get(key) ?? [];
  known.set(key, all);
  for (const seed of seeds(count).slice(all.length)) {
    all.push(await made({ seed, ...settings }));
  }
  return all.slice(0, count);
}

/** What can be said of each image of several runs. @template T @param {Made[]} all @param {(run: Made, row: number) => T} of */
export const each = (all, of) => all.flatMap((run) => run.digits.map((_, row) => of(run, row)));

/** How far each pixel of each image moved. @param {Made} run */
export const moves = ({ images, starts }) => images.map((it, row) => difference(it, starts[row]));

/**
 * How much the ten images of runs are like the means of their digits, and by which margin, on average; and how much like
 * typical images, as the page has it.
 *
 * @param {Made[]} all
 */
export const likeness = (all) => ({
  typical: averageOf(each(all, ({ images }, digit) => typical.compare(images[digit], digit))),
  r: mean(each(all, ({ images }, digit) => correlation(images[digit], MEANS[digit]))),
  margin: mean(each(all, ({ images }, digit) => margin(images[digit], digit))),
});

/** The first iteration at which a probability is reached; -1 if never. @param {number[]} p @param {number} least */
export const reached = (p, least) => p.findIndex((it) => it >= least);

/**
 * The probability that a network gives to each image's digit, and how often it is above a half.
 *
 * @param {string} judge
 * @param {Float32Array} images Of the ten digits.
 */
export async function judged(judge, images) {
  const said = await engine.probabilities(/** @type {NetworkName} */ (judge), images);
  const p = said.map((it, digit) => it[digit]);
  return { p: mean(p), convinced: p.filter((it) => it > 0.5).length, first: said.filter((it, digit) => largest(it) === digit).length };
}

/** A tensor of a network's file. @param {string} network @param {string} name */
export function tensor(network, name) {
  const file = readFileSync(fileURLToPath(new URL(`../../www/weights/${network}.safetensors`, import.meta.url)));
  const header = Number(file.readBigUInt64LE(0));
  /** @type {Record<string, { shape: number[], data_offsets: number[] }>} */
  const tensors = JSON.parse(file.toString('utf8', 8, 8 + header));
  const { shape, data_offsets: [from, to] } = tensors[name];
  return { shape, values: Float32Array.from({ length: (to - from) / 4 }, (_, at) => file.readFloatLE(8 + header + from + 4 * at)) };
}
