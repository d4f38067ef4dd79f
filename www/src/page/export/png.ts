// A picture as a PNG, from its numbers: a canvas that is asked for one gives noise, where a browser
// protects against fingerprinting. The format is https://www.w3.org/TR/png-3/.

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Eight bits each of red, green, blue and alpha; not interlaced. */
const FORMAT = [8, 6, 0, 0, 0];
/** The filter of a line that says how it differs from the one above. */
const UP = 2;

/** The remainders of all bytes, for CRC-32. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  }
  return remainder;
});

export async function png({ width, height, data }: ImageData): Promise<Blob> {
  const header = new Uint8Array(8 + FORMAT.length);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set(FORMAT, 8);
  const parts = [
    Uint8Array.from(SIGNATURE),
    ...chunk('IHDR', header),
    ...chunk('IDAT', await compressed(filtered(data, 4 * width))),
    ...chunk('IEND', new Uint8Array()),
  ];
  return new Blob(parts, { type: 'image/png' });
}

/**
 * Lines of enlarged pixels are mostly like the one above: of those, only zeros are left to compress.
 *
 * @param line Bytes of one.
 */
function filtered(data: Uint8ClampedArray, line: number) {
  const lines = data.length / line;
  const result = new Uint8Array(lines * (line + 1));
  for (let y = 0; y < lines; y += 1) {
    const to = y * (line + 1);
    const from = y * line;
    result[to] = UP;
    for (let x = 0; x < line; x += 1) {
      result[to + 1 + x] = data[from + x] - (y > 0 ? data[from - line + x] : 0);
    }
  }
  return result;
}

/** In zlib's format. */
async function compressed(bytes: Uint8Array<ArrayBuffer>) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param name Four letters. */
function chunk(name: string, data: Uint8Array<ArrayBuffer>) {
  const letters = Uint8Array.from(name, (it) => it.charCodeAt(0));
  const ends = new DataView(new ArrayBuffer(8));
  ends.setUint32(0, data.length);
  ends.setUint32(4, crc32(letters, data));
  return [ends.buffer.slice(0, 4), letters, data, ends.buffer.slice(4)];
}

/** The CRC-32 of several pieces in a row. */
function crc32(...pieces: Uint8Array[]) {
  let remainder = 0xffffffff;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += 1) {
      remainder = REMAINDERS[(remainder ^ piece[at]) & 0xff] ^ (remainder >>> 8);
    }
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
