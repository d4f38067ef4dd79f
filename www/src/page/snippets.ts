// What to paste so that a figure appears elsewhere: in a page, on a slide, in a book. Texts only;
// knows of no page.

import { networksOf, titleOf } from '../engine/networks.ts';
import { layerOf, positionOf } from '../engine/objectives.ts';
import { neuronOrChannel, placeInWords } from '../figure/words-of-objectives.ts';
import { aDigit } from '../figure/words.ts';
import { type Config, writeConfig, writtenSettings } from '../settings/config.ts';

/** What is to appear. */
export interface Wish {
  /** Where the laboratory is, with a slash at the end. */
  base: string;
  config: Config;
  controls: boolean;
  autoplay: boolean;
  /** Whether the settings can be changed. */
  form: boolean;
  charts: boolean;
}

export type Format = keyof typeof WRITERS;

/** Leaves room for a heading on a slide. */
const SMALLER = '--actmax-image: 20rem';
/** The charts beside the picture, and beside several. */
const BESIDE = '--actmax-image: 17.5rem; --actmax-columns: 20.5rem minmax(0, 1fr)';
const BESIDE_SEVERAL = '--actmax-columns: minmax(0, 3fr) minmax(0, 2fr)';

const WRITERS = {
  element: (wish: Wish) => lines(head(wish), element(wish)),
  iframe: (wish: Wish) => lines(frame(wish), RESIZE),
  reveal: (wish: Wish) =>
    lines(
      '<!-- once, in the head of the deck -->',
      head(wish),
      '',
      '<!-- a slide: its height is given, or the deck centers it before the figure is there -->',
      '<section style="height: 100%">',
      // A finger on a slider is not to turn the page.
      indented(element({ ...wish, parts: slideParts(wish) }, slideStyle(wish), 'data-prevent-swipe')),
      '</section>',
    ),
  quarto: (wish: Wish) => lines('```{=html}', head(wish), element(wish, SMALLER), '```'),
  jupyter: (wish: Wish) => lines('```{raw} html', head(wish), element(wish), '```'),
  myst: (wish: Wish) => lines(`\`\`\`{iframe} ${embedAddress(wish)}&fit=1`, ':width: 100%', sentence(wish), '```'),
  marp: (wish: Wish) => lines(head(wish), element(wish, '--actmax-image: 18rem')),
};

export const FORMATS: { format: Format; name: string; where: string }[] = [
  {
    format: 'reveal',
    name: 'For a slide: reveal.js',
    where:
      'The figure begins when its slide comes, pauses when it leaves and goes on when it is back. ' +
      'Arrows and space still turn the slides, unless a slider has the focus. With charts, the loss and ' +
      'the probabilities stand beside the picture. In a dark deck, add “color-scheme: dark” to its style.',
  },
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

/** Writes what to paste. */
export function snippet(format: Format, wish: Wish) {
  return WRITERS[format](wish);
}

/** Whether an address is of this computer alone, so that nobody else can open it. */
export function isOnlyHere(address: string) {
  const { protocol, hostname } = new URL(address);
  return protocol === 'file:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** The address of the page that is a figure and nothing else. */
export function embedAddress({ base, config, controls, autoplay, form, charts }: Wish) {
  const parts = shown(form, charts);
  const asked = [
    writeConfig(config),
    parts === '' ? [] : `show=${parts}`,
    controls ? [] : 'controls=0',
    autoplay ? [] : 'autoplay=0',
  ];
  return `${base}embed.html#${asked.flat().join('&')}`;
}

function element(wish: Wish & { parts?: string }, style = '', flag = '') {
  const { base, config, controls, autoplay, form, charts, parts = shown(form, charts) } = wish;
  const attributes: [string, string | boolean][] = [
    ...writtenSettings(config).map(([key, text]) => [key, text] as [string, string]),
    ['show', parts],
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

function head({ base }: Wish) {
  return lines(
    `<link ${written([['rel', 'stylesheet'], ['href', `${base}activation-maximization.css`]])}>`,
    `<script ${written([['type', 'module'], ['src', `${base}activation-maximization.js`]])}></script>`,
  );
}

function frame(wish: Wish) {
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

/** About the height of the figure in a column of text, for where no script can fit it. */
function height({ controls, form, charts }: Wish) {
  return 560 + (controls ? 120 : 0) + (form ? 480 : 0) + (charts ? 760 : 0);
}

function shown(form: boolean, charts: boolean) {
  return [form ? 'settings' : [], charts ? 'charts' : []].flat().join(',');
}

/** Of the charts, a slide has room for two; the second is one for each network. */
function slideParts({ config, form, charts }: Wish) {
  const fit = networksOf(config.network).length === 1 ? ['loss', 'bars'] : ['loss'];
  return [form ? 'settings' : [], charts ? fit : []].flat().join(',');
}

function slideStyle({ config, charts }: Wish) {
  const isOne = networksOf(config.network).length === 1 && config.digits.length === 1;
  return charts ? (isOne ? BESIDE : BESIDE_SEVERAL) : SMALLER;
}

/** The title of the figure, as a sentence. */
function sentence({ config: { network, digits, objective } }: Wish) {
  const names = networksOf(network).map((it) => (it === 'mlp' ? 'an MLP' : titleOf(it)));
  const layer = layerOf(objective);
  if (layer !== undefined) {
    const kind = neuronOrChannel(layer);
    const which = digits.length === 1 ? `${kind} ${digits[0]}` : `${kind}s ${inWords(digits.map(String))}`;
    const images = digits.length === 1 ? 'An image that activates' : 'Images that activate';
    const position = positionOf(objective);
    const place = position === undefined ? '' : ` ${placeInWords(position)}`;
    return `${images} ${which} of ${layer}${place} in ${inWords(names)}: live figure`;
  }
  const [digit] = digits;
  const what = digits.length === 1 ? `An image becomes ${aDigit(digit)}` : 'Images become digits';
  return `${what} in the eyes of ${inWords(names)}: live figure`;
}

/** “a”, “a and b”, “a, b and c”. */
function inWords(names: string[]) {
  const last = names.slice(-1);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : String(last);
}

/** @param attributes True stands alone; what is false or empty is left out. */
function written(attributes: [string, string | boolean][]) {
  return attributes
    .filter(([, value]) => value !== false && value !== '')
    .map(([name, value]) => (value === true ? name : `${name}="${escaped(String(value))}"`))
    .join(' ');
}

export function escaped(text: string) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function lines(...texts: string[]) {
  return texts.join('\n');
}

function indented(text: string) {
  return text.replace(/^/gm, '  ');
}
