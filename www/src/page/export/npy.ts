// Images as NumPy reads them: `np.load('….npy')` gives an array of shape (n, 28, 28), float32. The
// format is https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0.

const SIDE = 28;
const MAGIC = '\x93NUMPY\x01\x00';
/** The length of magic, version, header and its length together is a multiple of this. */
const ALIGNMENT = 64;

/** @param images n · 784 pixels. */
export function npy(images: Float32Array): Blob {
  const shape = `(${images.length / SIDE / SIDE}, ${SIDE}, ${SIDE})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const before = MAGIC.length + 2;
  const whole = Math.ceil((before + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${dictionary.padEnd(whole - before - 1)}\n`;
  const bytes = new DataView(new ArrayBuffer(whole + 4 * images.length));
  for (const [index, letter] of [...MAGIC].entries()) {
    bytes.setUint8(index, letter.charCodeAt(0));
  }
  bytes.setUint16(MAGIC.length, header.length, true);
  for (const [index, letter] of [...header].entries()) {
    bytes.setUint8(before + index, letter.charCodeAt(0));
  }
  for (const [index, pixel] of images.entries()) {
    bytes.setFloat32(whole + 4 * index, pixel, true);
  }
  return new Blob([bytes], { type: 'application/octet-stream' });
}
