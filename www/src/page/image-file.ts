// What an image file says of itself in its first bytes, read before anything is decoded: a file of
// a few kilobytes can hold an image of gigabytes. Knows of no page.

interface Size {
  width: number;
  height: number;
}

/** The most bytes, and the most pixels on a side. */
const MOST_BYTES = 20e6;
const MOST_PIXELS = 8000;

/** Bytes that say of which kind a file is. */
const HEAD = 256;

const USE = 'Use PNG, JPEG, WebP or GIF.';

/** The kinds that are read: what they begin with, and where their size is. */
const KINDS = [
  { name: 'PNG', begins: /^\x89PNG\r\n\x1a\n/, size: sizeOfPng },
  { name: 'JPEG', begins: /^\xff\xd8\xff/, size: sizeOfJpeg },
  { name: 'WebP', begins: /^RIFF[^]{4}WEBP/, size: sizeOfWebp },
  { name: 'GIF', begins: /^GIF8[79]a/, size: sizeOfGif },
];

/** What else people have, and what to do about it. */
const OTHERS = [
  { begins: /^[^]{4}ftyp(hei|hev|mif1|msf1)/, words: 'This is a HEIC image, which browsers do not read. Save it as JPEG or PNG.' },
  { begins: /^\s*(<\?xml|<!--|<!doctype svg|<svg)/i, words: 'This is an SVG, which is not read: it can hold more than a picture. Save it as PNG.' },
];

/** Why a file cannot be used as an image, as a sentence; nothing, if it may be decoded. */
export async function refusalOf(file: Blob): Promise<string | undefined> {
  if (file.size > MOST_BYTES) {
    return `This file has ${Math.ceil(file.size / 1e6)} MB. An image may have up to ${MOST_BYTES / 1e6} MB.`;
  }
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return 'This file could not be read. Is it a folder, or has it been moved?';
  }
  return refusalOfBytes(bytes);
}

/**
 * Whether a file is an image, by its media type or by its first bytes. It may be of a kind that cannot be used:
 * `refusalOf` says so.
 */
export async function isImageFile(file: Blob) {
  if (file.type.startsWith('image/')) {
    return true;
  }
  const bytes = await file.slice(0, HEAD).arrayBuffer().catch(() => new ArrayBuffer(0)); // A folder, perhaps.
  const head = headOf(new Uint8Array(bytes));
  return [...KINDS, ...OTHERS].some(({ begins }) => begins.test(head));
}

/** A letter for each byte, without a byte order mark. */
function headOf(bytes: Uint8Array) {
  return String.fromCharCode(...bytes.subarray(0, HEAD)).replace(/^\xef\xbb\xbf/, '');
}

export function refusalOfBytes(bytes: Uint8Array) {
  if (bytes.length === 0) {
    return 'This file is empty.';
  }
  const head = headOf(bytes);
  const kind = KINDS.find(({ begins }) => begins.test(head));
  if (!kind) {
    return OTHERS.find(({ begins }) => begins.test(head))?.words ?? `This file is no image that can be read. ${USE}`;
  }
  const size = sizeOf(kind.size, bytes);
  if (!size || size.width === 0 || size.height === 0) {
    return `This ${kind.name} file is damaged: it does not say how large its image is.`;
  }
  if (Math.max(size.width, size.height) > MOST_PIXELS) {
    return `This image has ${size.width} × ${size.height} pixels. It may have up to ${MOST_PIXELS} on a side.`;
  }
  return undefined;
}

/** @param read Throws where the file ends too early. */
function sizeOf(read: (view: DataView) => Size | undefined, bytes: Uint8Array) {
  try {
    return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch {
    return undefined;
  }
}

/** The first chunk has the size. */
function sizeOfPng(view: DataView) {
  const header = view.getUint32(12) === 0x49484452; // "IHDR"
  return header ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined;
}

/** The first segment that begins a frame has the size. */
function sizeOfJpeg(view: DataView) {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    while (view.getUint8(at + 1) === 0xff) {
      at += 1; // Fill bytes.
    }
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff || marker === 0xd9 || marker === 0xda) {
      return undefined; // Neither the image nor its end comes before its size.
    }
    // C4, C8 and CC are tables, and no frames.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
  }
}

/** There are three forms of WebP. */
function sizeOfWebp(view: DataView) {
  const form = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  const three = (at: number) => view.getUint16(at, true) + 65536 * view.getUint8(at + 2);
  if (form === 'VP8X') {
    return { width: 1 + three(24), height: 1 + three(27) };
  }
  if (form === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
  }
  if (form === 'VP8 ') {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  return undefined;
}

/** The logical screen's size, or the first picture's where that is larger, as in browsers. */
function sizeOfGif(view: DataView) {
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  for (let at = 13 + tableOf(view.getUint8(10)); ; ) {
    const block = view.getUint8(at);
    if (block === 0x2c) {
      return {
        width: Math.max(screen.width, view.getUint16(at + 1, true) + view.getUint16(at + 5, true)),
        height: Math.max(screen.height, view.getUint16(at + 3, true) + view.getUint16(at + 7, true)),
      };
    }
    if (block !== 0x21) {
      return undefined; // The end, or damage: there is no picture.
    }
    for (at += 2; view.getUint8(at) > 0; at += 1 + view.getUint8(at)); // Skips its parts, each with its length.
    at += 1;
  }
}

/** Bytes of a GIF's table of colors. */
function tableOf(flags: number) {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
