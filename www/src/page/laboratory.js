// @ts-check
// The laboratory: one figure with everything, its address, and what can be done with it.

import { messageOf } from '../engine/engine.js';
import { isOwnName, networkNames, networksOf, onNetworks, ownNames, ownNetwork } from '../engine/networks.js';
import { sharedEngine } from '../engine/shared-engine.js';
import { byId, h } from '../figure/dom.js';
import { onOtherTabs, restored } from '../networks/restore.js';
import { iterationsOf, readConfig, writeConfig } from '../settings/config.js';
import { writeStart } from '../settings/start-image.js';
import { DrawingPad } from './drawing-pad.js';
import { DroppedFiles } from './dropped-files.js';
import { EmbedDialog } from './embed-dialog.js';
import { SaveMenu } from './export/menu.js';
import { LabAddress } from './lab-address.js';
import { bringIntoView, isAsked, isPlain, isWithin, land } from './landing.js';
import { placeOfCard, showCard, showOwn } from './model-card.js';
import { readerChoice } from './networks/choice.js';
import { withdraw } from './networks/figures.js';
import { listings } from './networks/listings.js';
import { OwnSection } from './networks/section.js';

/** @typedef {import('../figure/activation-maximization.js').ActivationMaximization} Figure */

/**
 * Connects the laboratory.
 *
 * @param {object} options
 * @param {DrawingPad[]} options.otherPads On the page, onto which images can be dropped, too.
 * @param {(message: string) => void} options.onNote Something in the address was corrected, or
 *   something went wrong.
 */
export function laboratory({ otherPads, onNote }) {
  const figure = /** @type {Figure} */ (byId('lab'));
  const address = new LabAddress(figure);
  const follow = (toLaboratory = true) => {
    address.forget();
    if (!isSettings(location.hash)) {
      return; // The place of a heading.
    }
    const { config, notes } = readConfig(new URLSearchParams(location.hash.slice(1)));
    if (notes.length > 0 || writeConfig(config) !== writeConfig(figure.settings)) {
      figure.settings = config;
    }
    if (notes.length > 0) {
      onNote(notes.join(' '));
    }
    if (toLaboratory) {
      land(byId('laboratory'));
    }
  };
  follow(isAsked());
  addEventListener('hashchange', () => follow());
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link && isWithin(link) && isSettings(link.hash) && link.hash === location.hash && isPlain(event)) {
      follow(); // The address stays as it is, so no event will tell of it.
    }
  });
  const bringBack = async () => {
    const dropped = await restored();
    if (dropped.length > 0) {
      onNote(dropped.join(' '));
    }
    const asked = new URLSearchParams(location.hash.slice(1));
    const isOwn = networksOf(asked.get('network') ?? '').some(isOwnName);
    if (isOwn && readConfig(asked).notes.length > 0) {
      follow(false); // Only now is it certain that this browser does not have it.
    }
  };

  const embed = new EmbedDialog(figure);
  const open = h('button', { type: 'button', className: 'embed' }, 'Embed …');
  open.addEventListener('click', () => embed.open());
  byId('take').append(new SaveMenu(figure, { onError: (error) => onNote(messageOf(error)) }).element, open, embed.element);
  const pad = startPad(figure);
  byId('start').append(pad.element);
  const own = new OwnSection((network) => {
    show(figure, { network, steps: iterationsOf(network) });
    bringIntoView(byId('laboratory'));
  });
  byId('bring').append(...own.elements);
  document.body.append(new DroppedFiles({ pads: [pad, ...otherPads], networks: own, onRefuse: onNote }).element);
  listings();
  byId('models').replaceChildren(...shipped().map(placeOfCard));
  showOwnCards(own);
  onOtherTabs({
    onBrought: (network) => {
      own.say(`${ownNetwork(network)?.name} was brought in another tab, and is among the networks of every figure here, too.`);
      const asked = new URLSearchParams(location.hash.slice(1));
      if (networksOf(asked.get('network') ?? '').includes(network)) {
        figure.settings = readConfig(asked).config; // The address asked for it before it was there.
      }
    },
    onRemove: (network) => {
      const words = `${ownNetwork(network)?.name} was removed in another tab.`;
      own.say(words);
      if (withdraw(network)) {
        onNote(words);
      }
    },
  });
  bringBack().catch((error) => onNote(messageOf(error)));
}

/** Whether an address has settings of the laboratory, not the place of a heading. @param {string} hash */
function isSettings(hash) {
  return hash.includes('=');
}

/**
 * Begins something else in the figure.
 *
 * @param {Figure} figure
 * @param {Partial<import('../settings/config.js').Config>} changes
 */
function show(figure, changes) {
  figure.settings = { ...figure.settings, ...changes, at: undefined, row: undefined };
  figure.dispatchEvent(new CustomEvent('change'));
}

/** @param {Figure} figure */
function startPad(figure) {
  /** @type {Float32Array | undefined} */
  let image;
  const use = h('button', { type: 'button', className: 'primary', disabled: true }, 'Start from it');
  const noise = h('button', { type: 'button' }, 'Start from noise');
  const mean = h('button', { type: 'button' }, 'Start from a mean digit');
  const begin = (/** @type {string} */ start) => {
    show(figure, { start });
    figure.scrollIntoView({ block: 'start' }); // Smoothly, where the style sheet allows it.
  };
  use.addEventListener('click', () => image && begin(writeStart(image)));
  noise.addEventListener('click', () => begin(''));
  mean.addEventListener('click', () => begin(`mean${(figure.settings.digits[0] + 1) % 10}`));
  const pad = new DrawingPad({
    network: 'lenet5',
    actions: [use, mean, noise],
    onRead: (reading) => {
      image = reading?.image;
      use.disabled = !image;
    },
  });
  pad.element.querySelector('.pad-actions')?.append(readerChoice(pad));
  return pad;
}

/**
 * Shows the networks' model cards. Can be done again.
 *
 * @returns {Promise<void>} Rejects, in words for people, when a file cannot be had.
 */
export async function showCards() {
  const engine = await sharedEngine();
  const cards = shipped().map((network) => engine.card(network));
  const places = /** @type {HTMLCollectionOf<HTMLElement>} */ (byId('models').children);
  for (const [index, card] of (await Promise.all(cards)).entries()) {
    showCard(places[index], card);
  }
}

/** The networks that come with the page. */
function shipped() {
  return networkNames().filter((it) => !isOwnName(it));
}

/** The cards of those that somebody brought, as they come and go. @param {OwnSection} section */
function showOwnCards(section) {
  const list = byId('own-models');
  const show = () => {
    list.replaceChildren(
      ...ownNames().map((network) =>
        showOwn(network, () => {
          withdraw(network);
          section.remove(network);
        }),
      ),
    );
  };
  onNetworks(show);
  show();
}
