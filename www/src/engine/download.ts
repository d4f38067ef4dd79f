// Gets a file from the server, or says in words for people why it cannot be had.

import { fromDisk } from './disk.ts';
import { withinTime } from './timeout.ts';

export interface Progress {
  /** What is being loaded, for people, to stand behind "the". */
  what: string;
  /** How much has arrived. */
  bytes: number;
  /** Whether something that runs already has to wait for it. */
  waited?: boolean;
}

/** Milliseconds without a byte. A slow connection is not cut off, only one that stands still. */
const STALL_TIMEOUT = 20_000;

/** Milliseconds to compile a module after its last byte. A phone takes seconds for ten megabytes. */
const COMPILE_TIMEOUT = 60_000;

/** The beginning of a web page, which stands for an error or asks for a password. */
const WEB_PAGE = /^\s*<(!doctype|!--|html|head|body|\?xml)/i;

/** The file that this code is in: as the source has it, or as the build of this page names it. */
const OWN_FILE = /\/(download\.[jt]s|actmax-engine-[\w-]+\.js)$/;

/** A hint for errors where a bundler has moved this code, and left the files behind. */
const MOVED = OWN_FILE.test(import.meta.url.replace(/[?#].*$/, ''))
  ? ''
  : ' A bundler has moved the code that asks for it: see "Where it runs" in the README of actmax.';

/**
 * Addresses that have been asked for. Whoever asks again could not use what came: it must not come from the HTTP cache
 * a second time.
 */
const asked = new Set<string>();

/**
 * Fetches a module and compiles it as it arrives.
 *
 * @returns Rejects, in words for people; it can then be tried again.
 */
export async function compile(
  url: URL,
  what: string,
  report: (progress: Progress) => void,
): Promise<WebAssembly.Module> {
  try {
    return await compiled(url, what, report);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) {
      throw error;
    }
  }
  // A damaged copy may have been in the HTTP cache.
  return compiled(url, what, report).catch((error) => {
    const isDamaged = error instanceof WebAssembly.CompileError;
    throw isDamaged ? new Error(`The ${what} could not be loaded from ${url}: what came is damaged.`) : error;
  });
}

async function compiled(url: URL, what: string, report: (progress: Progress) => void) {
  const through = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: Infinity });
  const headers = { 'content-type': 'application/wasm' }; // Not all servers send it.
  const module = WebAssembly.compileStreaming(new Response(through.readable, { headers }));
  module.catch(() => {}); // It is awaited below; after a failed download, that error is the cause.
  const sink = through.writable.getWriter();
  const write = (chunk: Uint8Array) => {
    sink.write(chunk).catch(() => {}); // `module` rejects, too, and says why.
  };
  try {
    await download(url, what, report, write);
  } catch (error) {
    sink.abort(error).catch(() => {});
    throw error;
  }
  sink.close().catch(() => {});
  const late = `The ${what} from ${url} could not be compiled within a minute.`;
  return withinTime(module, COMPILE_TIMEOUT, late);
}

/**
 * Fetches a file whole.
 *
 * @param what For people, to stand behind "the".
 * @param report Hears of what has arrived.
 * @param onChunk Gets every piece as it arrives.
 * @returns Rejects, in words for people; it can then be tried again.
 */
export async function download(
  url: URL | string,
  what: string,
  report: (progress: Progress) => void = () => {},
  onChunk?: (chunk: Uint8Array) => void,
) {
  const [file] = String(url).split('?');
  const problem = `The ${what} could not be loaded from ${file}`;
  const connection = new AbortController();
  try {
    const response = await answer(url, problem, connection.signal);
    return await arrived(response, problem, (chunk, all) => {
      report({ what, bytes: all });
      onChunk?.(chunk);
    });
  } finally {
    connection.abort();
  }
}

async function answer(url: URL | string, problem: string, signal: AbortSignal) {
  const late = `${problem}: the server did not answer within 20 seconds.`;
  const { protocol, href } = new URL(url, import.meta.url);
  const local = protocol === 'file:';
  const cache = asked.has(href) ? 'reload' : 'default';
  asked.add(href);
  const request = (local ? fromDisk(url) : fetch(url, { signal, cache })).catch((error) => {
    throw new Error(`${problem}: ${local ? error.message : 'is there a connection?'}`);
  });
  const response = await withinTime(request, STALL_TIMEOUT, late);
  if (!response.ok || !response.body) {
    throw new Error(`${problem}: the server says ${response.status}.${response.status === 404 ? MOVED : ''}`);
  }
  return response;
}

/** All bytes of a response. */
async function arrived(
  response: Response,
  problem: string,
  onChunk: (chunk: Uint8Array<ArrayBuffer>, all: number) => void,
) {
  const reader = response.body!.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let all = 0;
  for (;;) {
    const read = reader.read().catch(() => {
      throw new Error(`${problem}: the connection broke off after ${kilobytes(all)}.`);
    });
    const late = `${problem}: after ${kilobytes(all)}, nothing more came for 20 seconds.`;
    const { done, value } = await withinTime(read, STALL_TIMEOUT, late);
    if (done) {
      return new Uint8Array(await new Blob(chunks).arrayBuffer());
    }
    if (all === 0 && WEB_PAGE.test(new TextDecoder().decode(value.subarray(0, 100)))) {
      throw new Error(`${problem}: the server sent a web page in its place.${MOVED}`);
    }
    chunks.push(value);
    all += value.byteLength;
    onChunk(value, all);
  }
}

function kilobytes(bytes: number) {
  return `${Math.round(bytes / 1000)} kB`;
}
