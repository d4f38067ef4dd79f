// @ts-check
// Reads a safetensors file: eight bytes that say how long the header is, the header as JSON, and the
// numbers. Runs in a page and in Node.

/** @typedef {{ shape: number[], data: Float32Array }} Weight */

/**
 * The tensors of a file, by name.
 *
 * @param {Uint8Array} bytes
 * @returns {Map<string, Weight>}
 */
export function readTensors(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  delete header.__metadata__;
  return new Map(
    Object.entries(header).map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
      const part = new DataView(view.buffer, view.byteOffset + start + from, to - from);
      return [name, { shape, data: numbers(dtype, part) }];
    }),
  );
}

/** @param {string} dtype @param {DataView} part */
function numbers(dtype, part) {
  switch (dtype) {
    case 'F32':
      return Float32Array.from({ length: part.byteLength / 4 }, (_, at) => part.getFloat32(4 * at, true));
    case 'F16':
      return Float32Array.from({ length: part.byteLength / 2 }, (_, at) => half(part.getUint16(2 * at, true)));
    default:
      throw new Error(`The weights are ${dtype}. The benchmark reads F32 and F16.`);
  }
}

/** IEEE 754 binary16 → a number. @param {number} bits */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  if (exponent === 0x1f) {
    return fraction ? NaN : sign * Infinity;
  }
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A matrix `[rows, columns]` → `[columns, rows]`. @param {Weight} weight @returns {Weight} */
export function transposed({ shape: [rows, columns], data }) {
  return {
    shape: [columns, rows],
    data: data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]),
  };
}
