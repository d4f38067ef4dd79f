// The properties of the element: one for each of its attributes, which it reflects. `noise-std` is `noiseStd`.
//
// What is set becomes the attribute's text, and what is read is what the attributes say. `undefined`,
// `null` and '' take an attribute away: that is how frameworks say that something is not set.

import { isPlain, quoted } from '../engine/checks.ts';
import { type Config, KEYS, type Source, fieldOf, readConfig, writtenSettings } from '../settings/config.ts';
import type { ActivationMaximization as Figure } from './activation-maximization.ts';
import { partsOf } from './parts.ts';

/** Boolean attributes, such as `controls` of a video. */
const SWITCHES = ['controls', 'autoplay', 'present'] as const;
/** Lists of parts. */
const LISTS = ['show', 'hide'] as const;

/** Every attribute that has a property. */
export const ATTRIBUTES = [...KEYS, ...SWITCHES, ...LISTS, 'loading'];

/** The property of an attribute. */
export const propertyOf = (attribute: string) => attribute.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

/** The attributes, to be read as config.ts reads an address. */
function sourceOf(element: HTMLElement): Source {
  return { get: (name) => element.getAttribute(name) };
}

/** The settings that the attributes say. */
export function settingsOf(element: HTMLElement): Config {
  return readConfig(sourceOf(element)).config;
}

/** All that the attributes say of what is to be shown; and what is wrong with them, as sentences. */
export function readAttributes(element: HTMLElement) {
  const { config, notes } = readConfig(sourceOf(element));
  const { parts, notes: more } = partsOf({
    controls: element.hasAttribute('controls'),
    show: element.getAttribute('show') ?? '',
    hide: element.getAttribute('hide') ?? '',
  });
  return { config, parts, remarks: [...notes, ...more].join(' ') };
}

/** Sets an attribute to a value, or removes it. */
export function putAttribute(element: HTMLElement, name: string, value: unknown) {
  const absent = value === undefined || value === null || value === '' || value === false;
  if (absent) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

/**
 * Sets the attributes of all settings; removes those of settings that are left out.
 *
 * @param settings See `textsOf`.
 */
export function putSettings(element: HTMLElement, settings: unknown) {
  const texts = textsOf(settings);
  for (const key of KEYS) {
    putAttribute(element, key, texts.get(key));
  }
}

/**
 * Settings as texts, by their names in an address.
 *
 * @param settings Some of them; undefined or null, for none.
 */
function textsOf(settings: unknown): Map<string, string> {
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

/** Defines the properties. */
export function defineProperties(prototype: Figure) {
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
 * @param name Of the attribute.
 * @param convert Converts a value that is set, before it becomes text.
 */
function define(
  prototype: Figure,
  name: string,
  read: (element: Figure) => unknown,
  convert: (value: unknown) => unknown = (value) => value,
) {
  Object.defineProperty(prototype, propertyOf(name), {
    configurable: true,
    enumerable: true,
    get(this: Figure) {
      return read(this);
    },
    set(this: Figure, value: unknown) {
      putAttribute(this, name, convert(value));
    },
  });
}

/**
 * Takes over properties that were set before the element was defined: as the element's own properties, they would
 * shadow those of its class for ever.
 */
export function takeOver(element: Figure) {
  const names = ['settings', ...ATTRIBUTES.map(propertyOf)]; // The settings first: to set them replaces all.
  const own = element as unknown as Record<string, unknown>;
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
