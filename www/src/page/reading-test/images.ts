// The images of a reading test: ten digits of every network and preset that is chosen, in random order.

import type { Engine } from '../../engine/engine.ts';
import type { NetworkName } from '../../engine/networks.ts';
import { TRACE_STRIDE } from '../../engine/trace.ts';
import { ALL_DIGITS, DEFAULTS, iterationsOf, stepSettingsOf, taskOf } from '../../settings/config.ts';
import { withPreset } from '../../settings/presets.ts';

const PIXELS = 784;
/** Seeds are drawn from 1 to this: enough that nobody sees the same images again, and short in a file. */
const MOST_SEED = 9999;
/** Iterations between two looks at whether it is to go on. */
const PIECE = 25;

/** A network, and a preset to make images with. */
export interface Source {
  network: NetworkName;
  preset: string;
}

export interface TestImage extends Source {
  /** Of the noise that it began with. */
  seed: number;
  /** That it was made for. */
  digit: number;
  /** The probability that the network gives to that digit. */
  probability: number;
  /** 784 pixels. */
  pixels: Float32Array;
}

/**
 * Makes the images.
 *
 * @param onShare Hears how much is done, 0 to 1.
 * @returns Rejects when it is aborted, or in words for people.
 */
export async function makeImages(
  engine: Engine,
  sources: Source[],
  { signal, onShare }: { signal: AbortSignal; onShare: (share: number) => void },
): Promise<TestImage[]> {
  const images: TestImage[] = [];
  for (const [index, source] of sources.entries()) {
    const onPart = (part: number) => onShare((index + part) / sources.length);
    images.push(...(await tenImages(engine, source, { signal, onShare: onPart })));
  }
  return shuffled(images);
}

async function tenImages(
  engine: Engine,
  { network, preset }: Source,
  { signal, onShare }: { signal: AbortSignal; onShare: (share: number) => void },
): Promise<TestImage[]> {
  const seed = 1 + random(MOST_SEED);
  const config = withPreset({ ...DEFAULTS, network, steps: iterationsOf(network), digits: ALL_DIGITS, seed }, preset);
  const run = await engine.begin({ network, digits: config.digits, ...taskOf(config) });
  try {
    let snapshot = await run.advance(0, stepSettingsOf(config));
    while (snapshot.iteration < config.steps) {
      signal.throwIfAborted();
      snapshot = await run.advance(Math.min(PIECE, config.steps - snapshot.iteration), stepSettingsOf(config));
      onShare(snapshot.iteration / config.steps);
    }
    const { images, now } = snapshot;
    return config.digits.map((digit, row) => ({
      network,
      preset,
      seed,
      digit,
      probability: Math.exp(now[row * TRACE_STRIDE + digit]),
      pixels: images.slice(row * PIXELS, (row + 1) * PIXELS),
    }));
  } finally {
    run.free();
  }
}

/** In random order; Fisher and Yates's. */
function shuffled<T>(items: T[]): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** A whole number from 0, below `count`; the bias of the remainder is one in a million here. */
function random(count: number) {
  return crypto.getRandomValues(new Uint32Array(1))[0] % count;
}
