// @ts-check
// A card: what stands beside the images, with a title and words on what it shows.

import { h } from './dom.js';

/** @param {string} title @param {string} caption @param {...Node} children */
export function card(title, caption, ...children) {
  const made = {
    title: h('p', { className: 'title' }, title), // No heading: the page has its own levels of these.
    caption: h('p', { className: 'caption', hidden: caption === '' }, caption),
  };
  return { ...made, element: h('section', { className: 'card' }, made.title, made.caption, ...children) };
}
