// What is used of gifenc, which has no types of its own.
declare module 'gifenc' {
  export interface Encoder {
    writeFrame(pixels: Uint8Array, width: number, height: number, options: object): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }
  export function GIFEncoder(): Encoder;
}
