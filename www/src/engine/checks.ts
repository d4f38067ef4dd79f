// Checks the arguments of the API where they come in: a RangeError says what is wrong, before any module is called.
// The ranges of settings, and the sizes that depend on the network, are checked by the modules themselves.

import { type NetworkName, isNetwork, networkNames } from './networks.ts';
import { MOST_IN_LAYER } from './objectives.ts';
import type { Begin, Place, Position } from './task.ts';

/** How numbers become colors: see `src/colormap.rs`. */
export type ColorMap = 'viridis' | 'diverging';

const SIDE = 28;
export const PIXELS = SIDE * SIDE;
/** Letters of the name of a layer: there are at most sixteen layers. */
const LONGEST_LAYER = 10;
/** The most images of a run, or of one question to a network. Rust has the same limit. */
const MOST_IMAGES = 100;
/** The most iterations of a run. Rust has the same limit. */
export const MOST_ITERATIONS = 1e9;

/** What a run begins with. */
const BEGIN = ['network', 'digits', 'seed', 'noiseStd', 'image', 'objective', 'parameterization', 'path'];
const PARAMETERIZATIONS = ['pixels', 'sigmoid', 'fourier', 'pca'];
const PATHS = ['fused', 'reference'];
const OPTIMIZERS = ['adam', 'momentum', 'sgd'];
const COLOR_MAPS: ColorMap[] = ['viridis', 'diverging'];
/** The settings of a step that are objects of settings. */
const GROUPS = ['regularizers', 'transforms'];

/** A value as an error quotes it. */
export function quoted(value: unknown) {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    case 'bigint':
      return `${value}n`; // Otherwise it would look like a number.
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : isList(value) ? 'a list' : kindOf(value);
    default:
      return String(value);
  }
}

/** Its class: “an object”, “a Map”, “an ArrayBuffer”. */
function kindOf(value: object) {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  // A Number object must not read as if it were the number that is needed.
  const isOther = /^\w{1,30}$/.test(kind) && !['Object', 'Number', 'String', 'Boolean', 'BigInt'].includes(kind);
  return !isOther ? 'an object' : `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

export function checkNetwork(name: unknown): asserts name is NetworkName {
  if (typeof name !== 'string' || !isNetwork(name)) {
    throw new RangeError(`There is no network ${quoted(name)}. There are: ${networkNames().join(', ')}.`);
  }
}

/** Checks that it can be the name of a layer. Whether there is one of this name is for the module. */
export function checkLayer(layer: unknown): asserts layer is string {
  if (typeof layer !== 'string' || layer.length > LONGEST_LAYER) {
    throw new RangeError(`The layer is ${quoted(layer)}. It must be the name of one, like "conv1" or "fc1".`);
  }
}

/** Checks images for a network. */
export function readImages(images: unknown): Float32Array {
  const pixels = readPixels(images);
  checkFinite(pixels, (at) => `Pixel ${at}`);
  return pixels;
}

/** Checks that these are whole images. Their values may be anything. */
export function readPixels(images: unknown): Float32Array {
  const pixels = readNumbers(images, 'images', `784 pixels (28 × 28) for each of 1 to ${MOST_IMAGES} images`);
  const { length } = pixels;
  if (length === 0 || length % PIXELS !== 0 || length > MOST_IMAGES * PIXELS) {
    throw new RangeError(
      `There are ${length} pixels. There must be 784 (28 × 28) for each of 1 to ${MOST_IMAGES} images.`,
    );
  }
  return pixels;
}

/** Checks the ends of a color scale, and its color map. */
export function checkScale(low: unknown, high: unknown, colors: unknown) {
  checkChoice('color map', colors, COLOR_MAPS);
  if (!isSingle(low) || !isSingle(high)) {
    throw new RangeError(
      `The colors are to go from ${quoted(low)} to ${quoted(high)}. Both must be finite numbers.`,
    );
  }
}

export function checkWhole(name: string, value: unknown, most: number): asserts value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    throw new RangeError(`The ${name} is ${quoted(value)}. It must be a whole number from 0 to ${most}.`);
  }
}

export function checkChoice(name: string, value: unknown, choices: string[]) {
  if (value !== undefined && !choices.includes(value as string)) {
    throw new RangeError(`The ${name} is ${quoted(value)}. It must be one of: ${choices.join(', ')}.`);
  }
}

/**
 * Checks what a run begins with, and copies it: it is read again whenever the run moves to another backend, and the
 * caller may have changed the original by then.
 */
export function readBegin(begin: unknown): Begin {
  const example = "{ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 }";
  const given = readObject(begin, 'What a run begins with', example);
  const unknown = Object.keys(given).find((name) => !BEGIN.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`A run does not begin with ${quoted(unknown)}. It begins with: ${BEGIN.join(', ')}.`);
  }
  const { network, seed, noiseStd, image, objective, parameterization, path } = given;
  checkNetwork(network);
  checkWhole('seed', seed, 2 ** 32 - 1);
  if (typeof noiseStd !== 'number' || !(noiseStd >= 0 && noiseStd <= 1)) {
    throw new RangeError(
      `The noise has a standard deviation of ${quoted(noiseStd)}. It must lie between 0 and 1; the lab uses 0.01.`,
    );
  }
  checkChoice('parameterization', parameterization, PARAMETERIZATIONS);
  checkChoice('path', path, PATHS);
  const isHidden = typeof objective === 'object' && objective !== null && ('neuron' in objective || 'channel' in objective);
  const digits = readDigits(given.digits, isHidden ? MOST_IN_LAYER - 1 : 9);
  return Object.freeze({
    network,
    digits,
    seed,
    noiseStd,
    image: image === undefined || image === null ? undefined : readStart(image, digits.length),
    objective: readObjective(objective),
    parameterization: parameterization as Begin['parameterization'],
    path: path as Begin['path'],
  });
}

function readDigits(digits: unknown, most: number): number[] {
  if (!isList(digits)) {
    throw new RangeError(`The digits are ${quoted(digits)}. They must be a list, like [3] or [3, 8].`);
  }
  if (digits.length === 0 || digits.length > MOST_IMAGES) {
    throw new RangeError(`The run has ${digits.length} digits. It must have 1 to ${MOST_IMAGES}.`);
  }
  const copy = Array.from(digits);
  for (const digit of copy) {
    checkWhole('digit', digit, most);
  }
  return copy as number[];
}

function readStart(image: unknown, rows: number): Float32Array {
  const pixels = readNumbers(image, 'start image', '784 pixels (28 × 28), or 784 for each digit');
  if (pixels.length !== PIXELS && pixels.length !== rows * PIXELS) {
    throw new RangeError(
      `The start image has ${pixels.length} pixels for ${rows} digit(s). It must have 784 (28 × 28), or 784 for each digit.`,
    );
  }
  checkFinite(pixels, (at) => `Pixel ${at} of the image`);
  return pixels.slice();
}

function readObjective(objective: unknown): Begin['objective'] {
  if (objective === undefined || ['target-probability', 'log-probability', 'logit'].includes(objective as string)) {
    return objective as Begin['objective'];
  }
  const only: Record<string, unknown> = isPlain(objective) && Object.keys(objective).length === 1 ? objective : {};
  const { 'logit-difference': difference, neuron, channel } = only;
  if (isOnly(difference, 'other')) {
    checkWhole('other digit of the logit difference', difference.other, 9);
    return { 'logit-difference': { other: difference.other } };
  }
  if (isOnly(neuron, 'layer') && typeof neuron.layer === 'string') {
    return { neuron: { layer: neuron.layer } };
  }
  if (isOnly(channel, 'layer', 'position') && typeof channel.layer === 'string') {
    return { channel: { layer: channel.layer, position: readPosition(channel.position) } };
  }
  throw new RangeError(
    `The objective is ${quoted(objective)}. It must be "target-probability", "log-probability", "logit", ` +
      `{ "logit-difference": { other: 8 } }, { neuron: { layer: "fc1" } } or { channel: { layer: "conv2" } }.`,
  );
}

function readPosition(position: unknown): Position | undefined {
  if (position === undefined || position === 'center') {
    return position;
  }
  const pair = isList(position) && position.length === 2 ? position : [];
  const [row, column] = [pair[0], pair[1]];
  if (!isMapIndex(row) || !isMapIndex(column)) {
    const said = pair.length === 2 ? `[${quoted(row)}, ${quoted(column)}]` : quoted(position);
    throw new RangeError(
      `The position is ${said}. It must be "center", or a row and a column like [0, 7], whole numbers from 0 to 27.`,
    );
  }
  return [row, column];
}

/** Whether it can be the row or the column of a map: none is larger than an image. */
function isMapIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < SIDE;
}

/**
 * The settings of a step, as the modules read them.
 *
 * @returns JSON.
 */
export function writeSettings(settings: unknown): string {
  const given = readObject(settings, 'The argument "settings"', '{ target: 0.9, learningRate: 0.005 }');
  const entries = Object.entries(given).map(([name, value]) => {
    if (name === 'optimizer') {
      checkChoice(name, value, OPTIMIZERS);
      return [name, value];
    }
    if (!GROUPS.includes(name)) {
      return [name, readSetting(name, value)];
    }
    if (value !== undefined && !isPlain(value)) {
      throw new RangeError(`The setting ${quoted(name)} is ${quoted(value)}. It must be an object of numbers.`);
    }
    const group = Object.entries(value ?? {}).map(([name, value]) => [name, readSetting(name, value)]);
    return [name, Object.fromEntries(group)];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** @returns Nothing, where it is left out. */
function readSetting(name: string, value: unknown): number | undefined {
  if (value !== undefined && !Number.isFinite(value)) {
    throw new RangeError(`The setting ${quoted(name)} is ${quoted(value)}. It must be a finite number.`);
  }
  return value as number | undefined;
}

/** Checks the snapshot that a run is to go on from. */
export function readPlace(place: unknown, rows: number): Place {
  const { iteration, state } = readObject(place, 'A snapshot to go on from', '{ iteration, state }');
  checkWhole('iteration to go on from', iteration, MOST_ITERATIONS);
  const numbers = readNumbers(state, 'state to go on from', 'the numbers of a snapshot');
  if (numbers.length > 3 * rows * PIXELS) {
    throw new RangeError(
      `The state to go on from has ${numbers.length} numbers. For ${rows} image(s) it has at most ${3 * rows * PIXELS}.`,
    );
  }
  checkFinite(numbers, (at) => `Number ${at} of the state to go on from`);
  return { iteration, state: numbers };
}

/** Whether it is an object with these properties at most. */
function isOnly(value: unknown, ...names: string[]): value is Record<string, unknown> {
  return isPlain(value) && Object.keys(value).every((it) => names.includes(it));
}

/** Checks the steps of a replay. */
export function checkSteps(steps: unknown) {
  if (!Array.isArray(steps) || !steps.every(isPlain)) {
    throw new RangeError(
      `The steps to make again are ${quoted(steps)}. They must be a list like [{ count, settings }].`,
    );
  }
}

/**
 * @param name What the numbers are, for the error.
 * @returns The list itself, if it is a Float32Array; otherwise a copy.
 */
function readNumbers(list: unknown, name: string, expected: string): Float32Array {
  if (list instanceof Float32Array) {
    return list;
  }
  if (!isList(list) || !Array.prototype.every.call(list, (it) => typeof it === 'number')) {
    const verb = name.endsWith('s') ? 'are' : 'is';
    throw new RangeError(`The ${name} ${verb} ${quoted(list)}. A Float32Array is needed: ${expected}.`);
  }
  return Float32Array.from(list as ArrayLike<number>);
}

function checkFinite(numbers: Float32Array, name: (at: number) => string) {
  const bad = numbers.findIndex((it) => !Number.isFinite(it));
  if (bad >= 0) {
    const every = name(bad).startsWith('Pixel') ? 'pixel' : 'number';
    throw new RangeError(`${name(bad)} is ${numbers[bad]}. Every ${every} must be a finite number.`);
  }
}

/** Whether it is a finite number, in single precision too. */
function isSingle(value: unknown) {
  return typeof value === 'number' && Number.isFinite(Math.fround(value));
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Whether it is a plain object. A Map is not: it would read as an object without properties. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

export function readObject(value: unknown, name: string, example: string): Record<string, unknown> {
  if (!isPlain(value)) {
    throw new RangeError(`${name} is ${quoted(value)}. It must be an object like ${example}.`);
  }
  return value;
}
