// @ts-check
// Image files, good and bad, made byte by byte.

import { crc32, deflateSync } from 'node:zlib';

/**
 * A chunk of a PNG.
 *
 * @param {string} name
 * @param {Uint8Array} data
 */
function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/**
 * A gray PNG.
 *
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => number} [gray] 0 to 255; black, if nothing else.
 */
export function png(width, height, gray) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (width + 1));
  if (gray) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        rows[y * (width + 1) + 1 + x] = gray(x, y);
      }
    }
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * A GIF of some frames, each with one bar of ink, further to the right every time.
 *
 * @param {number} frames
 * @param {{ screen?: number, frame?: number }} [sizes] On a side, in pixels.
 */
export function gif(frames, { screen = 16, frame = screen } = {}) {
  const two = (/** @type {number} */ value) => [value & 255, value >> 8];
  const parts = [
    ...Buffer.from('GIF89a', 'latin1'), ...two(screen), ...two(screen), 0x80, 0, 0,
    0, 0, 0, 255, 255, 255,
    0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0', 'latin1'), 3, 1, 0, 0, 0,
  ];
  for (let index = 0; index < frames; index += 1) {
    parts.push(0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, ...two(frame), ...two(frame), 0);
    const pixels = Array.from({ length: frame * frame }, (_, at) =>
      at % frame >= 2 + 5 * index && at % frame < 5 + 5 * index && at >= 2 * frame && at < (frame - 2) * frame ? 1 : 0,
    );
    parts.push(2, ...blocks(uncompressed(pixels)), 0);
  }
  return Buffer.from([...parts, 0x3b]);
}

/** Codes of three bits, with a reset before the table grows. @param {number[]} pixels */
function uncompressed(pixels) {
  const codes = pixels.flatMap((pixel, at) => (at % 2 === 0 ? [4, pixel] : [pixel]));
  const bits = [...codes, 5].map((code) => [code & 1, (code >> 1) & 1, code >> 2]).flat();
  return Array.from({ length: Math.ceil(bits.length / 8) }, (_, at) =>
    bits.slice(8 * at, 8 * at + 8).reduce((sum, bit, place) => sum + (bit << place), 0),
  );
}

/** @param {number[]} bytes */
function blocks(bytes) {
  return Array.from({ length: Math.ceil(bytes.length / 255) }, (_, at) => bytes.slice(255 * at, 255 * at + 255)).flatMap(
    (part) => [part.length, ...part],
  );
}

/**
 * The head of a JPEG, with something before its size.
 *
 * @param {number} width
 * @param {number} height
 */
export function jpegHead(width, height) {
  const more = Buffer.alloc(70_000);
  const segment = (/** @type {number} */ marker, /** @type {Uint8Array} */ data) =>
    Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
    // A picture within, as cameras put there: its size is not the one that counts.
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0\xff\xd8\xff\xc0\0\x11\x08\0\x08\0\x08', 'latin1'), more.subarray(0, 60_000)])),
    Buffer.from([0xff, 0xff]),
    segment(0xc4, more.subarray(0, 30)),
    segment(0xc2, Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0])),
  ]);
}

/** @param {'VP8 ' | 'VP8L' | 'VP8X'} form @param {number} width @param {number} height */
export function webpHead(form, width, height) {
  const bytes = Buffer.alloc(40);
  bytes.write('RIFF\x20\0\0\0WEBP', 'latin1');
  bytes.write(form, 12, 'latin1');
  if (form === 'VP8X') {
    bytes.writeUIntLE(width - 1, 24, 3);
    bytes.writeUIntLE(height - 1, 27, 3);
  } else if (form === 'VP8L') {
    bytes[20] = 0x2f;
    bytes.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 21);
  } else {
    bytes.set([0x9d, 0x01, 0x2a], 23);
    bytes.writeUInt16LE(width, 26);
    bytes.writeUInt16LE(height, 28);
  }
  return bytes;
}
