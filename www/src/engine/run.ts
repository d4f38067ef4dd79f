// A run: images on their way to their digits, on whichever backend the engine is on.

import type { Run as ModuleRun, Snapshot } from '../../pkg/webgpu/actmax.js';
import { compare, sampled } from './agreement.ts';
import { MOST_ITERATIONS, checkWhole, writeSettings } from './checks.ts';
import { Fault, Refusal, asking } from './errors.ts';
import { turn } from './frames.ts';
import { BatchSizer } from './batch-sizer.ts';
import type { Engine } from './engine.ts';
import type { Source } from './networks.ts';
import type { Session } from './session.ts';
import { type Begin, type Place, type StepSettings, comparable, kindOf, openRun, used } from './task.ts';
import { AdaptiveTimeout } from './timeout.ts';
import { TRACE_STRIDE } from './trace.ts';

export type { Snapshot } from '../../pkg/webgpu/actmax.js';

/** The most iterations of one call, times images: its trace then has 44 MB. */
const MOST_AT_ONCE = 1e6;
/**
 * Milliseconds that a piece of a call may take. Longer than a player's part of a frame, so that the player's calls
 * are made in one piece; short enough for the page to respond to people between pieces.
 */
const PIECE = 16;

type State = 'ready' | 'advancing' | 'freed';

export class Run {
  #engine: Engine;
  #begin: Begin;
  #source: Source;
  #pca: Uint8Array | undefined;
  #session: Session;
  #run: ModuleRun;
  #state: State = 'ready';
  /** How long its snapshots take on this session, and how many iterations fit into a piece. */
  #timeout = new AdaptiveTimeout();
  #batchSizer = new BatchSizer();
  /** Its last snapshot; undefined, while the run has not been read. */
  #last: Place | undefined;
  /** The settings of its last iterations, as JSON. */
  #asked = '{}';
  /** How the last iterations were made: `fused` or `reference`. It may change with the settings. */
  path = '';
  /** Milliseconds that the last call kept the main thread. */
  busy = 0;

  /**
   * From `engine.begin`.
   *
   * @param source Of the network.
   * @param pca The principal components, for the parameterization `pca`.
   * @param from Where it goes on from, if not from its start.
   */
  constructor(engine: Engine, session: Session, begin: Begin, source: Source, pca?: Uint8Array, from?: Place) {
    this.#engine = engine;
    this.#begin = begin;
    this.#source = source;
    this.#pca = pca;
    this.#last = from;
    this.#session = session;
    this.#run = this.#open(session);
  }

  /** The run on a session: from its last snapshot, if there is one. */
  #open(session: Session) {
    const network = session.network(this.#source);
    return openRun(network, this.#begin, this.#pca, this.#last);
  }

  #moveTo(session: Session) {
    const moved = this.#open(session);
    this.#release();
    if (this.#session !== session) {
      this.#session = session;
      this.#timeout = new AdaptiveTimeout();
    }
    this.#run = moved;
  }

  /**
   * Makes a run like this one on a GPU, compares it with the CPU's, and forgets it: the kernels that this one needs
   * are then compiled, and it can move there without a pause.
   *
   * @returns Rejects when the GPU does not work, or computes wrongly.
   */
  async prepare(gpu: Session, cpu: Session): Promise<void> {
    const open = comparable(this.#source, this.#begin, this.#pca);
    compare(await sampled(gpu, open, this.#asked), await sampled(cpu, open, this.#asked));
    gpu.vouchedFor(this.#source).add(kindOf(this.#begin));
  }

  /** Which backend the run is on. */
  get backend() {
    return this.#session.name;
  }

  /** Iterations made, as of the last snapshot. */
  get iteration() {
    return this.#last?.iteration ?? 0;
  }

  /** What the time of an iteration depends on. */
  kind(settings: StepSettings) {
    return String([this.backend, this.path, used(settings)]);
  }

  /**
   * Makes `count` iterations (0 to look only) and reads the run. One call at a time: the next when this
   * one has settled. What takes long is made in pieces, between which the page has its turn.
   *
   * If the backend breaks down meanwhile, the run goes back to its last snapshot, moves to the CPU
   * and makes the iterations there.
   *
   * @param count At most 1,000,000, times the number of images.
   * @param settings May differ from those of the last call.
   * @returns Its trace has these `count` iterations. Rejects, in words for people, when the count or a setting cannot
   *   be used, and when the run is freed meanwhile. A run that has not been freed is then where it was before the call.
   */
  async advance(count: number, settings: StepSettings): Promise<Snapshot> {
    checkWhole('number of iterations', count, Math.floor(MOST_AT_ONCE / this.#begin.digits.length));
    checkWhole('number of iterations of the whole run', this.iteration + count, MOST_ITERATIONS);
    const asked = writeSettings(settings);
    this.#checkThere();
    if (this.#state === 'advancing') {
      throw new Refusal('The run still makes the iterations of another call. Wait for that before the next.');
    }
    this.#state = 'advancing';
    const before = this.#last;
    this.busy = 0;
    try {
      return await this.#inPieces(count, asked, used(settings));
    } catch (error) {
      this.#last = before;
      throw error;
    } finally {
      if (this.#state === 'advancing') {
        this.#state = 'ready';
      }
    }
  }

  async #inPieces(count: number, asked: string, kind: string): Promise<Snapshot> {
    const begin = this.iteration;
    const end = begin + count;
    const piece = () =>
      this.#engine.attempt((session) => this.#piece(session, end - this.iteration, asked, kind));
    let snapshot = await piece();
    if (snapshot.iteration === end) {
      return snapshot;
    }
    const stride = this.#begin.digits.length * TRACE_STRIDE;
    const trace = new Float32Array(count * stride);
    trace.set(snapshot.trace);
    while (snapshot.iteration < end) {
      await turn();
      const made = this.iteration - begin;
      snapshot = await piece();
      trace.set(snapshot.trace, made * stride);
    }
    return { ...snapshot, trace };
  }

  /** Makes as many of the iterations as fit into a piece, and reads the run. */
  async #piece(session: Session, left: number, asked: string, kind: string) {
    this.#checkThere();
    asking(() => session.module.checkSettings(asked));
    // A call that failed may have left the module's run further on than the last snapshot.
    if (this.#session !== session || this.#run.iteration !== this.iteration) {
      this.#moveTo(session);
    }
    this.#asked = asked;
    const launch = asking(() => this.#run.largestStep(asked));
    // On the CPU, a step blocks the page until it is computed: a piece is one launch at most. A GPU queues several
    // launches, and computes them while the page goes on.
    const most = session.name === 'cpu' ? launch : Infinity;
    const count = Math.min(left, most, this.#batchSizer.next(`${session.title} ${kind}`, PIECE));
    const began = performance.now();
    for (let rest = count; rest > 0; rest -= launch) {
      asking(() => this.#run.step(Math.min(rest, launch), asked));
    }
    const pending = asking(() => this.#run.snapshot(asked));
    this.busy += performance.now() - began;
    this.path = this.#run.path;
    const size = count + 1; // The snapshot itself takes about as long as a step.
    const snapshot = await session.wait(pending, this.#timeout.milliseconds(asked, size));
    const took = performance.now() - began;
    this.#checkThere();
    if (session.name === 'webgpu') {
      if (!snapshot.now.every(Number.isFinite)) {
        // If the settings are the cause, the CPU has the same results.
        throw new Fault('The GPU gave what is no number.', 'the GPU computes wrongly');
      }
      await this.#vouch(session, asked, kind);
    }
    if (count > 0) {
      this.#timeout.took(asked, size, took);
      this.#batchSizer.record(count, took);
    }
    this.#last = snapshot;
    if (count > 0) {
      this.#engine.computed();
    }
    return snapshot;
  }

  /**
   * Compares a run whose settings have kernels of their own with the CPU's, the first time. What no fused kernel does,
   * Burn does with other kernels for each setting; and the gradient blur has a fused kernel of its own.
   */
  async #vouch(session: Session, asked: string, kind: string) {
    const blurs = kind.includes('gradientBlur') ? 'gradientBlur' : '';
    const own = this.path === 'reference' ? kind : blurs;
    if (own === '') {
      return; // The kernels of the run were compared when it began.
    }
    await this.#engine.vouch({
      session,
      source: this.#source,
      kind: kindOf(this.#begin, own),
      open: comparable(this.#source, this.#begin, this.#pca),
      settings: asked,
    });
  }

  /**
   * Goes back to where it was: its next iterations are made from there.
   *
   * @param place Of an earlier snapshot; the start, if there is none.
   */
  goBack(place: Place | undefined) {
    this.#last = place;
  }

  #checkThere() {
    if (this.#state === 'freed') {
      throw new Refusal('The run has been freed, and can make no more iterations. Begin another.');
    }
  }

  /** Gives back what the run holds. It cannot be used afterward; what it is still asked for rejects. */
  free() {
    if (this.#state === 'freed') {
      return;
    }
    this.#state = 'freed';
    this.#engine.forget(this);
    this.#release();
  }

  #release() {
    if (!this.#session.fault) {
      this.#run.free(); // A broken module is not called again: its memory goes with it.
    }
  }
}
