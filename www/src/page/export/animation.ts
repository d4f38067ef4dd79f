// The run as an animated GIF, from its start to the last iteration made: the images alone, or with words, for a slide.
// Alone, the colors are exact: a GIF has room for 256, and no color map has more.

import { breaks } from '../../engine/breaks.ts';
import { type Paint, painted } from '../../figure/colors.ts';
import { FRAME, LAST_FRAME, MOST_FRAMES_OF_SLIDE, type Moment } from './moments.ts';
import { inWords } from './picture.ts';
import { smoothMoments } from './replay.ts';
import { Sheet } from './sheet.ts';
import { type Shown, scalesOfAll } from './shown.ts';
import { Slide, graysOf } from './slide.ts';
import { type Work, advance } from './work.ts';

/** How much pixels are enlarged: half as much as in the picture, for less than half of the bytes. */
const ONE = 10;
const MANY = 4;

/** In a GIF's palette. */
const PLACES = 256;

const MOST_FRAMES = 120;

/** Grays for words, which take the places of so many of the figure's colors. */
const GRAYS = 16;

/** What a frame looks like. */
interface Film {
  width: number;
  height: number;
  palette: Palette;
  mostFrames: number;
  /** @param colors Of each network: places in the palette. */
  draw(target: Uint8Array, moment: Moment, colors: Uint8Array[]): void;
}

export function animation(shown: Shown, work: Work): Promise<Blob> {
  const { networkResults, digits } = shown.experiment;
  const sheet = new Sheet(networkResults.length, digits.length, digits.length === 1 ? ONE : MANY);
  const draw = (target: Uint8Array, _: Moment, colors: Uint8Array[]) =>
    colors.forEach((it, network) => sheet.put(target, network, it));
  const { width, height } = sheet;
  const palette = paletteOf(shown.paint);
  return encoded(shown, { width, height, palette, mostFrames: MOST_FRAMES, draw }, work);
}

/** 1920 × 1080, with digits, probabilities and the iteration. */
export function slideAnimation(shown: Shown, work: Work): Promise<Blob> {
  const slide = new Slide(shown);
  const palette = paletteOf(shown.paint, graysOf(GRAYS));
  const draw = (target: Uint8Array, { iteration }: Moment, colors: Uint8Array[]) =>
    slide.draw(target, iteration, colors, palette.grays);
  const { width, height } = slide;
  return encoded(shown, { width, height, palette, mostFrames: MOST_FRAMES_OF_SLIDE, draw }, work);
}

async function encoded(
  shown: Shown,
  { width, height, palette: { colors: palette, indexOf, clear }, mostFrames, draw }: Film,
  work: Work,
): Promise<Blob> {
  const moments = await smoothMoments(shown, mostFrames, work);
  const scales = scalesOfAll(shown, moments[moments.length - 1].images);
  const frame = new Uint8Array(width * height).fill(clear);
  const before = frame.slice();
  const encoder = await newEncoder();
  const pause = breaks();
  for (const [index, moment] of moments.entries()) {
    const colors = moment.images.map((pixels, network) =>
      Uint8Array.from(inWords(painted(pixels, scales[network], shown.paint)), (it) => indexOf.get(it) ?? clear),
    );
    draw(frame, moment, colors);
    // Pixels that stay the same are left transparent, which makes the file smaller.
    const news = frame.map((it, pixel) => (it === before[pixel] ? clear : it));
    before.set(frame);
    encoder.writeFrame(news, width, height, {
      palette: index === 0 ? palette : null, // All frames use that of the first.
      delay: index === moments.length - 1 ? LAST_FRAME : moment.lasts * FRAME,
      repeat: 0, // For ever.
      transparent: true,
      transparentIndex: clear,
      dispose: 1, // Each is drawn over the one before.
    });
    advance(work, (index + 1) / moments.length);
    await pause();
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: 'image/gif' });
}

interface Palette {
  colors: number[][];
  /** The place of a color that a figure paints. */
  indexOf: Map<number, number>;
  /** The places of the grays. */
  grays: number[];
  /** The place of what is transparent. */
  clear: number;
}

/**
 * The colors that a figure has, then the grays, and at the end one for what is transparent. Where there are grays,
 * some of the figure's colors stand for their neighbors, too.
 */
function paletteOf(paint: Paint, grays: number[][] = []): Palette {
  const ramp = Float32Array.from({ length: 784 }, (_, index) => index / 784);
  const { data } = paint(ramp, 0, 1);
  // In the order of the ramp. Viridis has 254 in fact, since two occur twice, and diverging colors are 255. So there is a
  // place for the transparent one.
  const painted = [...new Set(new Uint32Array(data.buffer))];
  const room = Math.min(painted.length, PLACES - 1 - grays.length);
  const indexOf = new Map(painted.map((color, at) => [color, Math.floor((at * room) / painted.length)]));
  const colors: number[][] = [];
  for (const [color, index] of indexOf) {
    colors[index] ??= [...new Uint8Array(Uint32Array.of(color).buffer).subarray(0, 3)];
  }
  return {
    colors: [...colors, ...grays, [0, 0, 0]],
    indexOf,
    grays: grays.map((_, at) => room + at),
    clear: room + grays.length,
  };
}

/** Loaded when it is first needed. */
async function newEncoder() {
  let gifenc;
  try {
    gifenc = await import('gifenc');
  } catch {
    throw new Error('The maker of GIFs could not be loaded: is there a connection?');
  }
  return gifenc.GIFEncoder();
}
