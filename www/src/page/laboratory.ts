// The laboratory: one figure with everything, its address, and what can be done with it.

import { messageOf } from '../engine/engine.ts';
import { isOwnName, networkNames, networksOf, onNetworks, ownNames, ownNetwork } from '../engine/networks.ts';
import { sharedEngine } from '../engine/shared-engine.ts';
import type { ActivationMaximization as Figure } from '../figure/activation-maximization.ts';
import { byId, h } from '../figure/dom.ts';
import { onOtherTabs, restored } from '../networks/restore.ts';
import { type Config, iterationsOf, readConfig, writeConfig } from '../settings/config.ts';
import { writeStart } from '../settings/start-image.ts';
import { DrawingPad } from './drawing-pad.ts';
import { DroppedFiles } from './dropped-files.ts';
import { SaveMenu } from './export/menu.ts';
import { LabAddress } from './lab-address.ts';
import { bringIntoView, isAsked, isPlain, isWithin, land } from './landing.ts';
import { placeOfCard, showCard, showOwn } from './model-card.ts';
import { readerChoice } from './networks/choice.ts';
import { withdraw } from './networks/figures.ts';
import { listings } from './networks/listings.ts';
import { OwnSection } from './networks/section.ts';
import type { ShareDialog } from './share-dialog.ts';

/** Connects the laboratory. */
export function laboratory({ share, otherPads, onNote }: {
  share: ShareDialog;
  /** On the page, onto which images can be dropped, too. */
  otherPads: DrawingPad[];
  /** Something in the address was corrected, or something went wrong. */
  onNote: (message: string) => void;
}) {
  const figure = byId<Figure>('lab');
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

  const open = h('button', { type: 'button', className: 'embed' }, 'Share …');
  open.addEventListener('click', () => share.open(figure));
  byId('take').append(new SaveMenu(figure, { onError: (error) => onNote(messageOf(error)) }).element, open);
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

/** Whether an address has settings of the laboratory, not the place of a heading. */
function isSettings(hash: string) {
  return hash.includes('=');
}

/** Begins something else in the figure. */
function show(figure: Figure, changes: Partial<Config>) {
  figure.settings = { ...figure.settings, ...changes, at: undefined, row: undefined };
  figure.dispatchEvent(new CustomEvent('change'));
}

function startPad(figure: Figure) {
  let image: Float32Array | undefined;
  const use = h('button', { type: 'button', className: 'primary', disabled: true }, 'Start from it');
  const noise = h('button', { type: 'button' }, 'Start from noise');
  const mean = h('button', { type: 'button' }, 'Start from a mean digit');
  const begin = (start: string) => {
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
 * @returns Rejects, in words for people, when a file cannot be had.
 */
export async function showCards(): Promise<void> {
  const engine = await sharedEngine();
  const networks = shipped();
  const cards = await Promise.all(networks.map((network) => engine.card(network)));
  const places = byId('models').children as HTMLCollectionOf<HTMLElement>;
  for (const [index, network] of networks.entries()) {
    showCard(places[index], network, cards[index]);
  }
}

/** The networks that come with the page. */
function shipped() {
  return networkNames().filter((it) => !isOwnName(it));
}

/** The cards of those that somebody brought, as they come and go. */
function showOwnCards(section: OwnSection) {
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
