// @ts-check
// A card: what stands beside the images, with a title and words on what it shows.

import { h } from './dom.js';

/** @typedef {import('../engine/run.js').Objective} Objective */
/** @typedef {import('../player/experiment.js').Experiment} Experiment */
/** @typedef {import('../player/experiment.js').NetworkResult} NetworkResult */
/** @typedef {import('../settings/config.js').Config} Config */
/** @typedef {import('./stage.js').Paint} Paint */

/**
 * @typedef {object} Room What a card of a network makes room for.
 * @property {string} name Of the network.
 * @property {boolean} several Whether there are other networks beside it.
 * @property {number[]} digits Or the numbers of neurons or channels.
 * @property {Objective} objective
 * @property {Config} config
 */

/**
 * @typedef {object} Begun What is known of a network before its first snapshot.
 * @property {Experiment} experiment
 * @property {NetworkResult} networkResult
 * @property {Paint} paint
 */

/**
 * @typedef {Begun & { iteration: number, config: Config, correlations: number[] }} Moment What a card of a network draws:
 *   an iteration of it. There is a correlation for each image.
 */

/**
 * @typedef {object} Card A card of a network.
 * @property {HTMLElement} element
 * @property {(room: Room) => void} arrange Makes room, so that nothing on the page moves when it is filled.
 * @property {(begun: Begun) => void} [begin] Shows what is known before the first snapshot.
 * @property {(moment: Moment) => void} draw
 */

/**
 * @typedef {object} CardClass
 * @property {string} part Its name in `parts.js`.
 * @property {boolean} [ofDigits] Whether it is about digits, and not there for neurons and channels.
 */

/** @param {string} title @param {string} caption @param {...Node} children */
export function card(title, caption, ...children) {
  const made = {
    title: h('p', { className: 'title' }, title), // No heading: the page has its own levels of these.
    caption: h('p', { className: 'caption', hidden: caption === '' }, caption),
  };
  return { ...made, element: h('section', { className: 'card' }, made.title, made.caption, ...children) };
}
