// @ts-check
// Plays an experiment as a configuration asks: begins it, restarts it, follows changed settings, goes to an
// iteration, and pauses while nobody sees it. Knows of no page.

import { networksOf } from '../engine/networks.js';
import { sharedEngine } from '../engine/shared-engine.js';
import { stepSettingsOf } from '../settings/config.js';
import { Experiment } from './experiment.js';
import { Player } from './player.js';
import { Reoptimizer } from './reoptimizer.js';

/** @typedef {import('../settings/config.js').Config} Config */
/** @typedef {import('../engine/engine.js').Engine} Engine */
/** @typedef {import('./player.js').State} State */

/**
 * @typedef {object} Callbacks
 * @property {() => Config} config What is asked for; asked again in every animation frame.
 * @property {() => void} onTick A frame is about to be computed.
 * @property {(experiment: Experiment, engine: Engine) => void} onBegin Another experiment takes over.
 * @property {() => void} onFrame There is something new to draw.
 * @property {(state: State) => void} onState
 * @property {(slow: boolean) => void} onSlow Somebody waits for a run to be restarted, or no longer.
 * @property {(error: unknown) => void} onError
 */

/** Seconds that a run takes at each pace. */
const SECONDS = { slow: 12, normal: 3, full: 0 };

export class Playback {
  #callbacks;
  #player;
  #reoptimizer;
  /** @type {Experiment | undefined} */
  #experiment;
  /** @type {State} */
  #state = 'paused';
  /** Counts the requests to begin, so that a late answer to an earlier one is dropped. */
  #begun = 0;
  /** The last request that has been answered. */
  #arrived = 0;
  /** Whether the experiment that is on its way will play once it is there. */
  #playing = false;
  #wanted = false;
  /** Whether somebody sees it: only then it plays. */
  #seen = false;
  /** Whether the run is paused only because nobody sees it. */
  #held = false;
  #recalling = false;
  /** Whether the run is on its way to the iteration that is to be shown. */
  #seeking = false;

  /** @param {Callbacks} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    this.#player = new Player({
      course: () => this.#course(),
      onFrame: callbacks.onFrame,
      onState: (state) => this.#settle(state),
      onError: callbacks.onError,
    });
    this.#reoptimizer = new Reoptimizer({
      task: () => this.#task(),
      onMade: async (experiment, restarted) => {
        await this.#player.replace(experiment, restarted);
        if (experiment === this.#experiment) {
          this.#state = 'done'; // `onRest` tells of it.
          this.#recall();
        }
      },
      onSlow: callbacks.onSlow,
      onRest: () => this.#state === 'done' && this.#settle('done'),
      onError: callbacks.onError,
    });
  }

  get experiment() {
    return this.#experiment;
  }

  get state() {
    return this.#state;
  }

  /** Whether it has been asked to begin. */
  get begun() {
    return this.#wanted;
  }

  /** Whether another experiment is on its way. */
  get #arriving() {
    return this.#arrived !== this.#begun;
  }

  /** Iterations a second, 0 while it is not known. */
  get speed() {
    return this.#player.speed;
  }

  /**
   * Begins a new run with the configuration as it is; the one before stays until this is there.
   *
   * @param {boolean} playing Whether to play it. It is taken to the iteration on show in any case.
   * @returns {Promise<void>} Settles once it is there, has failed, or is not wanted any more. Never rejects.
   */
  async begin(playing) {
    this.#wanted = true;
    this.#playing = playing;
    this.#begun += 1;
    const number = this.#begun;
    this.#reoptimizer.forget();
    try {
      const { network } = this.#callbacks.config();
      const engine = await sharedEngine([...networksOf(network), 'means']);
      const experiment = await Experiment.begin(engine, this.#callbacks.config());
      if (number !== this.#begun) {
        experiment.free();
        return;
      }
      const loaded = await this.#player.load(experiment, () => {
        if (number !== this.#begun) {
          return false;
        }
        this.#experiment = experiment;
        this.#callbacks.onBegin(experiment, engine);
        return true;
      });
      if (number !== this.#begun) {
        return;
      }
      this.#held = false;
      const { at } = this.#callbacks.config();
      if (loaded && (this.#playing || at)) {
        this.#seeking = at !== undefined;
        this.#go();
      }
    } catch (error) {
      if (number === this.#begun) {
        this.#callbacks.onError(error);
      }
    } finally {
      this.#arrived = Math.max(this.#arrived, number);
    }
  }

  /** What is to be restarted while somebody moves a setting: all iterations. */
  #task() {
    this.#callbacks.onTick();
    const config = this.#callbacks.config();
    const { steps, at } = config;
    this.#look(at);
    return { experiment: this.#experiment, settings: stepSettingsOf(config), iterations: steps, at };
  }

  #course() {
    this.#callbacks.onTick();
    const config = this.#callbacks.config();
    const { steps, at, pace } = config;
    this.#look(at);
    return {
      settings: stepSettingsOf(config),
      iterations: this.#seeking ? Math.min(at ?? steps, steps) : steps,
      pace: this.#seeking || SECONDS[pace] === 0 ? Infinity : steps / SECONDS[pace],
    };
  }

  /** Sets the iteration on show: snapshots near it are kept. @param {number | undefined} at */
  #look(at) {
    if (this.#experiment) {
      this.#experiment.place = at;
    }
  }

  /** @param {State} state The player's. */
  #settle(state) {
    const { at, steps } = this.#callbacks.config();
    const arrived = this.#seeking && state === 'done' && at !== undefined && at < steps;
    if (state !== 'playing') {
      this.#seeking = false;
    }
    this.#state = arrived ? 'paused' : state;
    this.#callbacks.onState(this.#state);
  }

  /** Plays, or waits to be seen. */
  #go() {
    this.#held = !this.#seen;
    if (this.#seen) {
      this.#player.play();
    }
  }

  /** Goes on; begins again when the run is done, or could not begin. */
  play() {
    if (this.#arriving) {
      this.#playing = true;
    } else if (this.#state === 'done' || !this.#experiment?.begun) {
      this.begin(true);
    } else {
      this.#go();
    }
  }

  /** @returns {Promise<unknown>} Settles once the run stands still. Never rejects. */
  pause() {
    this.#playing = false;
    this.#held = false;
    return this.#player.pause();
  }

  /**
   * Makes one iteration, after a restart that is under way.
   *
   * @returns {Promise<void>} Settles once the iteration is made. Never rejects.
   */
  async step() {
    this.#playing = false;
    this.#held = false;
    const begun = this.#begun;
    if (this.#reoptimizer.busy) {
      await this.#reoptimizer.settled;
    }
    if (begun === this.#begun) {
      await this.#player.step();
    }
  }

  /**
   * A setting has changed that does not need a new run. A run that plays goes on with it, and so will one that is
   * paused on its way. A finished run is restarted with it, at once.
   */
  follow() {
    const config = this.#callbacks.config();
    if (this.#state === 'playing' || this.#arriving || !this.#experiment?.begun) {
      return; // Whatever is made next is made with it.
    }
    const { networkResults, iteration } = this.#experiment;
    if (this.#state === 'paused' && iteration < config.steps) {
      this.#player.refresh();
      return;
    }
    const isMade = networkResults.every(({ history }) => history.endsWith(stepSettingsOf(config)));
    if (isMade && iteration <= config.steps && !this.#reoptimizer.busy) {
      this.#go(); // To where the iterations now end, if that is further on.
    } else {
      this.#reoptimizer.ask();
    }
  }

  /** Goes to an iteration: holds there, or first makes what is missing. @param {number} iteration */
  seek(iteration) {
    if (this.#arriving || !this.#experiment?.begun) {
      this.#recall(); // In the experiment on show; `begin` takes the one that is on its way to this iteration.
      return;
    }
    if (iteration > this.#experiment.iteration) {
      this.#seeking = true;
      this.#go();
      return;
    }
    this.#held = false;
    if (this.#state === 'playing') {
      this.#player.pause();
    }
    this.#recall();
  }

  /** Computes the images of the iteration on show, if there is no snapshot of it; one at a time. */
  async #recall() {
    if (this.#recalling) {
      return;
    }
    this.#recalling = true;
    let experiment = this.#experiment;
    try {
      for (let more = true; more; ) {
        experiment = this.#experiment;
        const { at } = this.#callbacks.config();
        this.#look(at);
        more = experiment !== undefined && at !== undefined && (await experiment.recall(at));
        if (more && experiment === this.#experiment) {
          this.#callbacks.onFrame(); // The loop looks again: another iteration may be asked for by now.
        }
      }
    } catch (error) {
      if (experiment === this.#experiment) {
        this.#callbacks.onError(error);
      }
    } finally {
      this.#recalling = false;
    }
  }

  /** Nobody sees it: stops, and plays nothing until `appear`. */
  disappear() {
    this.#seen = false;
    this.#reoptimizer.disappear();
    if (this.#state === 'playing') {
      const seeking = this.#seeking;
      this.#player.pause();
      this.#seeking = seeking; // `pause` has reset it; after `appear`, the run goes on to the same iteration.
      this.#held = true;
    }
  }

  /** Somebody sees it, or sees it again. */
  appear() {
    this.#seen = true;
    this.#reoptimizer.appear();
    if (this.#held) {
      this.#go();
    }
  }

  /** Gives back all that it holds. It can begin again. */
  leave() {
    this.#wanted = false;
    this.#playing = false;
    this.#begun += 1;
    this.#arrived = this.#begun;
    this.#held = false;
    this.#reoptimizer.forget();
    this.#experiment = undefined;
    this.#player.unload();
  }
}
