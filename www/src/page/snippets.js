// @ts-check
// What to paste so that a figure appears elsewhere: in a page, on a slide, in a book. Texts only;
// knows of no page.

import { networksOf, titleOf } from '../engine/networks.js';
import { layerOf } from '../engine/objectives.js';
import { neuronOrChannel } from '../figure/words-of-objectives.js';
import { aDigit } from '../figure/words.js';
import { writeConfig, writtenSettings } from '../settings/config.js';

/** @typedef {import('../settings/config.js').Config} Config */

/**
 * @typedef {object} Wish What is to appear.
 * @property {string} base Where the laboratory is, with a slash at the end.
 * @property {Config} config
 * @property {boolean} controls
 * @property {boolean} autoplay
 * @property {boolean} form Whether the settings can be changed.
 * @property {boolean} charts
 */

/** @typedef {keyof typeof WRITERS} Format */

/** Leaves room for a heading on a slide. */
const SMALLER = '--actmax-image: 20rem';

const WRITERS = {
  element: (/** @type {Wish} */ wish) => lines(head(wish), element(wish)),
  iframe: (/** @type {Wish} */ wish) => lines(frame(wish), RESIZE),
  reveal: (/** @type {Wish} */ wish) =>
    lines(
      '<!-- once, in the head of the deck -->',
      head(wish),
      '',
      '<!-- a slide: its height is given, or the deck centers it before the figure is there -->',
      '<section style="height: 100%">',
      // A finger on a slider is not to turn the page.
      indented(element(wish, SMALLER, 'data-prevent-swipe')),
      '</section>',
    ),
  quarto: (/** @type {Wish} */ wish) => lines('```{=html}', head(wish), element(wish, SMALLER), '```'),
  jupyter: (/** @type {Wish} */ wish) => lines('```{raw} html', head(wish), element(wish), '```'),
  myst: (/** @type {Wish} */ wish) =>
    lines(`\`\`\`{iframe} ${embedAddress(wish)}&fit=1`, ':width: 100%', sentence(wish), '```'),
  marp: (/** @type {Wish} */ wish) => lines(head(wish), element(wish, '--actmax-image: 18rem')),
};

/** @type {{ format: Format, name: string, where: string }[]} */
export const FORMATS = [
  {
    format: 'element',
    name: 'HTML, as an element',
    where:
      'Into any page whose HTML you write. It takes the width that it is given, and all figures of ' +
      'a page share what they load. From another server, this one must allow it (CORS), as GitHub ' +
      'Pages does.',
  },
  {
    format: 'iframe',
    name: 'HTML, as an iframe',
    where:
      'Where only frames are allowed, as in most learning platforms. The script fits the height ' +
      'to the figure; where scripts are not allowed, leave it out.',
  },
  {
    format: 'reveal',
    name: 'reveal.js',
    where:
      'The figure begins when its slide comes, pauses when it leaves and goes on when it is back. ' +
      'Arrows and space still turn the slides, unless a slider has the focus. In a dark deck, add ' +
      '“color-scheme: dark” to its style.',
  },
  {
    format: 'quarto',
    name: 'Quarto',
    where:
      'A raw block for HTML pages and for reveal.js slides; other formats leave it out. In a dark ' +
      'theme, add “color-scheme: dark” to its style.',
  },
  {
    format: 'jupyter',
    name: 'Jupyter Book 1',
    where:
      'Into a Markdown page, or a Markdown cell of a notebook, of a book that Sphinx builds.',
  },
  {
    format: 'myst',
    name: 'Jupyter Book 2, MyST',
    where: 'Into a Markdown page. MyST lets no scripts through, but it has a directive for frames. ' +
      'Theirs are wider than high, so the figure fits itself into what there is.',
  },
  {
    format: 'marp',
    name: 'Marp',
    where:
      'Into a slide. Scripts must be allowed: marp --html slides.md, or in VS Code the setting ' +
      '“markdown.marp.html: all”. It runs in the exported HTML, not in the preview.',
  },
];

/**
 * Writes what to paste.
 *
 * @param {Format} format
 * @param {Wish} wish
 */
export function snippet(format, wish) {
  return WRITERS[format](wish);
}

/**
 * The address of the page that is a figure and nothing else.
 *
 * @param {Wish} wish
 */
export function embedAddress({ base, config, controls, autoplay, form, charts }) {
  const parts = shown(form, charts);
  const asked = [
    writeConfig(config),
    parts === '' ? [] : `show=${parts}`,
    controls ? [] : 'controls=0',
    autoplay ? [] : 'autoplay=0',
  ];
  return `${base}embed.html#${asked.flat().join('&')}`;
}

/** @param {Wish} wish @param {string} [style] @param {string} [flag] */
function element(wish, style = '', flag = '') {
  const { base, config, controls, autoplay, form, charts } = wish;
  /** @type {[string, string | boolean][]} */
  const attributes = [
    ...writtenSettings(config).map(([key, text]) => /** @type {[string, string]} */ ([key, text])),
    ['show', shown(form, charts)],
    ['style', style],
    ['controls', controls],
    ['autoplay', autoplay],
    [flag, flag !== ''],
  ];
  return lines(
    `<activation-maximization ${written(attributes)}>`,
    `  <a ${written([['href', `${base}#${writeConfig(config)}`]])}>${escaped(sentence(wish))}</a>`,
    '</activation-maximization>',
  );
}

/** @param {Wish} wish */
function head({ base }) {
  return lines(
    `<link ${written([['rel', 'stylesheet'], ['href', `${base}activation-maximization.css`]])}>`,
    `<script ${written([['type', 'module'], ['src', `${base}activation-maximization.js`]])}></script>`,
  );
}

/** @param {Wish} wish */
function frame(wish) {
  return `<iframe ${written([
    ['src', embedAddress(wish)],
    ['title', sentence(wish)],
    ['loading', 'lazy'],
    ['style', `width: 100%; height: ${height(wish)}px; border: 0`],
  ])}></iframe>`;
}

const RESIZE = lines(
  '<script>',
  "  addEventListener('message', ({ data, source }) => {",
  "    const frame = [...document.querySelectorAll('iframe')].find((it) => it.contentWindow === source);",
  "    if (frame && data?.type === 'actmax:size') frame.style.height = `${data.height}px`;",
  '  });',
  '</script>',
);

/** About the height of the figure in a column of text, for where no script can fit it. @param {Wish} wish */
function height({ controls, form, charts }) {
  return 560 + (controls ? 120 : 0) + (form ? 480 : 0) + (charts ? 760 : 0);
}

/** @param {boolean} form @param {boolean} charts */
function shown(form, charts) {
  return [form ? 'settings' : [], charts ? 'charts' : []].flat().join(',');
}

/** The title of the figure, as a sentence. @param {Wish} wish */
function sentence({ config: { network, digits, objective } }) {
  const names = networksOf(network).map((it) => (it === 'mlp' ? 'an MLP' : titleOf(it)));
  const layer = layerOf(objective);
  if (layer !== undefined) {
    const kind = neuronOrChannel(layer);
    const which = digits.length === 1 ? `${kind} ${digits[0]}` : `${kind}s ${inWords(digits.map(String))}`;
    const images = digits.length === 1 ? 'An image that activates' : 'Images that activate';
    return `${images} ${which} of ${layer} in ${inWords(names)}: live figure`;
  }
  const [digit] = digits;
  const what = digits.length === 1 ? `An image becomes ${aDigit(digit)}` : 'Images become digits';
  return `${what} in the eyes of ${inWords(names)}: live figure`;
}

/** “a”, “a and b”, “a, b and c”. @param {string[]} names */
function inWords(names) {
  const last = names.slice(-1);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : String(last);
}

/** @param {[string, string | boolean][]} attributes True stands alone; what is false or empty is left out. */
function written(attributes) {
  return attributes
    .filter(([, value]) => value !== false && value !== '')
    .map(([name, value]) => (value === true ? name : `${name}="${escaped(String(value))}"`))
    .join(' ');
}

/** @param {string} text */
export function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** @param {...string} texts */
function lines(...texts) {
  return texts.join('\n');
}

/** @param {string} text */
function indented(text) {
  return text.replace(/^/gm, '  ');
}
