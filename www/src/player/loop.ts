// What one run does in each of its states, from its first snapshot to its last.

import { BatchSizer } from '../engine/batch-sizer.ts';
import type { StepSettings } from '../engine/task.ts';
import { stepSettingsOf } from '../settings/config.ts';
import type { Experiment } from './experiment.ts';
import { fillIn } from './fill-in.ts';
import { makePieces } from './pieces.ts';
import type { Callbacks } from './playback.ts';
import { Queue } from './queue.ts';
import { makeRestarted } from './restarted.ts';
import type { RunState } from './run-state.ts';
import { Speed } from './speed.ts';
import { type State, isMaking } from './states.ts';

/** Seconds that a run takes at each pace. */
const SECONDS = { slow: 12, normal: 3, full: 0 };
/** Milliseconds without a change after which a slider rests: dragging it makes one in every animation frame. */
const REST = 200;

export class Loop {
  #experiment: Experiment;
  #state: RunState;
  #callbacks: Callbacks;
  #signal: AbortSignal;
  /** What is asked of the experiment. */
  #queue = new Queue();
  /** The iterations to recall: they are computed beside what is asked of the experiment. */
  #recalls = new Queue();
  #batchSizer = new BatchSizer();
  #speed = new Speed();

  /** @param experiment Freed once `signal` is aborted and its last snapshot has come. */
  constructor(experiment: Experiment, state: RunState, callbacks: Callbacks, signal: AbortSignal) {
    this.#experiment = experiment;
    this.#state = state;
    this.#callbacks = callbacks;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#queue.add(() => experiment.free()));
  }

  /** Iterations a second, 0 while it is not known. */
  get speed() {
    return this.#speed.value;
  }

  /** Settles once all that has been asked of the experiment is done, or has failed. Never rejects. */
  get settled() {
    return this.#queue.settled;
  }

  /** Does what the state asks for, until the signal is aborted. Nothing is made that nobody sees. */
  async run() {
    while (!this.#signal.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        this.fail(error);
      }
    }
  }

  #turn(): Promise<unknown> {
    const { value } = this.#state;
    if (value === 'resting') {
      return this.#rest();
    }
    if (!isMaking(value) || !this.#callbacks.isSeen()) {
      return this.#state.change();
    }
    return value === 'rerunning' ? this.#rerun() : this.#make();
  }

  /** @param error Is told, unless nobody waits for what has failed. */
  fail(error: unknown) {
    if (!this.#signal.aborted) {
      this.#state.to('fail');
      this.#callbacks.onError(error);
    }
  }

  /** Plays, or goes to the iteration on show. */
  async #make() {
    this.#speed.start();
    const how = this.#how(this.#experiment, ['playing', 'seeking']);
    await makePieces(this.#experiment, { ...how, advance: (count) => this.advance(count) });
    const course = how.course();
    if (!course || this.#experiment.iteration < course.iterations) {
      return; // Something else is asked for by now, or nobody sees it.
    }
    const { at, steps } = this.#callbacks.config();
    if (this.#state.value === 'seeking' && at !== undefined && at < steps) {
      this.#state.to('arrive');
      return;
    }
    this.#state.to('end');
    if (this.isAsAsked) {
      this.#callbacks.onDone();
    } else {
      this.#state.to('rerun'); // A setting has changed while the last piece was made.
    }
  }

  /**
   * Makes iterations with the newest settings, once all that was asked for before is done; 0 only reads the run.
   *
   * @returns Rejects when they cannot be made.
   */
  advance(count: number): Promise<void> {
    return this.#queue.add(async () => {
      if (!this.#signal.aborted) {
        await this.#piece(this.#experiment, count, stepSettingsOf(this.#callbacks.config()));
        this.#speed.count(count);
        this.#callbacks.onFrame();
      }
    });
  }

  async #piece(experiment: Experiment, count: number, settings: StepSettings) {
    const began = performance.now();
    await experiment.advance(count, settings);
    if (count > 0) {
      this.#batchSizer.record(count, performance.now() - began);
    }
  }

  /** How the iterations of an experiment are made: as long as somebody sees it and the state is one of these. */
  #how(experiment: Experiment, states: State[]) {
    const course = () => {
      this.#callbacks.onTick(); // May find that nobody sees it.
      const state = this.#state.value;
      if (!states.includes(state) || !this.#callbacks.isSeen()) {
        return undefined;
      }
      const config = this.#callbacks.config();
      const { steps, at, pace } = config;
      experiment.place = at;
      return {
        settings: stepSettingsOf(config),
        iterations: state === 'seeking' ? Math.min(at ?? steps, steps) : steps,
        pace: state === 'playing' && SECONDS[pace] > 0 ? steps / SECONDS[pace] : Infinity,
        at,
      };
    };
    const advance = (count: number, settings: StepSettings) => this.#piece(experiment, count, settings);
    return { course, advance, batchSizer: this.#batchSizer, signal: this.#signal };
  }

  /** Makes all iterations with the newest settings, and replaces what is on show. If others are asked for then, again. */
  async #rerun() {
    const experiment = this.#experiment;
    if (this.isAsAsked && experiment.iteration === this.#callbacks.config().steps) {
      this.#state.to('made');
      return;
    }
    const restarted = await experiment.restarted();
    let isTaken = false;
    try {
      const isMade = await makeRestarted(restarted, this.#how(restarted, ['rerunning']), this.#callbacks.onSlow);
      isTaken = isMade && (await this.#queue.add(() => this.#take(restarted)));
    } finally {
      if (!isTaken) {
        restarted.free();
      }
    }
    this.recall();
  }

  /** @returns Whether it is still wanted. */
  #take(restarted: Experiment): boolean {
    if (this.#signal.aborted) {
      return false;
    }
    this.#experiment.replaceBy(restarted);
    this.#callbacks.onFrame();
    return true;
  }

  /** Whether the last iterations were made with the settings as they are. */
  get isAsAsked() {
    const settings = stepSettingsOf(this.#callbacks.config());
    return this.#experiment.networkResults.every(({ history }) => history.endsWith(settings));
  }

  /** Waits until the slider rests; then the run is done. */
  async #rest() {
    const isMoved = this.#callbacks.isSeen() && (await this.#state.change(REST));
    if (this.#state.value !== 'resting' || (isMoved && this.#callbacks.isSeen())) {
      return;
    }
    this.#state.to('rest');
    this.#callbacks.onDone();
    const isWanted = () => this.#state.value === 'done' && this.#callbacks.isSeen();
    await this.#telling(() => fillIn(this.#experiment, isWanted, this.#signal));
  }

  /** Computes the images of the iteration on show, if there is no snapshot of it. */
  recall() {
    this.#recalls.add(() => this.#telling(() => this.#recall()));
  }

  async #recall() {
    const { at } = this.#callbacks.config();
    this.#experiment.place = at;
    if (at !== undefined && (await this.#experiment.recall(at))) {
      this.#callbacks.onFrame();
    }
  }

  /** Does something whose failure leaves the state as it is. */
  async #telling(work: () => Promise<void>) {
    try {
      await work();
    } catch (error) {
      if (!this.#signal.aborted) {
        this.#callbacks.onError(error);
      }
    }
  }
}
