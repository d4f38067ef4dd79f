// The run as a video for a slide: whether and how this browser can write one. What writes it is loaded when it is first
// needed.

import { FRAME } from './moments.ts';
import type { Shown } from './shown.ts';
import { HEIGHT, WIDTH } from './slide-layout.ts';
import type { Work } from './work.ts';

export interface VideoFormat {
  name: 'MP4' | 'WebM';
  /** As mediabunny calls it. */
  encoding: 'avc' | 'vp9';
  config: VideoEncoderConfig;
}

/**
 * By preference: PowerPoint and Keynote play H.264 in an MP4. Its profiles come from the best to the plainest. (Those
 * that have no VP9, either, could have VP8: Chromium takes a minute for it, and no browser needs it.)
 */
const CODECS = [
  { name: 'MP4', encoding: 'avc', codec: 'avc1.640028' },
  { name: 'MP4', encoding: 'avc', codec: 'avc1.4d0028' },
  { name: 'MP4', encoding: 'avc', codec: 'avc1.420028' },
  { name: 'WebM', encoding: 'vp9', codec: 'vp09.00.40.08' },
] as const;

/** Bits per second. */
const BITRATE = 12_000_000;

/** The first format that this browser can write, if there is one. */
export async function videoFormat(): Promise<VideoFormat | undefined> {
  for (const { name, encoding, codec } of CODECS) {
    const config = { codec, width: WIDTH, height: HEIGHT, framerate: 1000 / FRAME, bitrate: BITRATE };
    if (await canEncode(config)) {
      return { name, encoding, config };
    }
  }
  return undefined;
}

async function canEncode(config: VideoEncoderConfig) {
  if (!('VideoEncoder' in globalThis)) {
    return false;
  }
  try {
    return (await VideoEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false; // It does not even know the codec's name.
  }
}

/** Why there is no format, as a sentence. */
export function lackOfVideo() {
  return isSecureContext
    ? 'This browser cannot write video.'
    : 'Browsers write video only where the page came over a secure connection (https), and this one did not.';
}

/** 1920 × 1080, with digits, probabilities and the iteration. */
export async function slideVideo(shown: Shown, format: VideoFormat, work: Work): Promise<Blob> {
  let maker;
  try {
    maker = await import('./video-file.ts');
  } catch {
    throw new Error('The maker of videos could not be loaded: is there a connection?');
  }
  return maker.videoFile(shown, format, work);
}
