// The browser's video encoder. It works beside the page, and reports errors whenever they happen: they are thrown by the
// next call.

import { messageOf } from '../../engine/errors.ts';

/** Frames that wait for the encoder, of 8 MB each. */
const MOST_WAITING = 4;
/** Milliseconds after which to look again: Chrome has told of it since version 106, and no browser does after an error. */
const LOOK = 100;

export interface Encoded {
  chunk: EncodedVideoChunk;
  meta: EncodedVideoChunkMetadata | undefined;
}

export class FrameEncoder {
  #encoded: Encoded[] = [];
  #failure: unknown;
  #encoder = new VideoEncoder({
    output: (chunk, meta) => this.#encoded.push({ chunk, meta }),
    error: (error) => (this.#failure = error),
  });

  constructor(config: VideoEncoderConfig) {
    this.#encoder.configure(config);
  }

  /** @param frame Is given back to the browser. */
  async encode(frame: VideoFrame, keyFrame: boolean) {
    try {
      while (this.#encoder.encodeQueueSize >= MOST_WAITING && this.#encoder.state === 'configured') {
        await this.#dequeued();
      }
      this.#encoder.encode(frame, { keyFrame });
    } catch (error) {
      throw this.#failed(error);
    } finally {
      frame.close();
    }
  }

  /** All that was encoded. */
  async finish(): Promise<Encoded[]> {
    try {
      await this.#encoder.flush();
    } catch (error) {
      throw this.#failed(error);
    }
    return this.#encoded;
  }

  /** Whatever waits is dropped. */
  close() {
    if (this.#encoder.state !== 'closed') {
      this.#encoder.close();
    }
  }

  /** Resolves when fewer frames may be waiting. */
  #dequeued() {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK);
      this.#encoder.ondequeue = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What the encoder reported says more than that it is closed since then. */
  #failed(error: unknown) {
    const reason = messageOf(this.#failure ?? error);
    return new Error(`The video encoder of this browser failed after ${this.#encoded.length} frames (${reason}).`);
  }
}
