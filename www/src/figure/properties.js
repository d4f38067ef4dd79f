// @ts-check
// The properties of the element: one for each of its attributes, which it reflects. `noise-std` is `noiseStd`.
//
// What is set becomes the attribute's text, and what is read is what the attributes say. `undefined`,
// `null` and '' take an attribute away: that is how frameworks say that something is not set.

import { isPlain, quoted } from '../engine/checks.js';
import { KEYS, fieldOf, writtenSettings } from '../settings/config.js';

/** @typedef {import('./activation-maximization.js').ActivationMaximization} Figure */
/** @typedef {import('../settings/config.js').Key} Key */

/** Boolean attributes, such as `controls` of a video. */
const SWITCHES = /** @type {const} */ (['controls', 'autoplay']);
/** Lists of parts. */
const LISTS = /** @type {const} */ (['show', 'hide']);

/** Every attribute that has a property. */
export const ATTRIBUTES = [...KEYS, ...SWITCHES, ...LISTS, 'loading'];

/** The property of an attribute. @param {string} attribute */
export const propertyOf = (attribute) => attribute.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

/**
 * The attributes, to be read as config.js reads an address.
 *
 * @param {HTMLElement} element
 * @returns {import('../settings/config.js').Source}
 */
export function sourceOf(element) {
  return { get: (name) => element.getAttribute(name) };
}

/**
 * Sets an attribute to a value, or removes it.
 *
 * @param {HTMLElement} element
 * @param {string} name
 * @param {unknown} value
 */
export function putAttribute(element, name, value) {
  const absent = value === undefined || value === null || value === '' || value === false;
  if (absent) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

/**
 * Settings as texts, by their names in an address.
 *
 * @param {unknown} settings Some of them; undefined or null, for none.
 * @returns {Map<string, string>}
 */
export function textsOf(settings) {
  if (settings === undefined || settings === null) {
    return new Map();
  }
  if (!isPlain(settings)) {
    throw new RangeError(`The settings are ${quoted(settings)}. They must be an object like { digits: [3], steps: 80 }.`);
  }
  const known = KEYS.map((key) => String(fieldOf(key)));
  const unknown = Object.keys(settings).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`There is no setting ${quoted(unknown)}. There are: ${known.join(', ')}.`);
  }
  return new Map(writtenSettings(settings));
}

/**
 * Defines the properties.
 *
 * @param {Figure} prototype
 */
export function defineProperties(prototype) {
  for (const key of KEYS) {
    define(prototype, key, (element) => element.settings[fieldOf(key)]);
  }
  for (const name of SWITCHES) {
    define(prototype, name, (element) => element.hasAttribute(name), Boolean);
  }
  for (const name of LISTS) {
    define(prototype, name, (element) => element.getAttribute(name) ?? '');
  }
  define(prototype, 'loading', (element) => (element.getAttribute('loading') === 'eager' ? 'eager' : 'lazy'));
}

/**
 * @param {Figure} prototype
 * @param {string} name Of the attribute.
 * @param {(element: Figure) => unknown} read
 * @param {(value: unknown) => unknown} [convert] Converts a value that is set, before it becomes text.
 */
function define(prototype, name, read, convert = (value) => value) {
  Object.defineProperty(prototype, propertyOf(name), {
    configurable: true,
    enumerable: true,
    /** @this {Figure} */
    get() {
      return read(this);
    },
    /** @this {Figure} @param {unknown} value */
    set(value) {
      putAttribute(this, name, convert(value));
    },
  });
}

/**
 * Takes over properties that were set before the element was defined: as the element's own properties, they would
 * shadow those of its class for ever.
 *
 * @param {Figure} element
 */
export function takeOver(element) {
  const names = ['settings', ...ATTRIBUTES.map(propertyOf)]; // The settings first: to set them replaces all.
  const own = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (element));
  for (const name of names.filter((it) => Object.hasOwn(own, it))) {
    const value = own[name];
    delete own[name];
    try {
      Object.assign(element, { [name]: value });
    } catch (error) {
      reportError(error); // The element is there all the same, without what cannot be used.
    }
  }
}
