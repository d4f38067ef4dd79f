// Files that are dropped anywhere on the page: an image goes onto the paper, anything else to where
// networks are brought. A browser would leave the page for them, or open a tab.

import { h } from '../figure/dom.ts';
import type { DrawingPad } from './drawing-pad.ts';
import { isImageFile } from './image-file.ts';
import type { OwnSection } from './networks/section.ts';

export interface Places {
  /** The first takes what is dropped near none of them. */
  pads: DrawingPad[];
  networks: OwnSection;
  /** Hears why something is not taken that was dropped at no place in particular. */
  onRefuse: (words: string) => void;
}

/** Milliseconds without a `dragover` after which the drag has left: each browser tells of that in its own way. */
const GONE = 700;

/** What files of networks are called. Others are looked into, too. */
const NETWORK = /\.(safetensors|pth?)$/i;
/** Media types, which browsers derive from names, of files that are something else. */
const OTHER = /^(text|audio|video|font)\/|^application\/(pdf|json|javascript|xml)$/;

export class DroppedFiles {
  #places: Places;
  /** Whether a link, an image or a text of the page itself is dragged: that is not taken. */
  #isOwnDrag = false;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  /** One after the other, in the order in which they were dropped. */
  #queue = Promise.resolve();
  element = h(
    'p',
    { className: 'drop-hint', hidden: true },
    'Drop a network to bring it, or an image to start from it.',
  );

  constructor(places: Places) {
    this.#places = places;
    // In the capture phase: the page comes first, whatever is below the pointer.
    const capture = true;
    addEventListener('dragstart', () => (this.#isOwnDrag = true), { capture });
    addEventListener('dragend', () => (this.#isOwnDrag = false), { capture });
    addEventListener('dragover', (event) => this.#over(event), { capture });
    addEventListener('drop', (event) => this.#drop(event), { capture });
  }

  #over(event: DragEvent) {
    if (this.#isForPage(event)) {
      event.preventDefault(); // Or nothing can be dropped here.
      event.dataTransfer!.dropEffect = 'copy';
      this.#showHint(true);
      clearTimeout(this.#leaving);
      this.#leaving = setTimeout(() => this.#showHint(false), GONE);
    }
  }

  #showHint(shown: boolean) {
    this.element.hidden = !shown;
    this.#places.networks.element.classList.toggle('over', shown);
  }

  #isForPage({ dataTransfer, target }: DragEvent) {
    const types = dataTransfer?.types ?? [];
    if (this.#isOwnDrag) {
      return false;
    }
    const isText = target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
    return types.includes('Files') || (types.includes('text/uri-list') && !isText);
  }

  #drop(event: DragEvent) {
    this.#showHint(false);
    if (!this.#isForPage(event)) {
      return;
    }
    event.preventDefault();
    const { pads, networks, onRefuse } = this.#places;
    const target = event.target as Node;
    const { files: list, items } = event.dataTransfer!;
    const files = [...list];
    const onto = pads.find(({ element }) => element.contains(target));
    if (networks.element.contains(target) && files.length !== 1) {
      networks.drop(files);
    } else if (onto && files.length === 0) {
      onto.drop([]);
    } else if (files.length === 0) {
      onRefuse('This is no file. Save it first, then drop it here or choose it.');
    } else if (files.length > 1 && !onto) {
      onRefuse('Drop one file at a time: a network to bring it, or an image to start from it.');
    } else if ([...items].some((it) => it.webkitGetAsEntry?.()?.isDirectory)) {
      onRefuse(`${files[0].name} is a folder. Drop the file itself: a network, or an image.`);
    } else {
      this.#queue = this.#queue.then(() => this.#sort(files, target));
    }
  }

  /** @param files One or more. */
  async #sort(files: File[], target: Node) {
    const { pads, networks, onRefuse } = this.#places;
    const [{ name, type }] = files;
    const onto = pads.find(({ element }) => element.contains(target));
    if (NETWORK.test(name) && !type.startsWith('image/')) {
      networks.drop(files);
    } else if (onto || (await isImageFile(files[0]))) {
      const near = pads.find(({ element }) => element.closest('article, section')?.contains(target));
      (near ?? pads[0]).drop(files);
    } else if (OTHER.test(type) && !networks.element.contains(target)) {
      onRefuse(
        `${name} is neither a network nor an image. Drop a .safetensors, .pt or .pth file, or a PNG, JPEG, WebP or GIF.`,
      );
    } else {
      networks.drop(files);
    }
  }
}
