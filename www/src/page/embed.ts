// A figure alone on a page, for an <iframe>. The address says what it is: embed.html#digit=7&seed=2
//
// Everything that the element takes as an attribute, in the hash or the query, and besides:
// `controls=0`, `autoplay=0`, `present=1`, `hide=link`; `fit=1` lets the picture give way so that all of the
// figure is in the frame; `transparent=1`, `theme=light` or `dark`; `backend=cpu` or `webgpu`. A
// frame is only transparent where its color scheme is that of the page around it.
//
// To the page around it: { type: 'actmax:size', width, height } when the height changes, and
// { type: 'actmax:key', key } for keys that turn slides. From it: { type: 'actmax:settings',
// settings: { digit: '7' } }, which can do what attributes can; null takes one away.

import './ahead.ts'; // Which embed.html also loads by itself, ahead of all this.
import { lackOfShowing } from '../engine/needs.ts';
import { useBackend } from '../engine/shared-engine.ts';
import '../figure/activation-maximization.ts';
import type { ActivationMaximization } from '../figure/activation-maximization.ts';
import { h } from '../figure/dom.ts';
import { MOST_LETTERS } from '../figure/parts.ts';
import { presentByKey } from './present-key.ts';
import { urlParam } from '../settings/url-param.ts';
import { KEYS, writeConfig } from '../settings/config.ts';

/** With what they are unless the address says otherwise. */
const SWITCHES = new Map([['controls', true], ['autoplay', true], ['present', false]]);
const NAMES = [...KEYS, 'show', 'hide', 'loading', ...SWITCHES.keys()];

/** Keys that turn slides, with the codes that reveal.js knows them by. */
const HANDED_ON = new Map([
  ['ArrowLeft', 37],
  ['ArrowUp', 38],
  ['ArrowRight', 39],
  ['ArrowDown', 40],
  ['PageUp', 33],
  ['PageDown', 34],
  [' ', 32],
  ['Escape', 27],
]);

/** Read once: to change them, the page is loaded again. */
const page = { theme: urlParam('theme'), backend: urlParam('backend'), fit: urlParam('fit'), transparent: urlParam('transparent') };

const figure = document.createElement('activation-maximization') as ActivationMaximization;
const link = h('a', { className: 'link', target: '_blank', rel: 'noopener' }, 'Open in the laboratory ↗');
const framed = parent !== window;
/** Whether the run was stopped because its slide left. */
let held = false;
/** Whether this page is on a slide of reveal.js, which says so by a message. */
let onSlide = false;
/** What the page around it has asked for and is not done yet: it may ask as often as it likes. */
const wanted = new Map();
/** Milliseconds until that is done. A timer: a hidden frame has no animation frames. */
const SOON = 16;
/** The most letters of a text in a message. The longest that means something is a drawing, of 3200 at most. */
const MOST_TEXT = 4000;

const lack = lackOfShowing();
if (lack) {
  document.body.replaceChildren(h('p', { role: 'alert' }, lack));
} else {
  show();
}
dispatchEvent(new Event('started')); // See watch.js.

function show() {
  useBackend(page.backend);
  const { classList, style } = document.documentElement;
  classList.toggle('transparent', isOn(page.transparent, false));
  classList.toggle('fit', isOn(page.fit, false));
  if (page.theme === 'light' || page.theme === 'dark') {
    style.colorScheme = page.theme;
  }
  obey();
  const title = h('h1', { className: 'visually-hidden' }, 'Activation maximization');
  document.body.replaceChildren(h('main', { className: 'frame' }, title, figure, link));

  new MutationObserver(point).observe(figure, { attributes: true });
  point();
  addEventListener('hashchange', () => {
    const changed = Object.entries(page).some(([name, text]) => urlParam(name) !== text);
    if (changed) {
      location.reload();
    } else {
      obey();
    }
  });
  presentByKey();
  if (framed) {
    addEventListener('keydown', handOn);
    addEventListener('message', hear);
    new ResizeObserver(tellSize).observe(document.body);
  }
}

/** Makes the figure what the address says. */
function obey() {
  for (const name of NAMES) {
    set(name, urlParam(name));
  }
}

function set(name: string, text: string | null) {
  const otherwise = SWITCHES.get(name);
  if (otherwise !== undefined) {
    figure.toggleAttribute(name, isOn(text, otherwise));
  } else if (name === 'hide') {
    const parts = (text ?? '').slice(0, MOST_LETTERS).split(/[\s,]+/);
    link.hidden = parts.includes('link');
    put('hide', parts.filter((it) => it !== 'link').join(' ') || null);
  } else {
    put(name, text);
  }
}

function put(name: string, text: string | null) {
  if (text === null) {
    figure.removeAttribute(name);
  } else {
    figure.setAttribute(name, text);
  }
}

function isOn(text: string | null, otherwise: boolean) {
  return text === null ? otherwise : !['0', 'false', 'no', 'off'].includes(text);
}

/** Points the link to what is on show. */
function point() {
  const query = page.backend === null ? '' : `?${new URLSearchParams({ backend: page.backend })}`;
  link.href = `./${query}#${writeConfig(figure.settings)}`;
}

/** Gives a key that nothing here needs to the page around it. */
function handOn(event: KeyboardEvent) {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  const code = HANDED_ON.get(key);
  // What a control of the figure needs does not come this far.
  if (code === undefined || altKey || ctrlKey || metaKey || shiftKey) {
    return;
  }
  if (onSlide) {
    event.preventDefault(); // It turns the slide: a slider that was clicked is not to move, too.
  }
  parent.postMessage({ type: 'actmax:key', key }, '*');
  parent.postMessage(JSON.stringify({ method: 'triggerKey', args: [code] }), '*');
}

function hear({ source, data }: MessageEvent) {
  if (source !== parent) {
    return;
  }
  const before = wanted.size;
  if (data?.type === 'actmax:settings') {
    const settings = Object(data.settings);
    for (const name of NAMES) {
      if (Object.hasOwn(settings, name)) {
        wanted.set(name, textOf(settings[name]));
      }
    }
  } else if (data === 'slide:stop' || data === 'slide:start') {
    onSlide = true;
    wanted.set('slide', data); // From reveal.js.
  }
  if (before === 0 && wanted.size > 0) {
    setTimeout(satisfy, SOON);
  }
}

/** Does what the page around it has asked for: of each thing, what it said last. */
function satisfy() {
  for (const [name, text] of wanted) {
    if (name === 'slide') {
      hold(text === 'slide:stop');
    } else {
      set(name, text);
    }
  }
  wanted.clear();
}

/** A frame cannot see that the slide around it has gone. */
function hold(gone: boolean) {
  if (gone && figure.state === 'playing') {
    figure.pause();
    held = true;
  } else if (!gone && held) {
    held = false;
    figure.play();
  }
}

/** What is no text is named, so that the figure says what is wrong with it. */
function textOf(value: unknown) {
  if (value === null) {
    return null;
  }
  const known = ['string', 'number', 'boolean'].includes(typeof value);
  const text = known ? String(value) : `[${typeof value}]`;
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

function tellSize() {
  const { width, height } = document.body.getBoundingClientRect();
  parent.postMessage({ type: 'actmax:size', width, height: Math.ceil(height) }, '*');
}
