// A video of a run: the browser encodes its frames, mediabunny puts them into a file.

import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';

import { painted } from '../../figure/colors.ts';
import { type Encoded, FrameEncoder } from './frame-encoder.ts';
import { FRAME, LAST_FRAME, MOST_FRAMES_OF_SLIDE } from './moments.ts';
import { inWords } from './picture.ts';
import { smoothMoments } from './replay.ts';
import { type Shown, scalesOfAll } from './shown.ts';
import { Slide, graysInWords } from './slide.ts';
import type { VideoFormat } from './video.ts';
import { type Work, advance } from './work.ts';

/** Frames from one that is encoded by itself to the next: whoever seeks waits for these at most. */
const GROUP = 20;

const MICROSECONDS = 1000;

export async function videoFile(shown: Shown, format: VideoFormat, work: Work): Promise<Blob> {
  advance(work, 0); // It may have been canceled while this module came.
  const encoder = new FrameEncoder(format.config);
  const cancel = () => encoder.close();
  work.signal.addEventListener('abort', cancel);
  try {
    await encodeAll(encoder, shown, work);
    return await fileOf(await encoder.finish(), format);
  } finally {
    work.signal.removeEventListener('abort', cancel);
    encoder.close();
  }
}

/** Every frame lasts as long as the others, because players are made for that: a moment that lasts longer is repeated. */
async function encodeAll(encoder: FrameEncoder, shown: Shown, work: Work) {
  const moments = await smoothMoments(shown, MOST_FRAMES_OF_SLIDE, work);
  moments[moments.length - 1].lasts = LAST_FRAME / FRAME;
  const count = moments.reduce((sum, { lasts }) => sum + lasts, 0);
  const scales = scalesOfAll(shown, moments[moments.length - 1].images);
  const slide = new Slide(shown);
  const whole = new ImageData(slide.width, slide.height);
  const grays = graysInWords();
  let frames = 0;
  for (const { iteration, images, lasts } of moments) {
    const colors = images.map((pixels, network) => inWords(painted(pixels, scales[network], shown.paint)));
    slide.draw(inWords(whole), iteration, colors, grays);
    for (let repeated = 0; repeated < lasts; repeated += 1) {
      const frame = new VideoFrame(whole.data, {
        format: 'RGBX',
        codedWidth: slide.width,
        codedHeight: slide.height,
        timestamp: frames * FRAME * MICROSECONDS,
        duration: FRAME * MICROSECONDS,
      });
      await encoder.encode(frame, frames % GROUP === 0);
      frames += 1;
      advance(work, frames / count);
    }
  }
}

async function fileOf(encoded: Encoded[], { name, encoding, config }: VideoFormat) {
  const target = new BufferTarget();
  const format = name === 'MP4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat();
  const output = new Output({ format, target });
  const packets = new EncodedVideoPacketSource(encoding);
  output.addVideoTrack(packets, { frameRate: config.framerate });
  await output.start();
  for (const { chunk, meta } of encoded) {
    await packets.add(EncodedPacket.fromEncodedChunk(chunk), meta);
  }
  await output.finalize();
  if (!target.buffer) {
    throw new Error('The video has no bytes.');
  }
  return new Blob([target.buffer], { type: format.mimeType });
}
