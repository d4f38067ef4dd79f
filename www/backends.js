// @ts-check
// Which session work is on: it begins on the CPU, in the module that is there first; moves to WebGPU when
// that is ready and not slower; to a module with Burn, once something is asked for that takes it, on the CPU
// unless WebGPU is insisted on; and back to the CPU, or to a fresh module of it, when a session breaks down.

import { disagreement, sampled } from './agreement.js';
import { Refusal, isLacking, messageOf } from './errors.js';
import { Session } from './session.js';

/** @typedef {import('./session.js').BackendName} BackendName */

/**
 * @typedef {object} Status
 * @property {BackendName} backend Which one runs.
 * @property {string} [adapter] The name of the GPU, on WebGPU.
 * @property {string} [reason] Why WebGPU does not run, as a sentence, if it does not.
 * @property {boolean} [retry] Whether it may be worth trying WebGPU again.
 */

/** How often a piece of work may break down: on WebGPU, on the CPU, and on a fresh module of it. */
const MOST_BREAKDOWNS = 3;

/** Milliseconds that whoever waits for Burn is told nothing: it may be there by then. */
const QUIET = 500;

const REASONS = {
  asked: 'The CPU was asked for.',
  preparing: 'WebGPU is being prepared.',
  software:
    'The only GPU here is a software adapter, which is faster when used directly. ' +
    'To see WebGPU at work all the same, add ?backend=webgpu to the address.',
  // Of a plain step, to hand all operations to the GPU takes longer than the whole step on the CPU: see
  // what ./build.sh bench says of the main thread.
  burn:
    'What is asked for is computed by Burn, operation by operation, which the CPU does faster than it can ' +
    'tell a GPU of each. To see WebGPU at work all the same, add ?backend=webgpu to the address.',
};

export class Backends {
  #options;
  #files;
  #runs;
  /** @type {Session} The one that works; there is one from `start` on. */
  #session;
  /** @type {Session | undefined} The CPU's, while another works: it takes over at once. */
  #standby;
  /** @type {Promise<Session> | undefined} */
  #opening;
  /** @type {Promise<void> | undefined} */
  #leaving;
  /** @type {Promise<void> | undefined} */
  #completing;
  /** @type {Promise<void> | undefined} */
  #moving;
  /** @type {Status} */
  status = { backend: 'cpu', reason: REASONS.preparing };

  /**
   * @private
   * @param {Required<import('./engine.js').Options>} options
   * @param {import('./files.js').Files} files
   * @param {Iterable<import('./run.js').Run>} runs Those that will move.
   * @param {Session} session
   */
  constructor(options, files, runs, session) {
    this.#options = options;
    this.#files = files;
    this.#runs = runs;
    this.#session = session;
  }

  /**
   * Loads a backend.
   *
   * @param {Required<import('./engine.js').Options>} options
   * @param {import('./files.js').Files} files
   * @param {Iterable<import('./run.js').Run>} runs Those that have not been freed.
   * @returns {Promise<Backends>} Rejects when not even the CPU module can be loaded.
   */
  static async start(options, files, runs) {
    const { backend, onProgress } = options;
    if (backend === 'webgpu') {
      const { session, ...status } = await openWebGPU(options);
      const works = session ?? (await Session.open('cpu', onProgress));
      const backends = new Backends(options, files, runs, works);
      backends.#say(status);
      return backends;
    }
    const backends = new Backends(options, files, runs, await Session.open('cpu', onProgress));
    backends.#say({ backend: 'cpu', reason: REASONS[backend === 'cpu' ? 'asked' : 'preparing'] });
    if (backend === 'auto') {
      backends.upgraded = backends.tryWebGPU();
    }
    return backends;
  }

  /** Settles when it is decided whether WebGPU takes over. Never rejects. */
  upgraded = Promise.resolve();

  /**
   * Loads WebGPU behind a running CPU, and moves there if all is well.
   *
   * @returns {Promise<void>} Never rejects: the status says what came of it.
   */
  tryWebGPU() {
    this.#moving ??= this.#upgrade().finally(() => (this.#moving = undefined));
    return this.#moving;
  }

  async #upgrade() {
    if (this.#session.name === 'webgpu') {
      return;
    }
    if (this.status.reason !== REASONS.preparing) {
      this.#say({ backend: 'cpu', reason: REASONS.preparing });
    }
    const found = await openWebGPU(this.#options, (gpu) => this.#try(gpu));
    const { session, ...status } = found;
    if (session) {
      this.#standby = this.#session;
      this.#session = session;
    }
    this.#say(status);
  }

  /**
   * Tries WebGPU out, and readies it for the runs there are.
   *
   * @param {Session} gpu
   * @returns {Promise<string | undefined>} Why it will not do.
   */
  async #try(gpu) {
    const cpu = this.#session;
    const reason = await this.#options.trial(gpu, cpu, this.#files.sources);
    for (const run of reason ? [] : this.#runs) {
      const wrong = await run.prepare(gpu, cpu);
      if (wrong) {
        return wrong;
      }
    }
    return reason;
  }

  /**
   * Compares what a GPU makes of a kind of run with what the CPU does, the first time that it is asked for.
   *
   * @param {Session} session
   * @param {import('./networks.js').Source} source Of the network.
   * @param {string} kind All else that is compiled into its kernels.
   * @param {(session: Session) => import('./pkg/webgpu/actmax.js').Run} open Makes the run.
   * @returns {Promise<void>} Rejects when the session is not to be trusted.
   */
  async vouch(session, source, kind, open) {
    if (session.name === 'cpu' || session.vouchedFor(source).has(kind)) {
      return;
    }
    const frame = await sampled(session, open);
    const wanted = await this.#reference(open);
    const wrong = wanted && disagreement(frame, wanted);
    if (wrong) {
      throw new Error(wrong);
    }
    session.vouchedFor(source).add(kind);
  }

  /**
   * What the CPU makes of a run, if it can.
   *
   * @param {(session: Session) => import('./pkg/webgpu/actmax.js').Run} open
   */
  async #reference(open) {
    try {
      return await sampled(this.#standby ?? (await this.#openStandby()), open);
    } catch {
      return undefined; // Whoever needs the CPU hears of that.
    }
  }

  /** The CPU beside WebGPU: one instance, however many runs begin at once. */
  #openStandby() {
    this.#opening ??= Session.open('cpu', this.#options.onProgress)
      .then((session) => (this.#standby ??= session))
      .finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** @param {Status} status */
  #say(status) {
    this.status = status;
    this.#options.onStatus(status);
  }

  /** The session that works. */
  get session() {
    return this.#session;
  }

  /**
   * Does something with the session; if that breaks down, again with the next.
   *
   * @template T
   * @param {(session: Session) => Promise<T>} work
   * @returns {Promise<T>} Rejects with a `Refusal` of what was asked for, or when the work has
   *   broken one session after another.
   */
  async attempt(work) {
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
        if (isLacking(error)) {
          await this.#complete(session);
          continue;
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
   * Puts a session with Burn in the place of one without.
   *
   * @param {Session} lacking
   * @returns {Promise<void>} Rejects when there is no other; it can then be tried again.
   */
  async #complete(lacking) {
    if (this.#session === lacking) {
      this.#completing ??= this.#burn(lacking).finally(() => (this.#completing = undefined));
      await this.#completing;
    }
  }

  /** @param {Session} lacking */
  async #burn(lacking) {
    const { session, status } = await this.#withBurn(lacking);
    if (this.#session === lacking) {
      this.#session = session;
      this.#say(status ?? this.status);
    } else if (this.#standby === lacking) {
      this.#standby = session; // WebGPU was ready meanwhile.
      this.#say(this.status);
    }
  }

  /**
   * A session with Burn, for one without: on the CPU or, where WebGPU is insisted on and Burn works on this
   * GPU, there. With a status, where that changes.
   *
   * @param {Session} lacking
   * @returns {Promise<{ session: Session, status?: Status }>} Rejects when not even that can be had.
   */
  async #withBurn(lacking) {
    if (lacking.name === 'cpu') {
      return { session: await this.#openQuietly('flex') };
    }
    let reason = REASONS.burn;
    if (this.#options.backend === 'webgpu') {
      try {
        const { burnless } = await this.#options.probe();
        if (!burnless) {
          return { session: await this.#openQuietly('webgpu') };
        }
        reason = `${burnless} What was asked for takes Burn: the CPU computes it.`;
      } catch (error) {
        reason = messageOf(error);
      }
    }
    const standby = this.#standby;
    const session = standby?.burns && !standby.fault ? standby : await this.#openQuietly('flex');
    return { session, status: { backend: 'cpu', reason, retry: true } };
  }

  /**
   * Says nothing of loading a module while it may be there in no time.
   *
   * @param {import('./modules.js').ModuleName} name
   */
  async #openQuietly(name) {
    const { onProgress } = this.#options;
    let loud = false;
    let newest = /** @type {import('./download.js').Progress} */ ({ what: '', bytes: 0 });
    const timer = setTimeout(() => {
      loud = true;
      onProgress(newest);
    }, QUIET);
    const report = (/** @type {import('./download.js').Progress} */ progress) => {
      newest = { ...progress, waited: true };
      if (loud) {
        onProgress(newest);
      }
    };
    return Session.open(name, report).finally(() => clearTimeout(timer));
  }

  /**
   * Leaves a session that was given up for one on the CPU.
   *
   * @param {Session} broken
   * @param {unknown} error Why it is left.
   * @returns {Promise<void>} Rejects when there is no other; it can then be tried again.
   */
  async #leave(broken, error) {
    if (this.#session === broken) {
      this.#leaving ??= this.#replace(broken, error).finally(() => (this.#leaving = undefined));
      await this.#leaving;
    }
  }

  /** @param {Session} broken @param {unknown} error */
  async #replace(broken, error) {
    const standby = this.#standby;
    this.#standby = undefined;
    const fresh =
      standby && !standby.fault ? standby : await Session.open('cpu', this.#options.onProgress);
    if (this.#session !== broken) {
      return; // WebGPU was ready meanwhile.
    }
    this.#session = fresh;
    const reason = messageOf(error);
    this.#say(
      broken.name === 'webgpu'
        ? { backend: 'cpu', reason, retry: true }
        : { ...this.status, reason: `A fresh CPU module has taken over from one that broke down: ${reason}` },
    );
  }
}

/**
 * A session on WebGPU, or why there is none.
 *
 * @param {Required<import('./engine.js').Options>} options
 * @param {(session: Session) => Promise<string | undefined>} [trial] Whether it will do.
 * @returns {Promise<Status & { session?: Session }>}
 */
async function openWebGPU({ backend, probe, onProgress }, trial) {
  const insisted = backend === 'webgpu';
  const found = await probe();
  if (found.reason || (found.software && !insisted)) {
    return { backend: 'cpu', reason: found.reason ?? REASONS.software };
  }
  /** @type {Session | undefined} */
  let session;
  try {
    session = await Session.open('gpu', onProgress);
    const reason = insisted ? undefined : await trial?.(session);
    if (reason) {
      session.abandon(new Error(reason));
      return { backend: 'cpu', reason };
    }
    return { session, backend: 'webgpu', adapter: found.adapter };
  } catch (error) {
    session?.abandon(error);
    return { backend: 'cpu', reason: isLacking(error) ? REASONS.burn : messageOf(error), retry: true };
  }
}
