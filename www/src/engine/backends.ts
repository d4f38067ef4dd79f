// Holds the session in use. Unless WebGPU is asked for, an engine begins on the CPU, whose module is there first. It
// moves to WebGPU when that is ready and has been chosen, and to the CPU or to a fresh CPU module when a session
// breaks down.

import { vouch } from './agreement.ts';
import { type Known, type Status, chooseBackend } from './choose-backend.ts';
import type { Options as EngineOptions } from './engine.ts';
import { Refusal, messageOf, whyLeft } from './errors.ts';
import type { Files } from './files.ts';
import type { FirstPicture } from './first-picture.ts';
import { quietly } from './late-progress.ts';
import type { Run } from './run.ts';
import { Session } from './session.ts';
import { SpareCpu } from './spare-cpu.ts';

export type Options = Required<EngineOptions>;

/** The other parts of the engine. */
export interface World {
  files: Files;
  /** Those that have not been freed. */
  runs: Iterable<Run>;
  picture: FirstPicture;
}

/** How often a piece of work may break down: on WebGPU, on the CPU, and on a fresh CPU module. */
const MOST_BREAKDOWNS = 3;

export class Backends {
  #options: Options;
  #world: World;
  /** The session in use. */
  #session: Session;
  #spare: SpareCpu;
  /** The move from the CPU to WebGPU, while it is under way. */
  #moving: Promise<void> | undefined;
  /** The move from a broken session to the CPU, while it is under way. */
  #leaving: Promise<void> | undefined;
  status: Status;

  private constructor(options: Options, world: World, session: Session, status: Status) {
    this.#options = options;
    this.#world = world;
    this.#session = session;
    this.#spare = new SpareCpu(options.onProgress);
    this.status = status;
    options.onStatus(status);
  }

  /**
   * Loads a backend.
   *
   * @returns Rejects when not even the CPU module can be loaded.
   */
  static async start(options: Options, world: World): Promise<Backends> {
    const { backend, onProgress } = options;
    if (backend === 'webgpu') {
      const { session, status } = await openWebGPU(options);
      return new Backends(options, world, session ?? (await Session.open('cpu', onProgress)), status);
    }
    const session = await Session.open('cpu', onProgress);
    const backends = new Backends(options, world, session, chooseBackend({ forced: backend }));
    if (backend === 'auto') {
      backends.upgraded = backends.#move();
    }
    return backends;
  }

  /** Settles when it is decided whether WebGPU takes over. Never rejects. */
  upgraded = Promise.resolve();

  /**
   * Tries WebGPU behind a running CPU, and moves there if it is chosen. Does not wait for the first picture.
   *
   * @returns Never rejects: the status says what came of it.
   */
  tryWebGPU(): Promise<void> {
    this.#world.picture.skip();
    return this.#session.name === 'webgpu' ? Promise.resolve() : this.#move();
  }

  #move() {
    this.#moving ??= this.#upgrade().finally(() => (this.#moving = undefined));
    return this.#moving;
  }

  async #upgrade() {
    if (!this.status.undecided) {
      this.#say(chooseBackend({ forced: this.#options.backend }));
    }
    const { session, status } = await openWebGPU(this.#options, {
      before: () => this.#world.picture.wait(),
      trial: (gpu) => this.#try(gpu),
    });
    if (session) {
      this.#spare.keep(this.#session);
      this.#session = session;
    }
    this.#say(status);
  }

  /**
   * Tries WebGPU out, and prepares the runs that have begun for it.
   *
   * @returns Rejects when WebGPU does not work, or computes wrongly.
   */
  async #try(gpu: Session): Promise<Known['frame']> {
    const cpu = this.#session;
    const { backend, trial } = this.#options;
    const frame = backend === 'auto' ? await trial(gpu, cpu, this.#world.files.sources) : undefined;
    for (const run of this.#world.runs) {
      await run.prepare(gpu, cpu);
    }
    return frame;
  }

  /** Compares a GPU's results for a kind of run with the CPU's, the first time that this kind is asked for. */
  vouch(what: Parameters<typeof vouch>[0]) {
    return vouch(what, () => this.#spare.session());
  }

  #say(status: Status) {
    this.status = status;
    this.#options.onStatus(status);
  }

  /** The session in use. */
  get session() {
    return this.#session;
  }

  /**
   * Calls `work` with the session in use; if that session breaks down, again with the next.
   *
   * @returns Rejects with a `Refusal` of what was asked for, or when the work has broken one session after another.
   */
  async attempt<T>(work: (session: Session) => Promise<T>): Promise<T> {
    for (let breakdowns = 0; ; ) {
      const { fault } = this.#session;
      if (fault) {
        this.#session.abandon(fault);
        await this.#leave(this.#session, fault);
      }
      const session = this.#session;
      try {
        return await work(session);
      } catch (error) {
        if (error instanceof Refusal) {
          throw error;
        }
        const cause = session.abandon(error);
        await this.#leave(session, cause);
        breakdowns += 1;
        if (breakdowns === MOST_BREAKDOWNS) {
          throw cause;
        }
      }
    }
  }

  /**
   * Moves from an abandoned session to one on the CPU.
   *
   * @param error Why it is left.
   * @returns Rejects when there is no other session; it can then be tried again.
   */
  async #leave(broken: Session, error: unknown): Promise<void> {
    if (this.#session === broken) {
      this.#leaving ??= this.#replace(broken, error).finally(() => (this.#leaving = undefined));
      await this.#leaving;
    }
  }

  async #replace(broken: Session, error: unknown) {
    const fresh = this.#spare.take() ?? (await quietly(this.#options.onProgress, (report) => Session.open('cpu', report)));
    if (this.#session !== broken) {
      this.#spare.keep(fresh); // WebGPU has taken over meanwhile.
      return;
    }
    this.#session = fresh;
    if (broken.name === 'webgpu') {
      this.#say(chooseBackend({ forced: this.#options.backend, broken: whyLeft(error) }));
    } else {
      const reason = `A fresh CPU module has taken over from one that broke down: ${messageOf(error)}`;
      this.#say({ ...this.status, reason });
    }
  }
}

/**
 * Opens a session on WebGPU, if WebGPU is chosen, and says in the status why or why not.
 *
 * @returns Never rejects.
 */
async function openWebGPU(
  { backend, probe, onProgress }: Options,
  { before, trial }: {
    /** Waits until the WebGPU module may be loaded. */
    before?: () => Promise<void>;
    /** Rejects when the session cannot be used. */
    trial?: (session: Session) => Promise<Known['frame']>;
  } = {},
): Promise<{ session?: Session; status: Status }> {
  const known: Known = { forced: backend, adapter: await probe() };
  const first = chooseBackend(known);
  if (first.backend === 'cpu' && !first.undecided) {
    return { status: first };
  }
  await before?.();
  let session: Session | undefined;
  try {
    session = await Session.open('webgpu', onProgress);
    known.frame = await trial?.(session);
  } catch (error) {
    known.broken = session
      ? whyLeft(session.abandon(error))
      : { brief: 'WebGPU could not be started', reason: messageOf(error) };
  }
  const status = chooseBackend(known);
  if (status.backend === 'cpu') {
    session?.abandon(new Error(status.reason));
    return { status };
  }
  return { session, status };
}
