// @ts-check
// Rounds and medians. All candidates of a cell take their rounds in turn, so that whatever else the
// machine does meets all of them alike.

import { probabilities } from './answers.js';

/** @typedef {import('./task.js').Work} Work */

/**
 * @typedef {object} Runner A candidate, wherever it runs.
 * @property {string} name
 * @property {string} backend
 * @property {'cpu' | 'webgpu' | 'other'} kind What it is compared with.
 * @property {boolean} ours
 * @property {(work: Work) => Promise<boolean>} prepare Returns whether there is such a candidate.
 * @property {(frames: number, steps: number) => Promise<Played>} play Frames of so many steps, each
 *   with one read. The first time, the run begins with it.
 * @property {() => Promise<ArrayLike<number>>} images As they were last read.
 * @property {() => Promise<string | undefined>} note
 * @property {() => Promise<void>} end
 */

/**
 * @typedef {object} Played
 * @property {number} whole Milliseconds.
 * @property {number} busy Milliseconds of the main thread.
 */

/**
 * @typedef {object} Result
 * @property {Runner} runner
 * @property {number} step Milliseconds a step.
 * @property {number} spread Half the distance between the fastest and the slowest round.
 * @property {number} busy Milliseconds a step of the main thread.
 * @property {number} first Milliseconds of the first step.
 * @property {number} differs By how much a probability is off.
 * @property {string} [note]
 * @property {string} [problem] Why the rest does not count.
 */

/** Steps after which the answers are compared: soon, while all is in motion, and where the lab's runs end. */
const COMPARED = [10, 50];
/** Two who compute the same, in 32 bits and in another order, are a fiftieth of this apart. */
const TOLERANCE = 1e-4;

/** Milliseconds that a round takes, about. */
const ROUND = 500;
/** Steps before an image is read, at most: no page shows fewer pictures. */
const MOST_STEPS = 50;
/** Milliseconds for a candidate to begin and to make its first steps, or for a round. */
const TIMEOUT = 120_000;

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Half the distance between the least and the greatest. @param {number[]} values */
export function spread(values) {
  return (Math.max(...values) - Math.min(...values)) / 2;
}

/**
 * Measures candidates at the same work.
 *
 * @param {Runner[]} runners Those of ours first: the others are compared with the first.
 * @param {Work} work
 * @param {number} rounds
 * @returns {Promise<Result[]>} Of those that there are.
 */
export async function measureCell(runners, work, rounds) {
  /** @type {Entrant[]} */
  const entrants = [];
  for (const runner of runners) {
    const entrant = await enter(runner, work, entrants.find((it) => !it.problem)?.answers);
    if (entrant) {
      entrants.push(entrant);
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const entrant of entrants.filter((it) => !it.problem)) {
      await attempt(entrant, async () => {
        entrant.played.push(await entrant.runner.play(entrant.frames, entrant.steps));
      });
    }
  }
  for (const { runner } of entrants) {
    await runner.end();
  }
  return entrants.map(resultOf);
}

/**
 * @typedef {object} Entrant A candidate that has begun.
 * @property {Runner} runner
 * @property {number} first Milliseconds of the first step.
 * @property {number[]} answers The probabilities whenever they are compared.
 * @property {number} differs By how much they are off.
 * @property {string} [note]
 * @property {number} frames Of a round.
 * @property {number} steps Of a frame.
 * @property {Played[]} played
 * @property {string} [problem]
 */

/**
 * Begins, and compares what has been computed by then.
 *
 * @param {Runner} runner
 * @param {Work} work
 * @param {number[] | undefined} expected Its own, if nobody was before.
 * @returns {Promise<Entrant | undefined>} Nothing, if there is no such candidate.
 */
async function enter(runner, work, expected) {
  /** @type {Entrant} */
  const entrant = { runner, first: NaN, answers: [], differs: NaN, frames: 0, steps: 0, played: [] };
  let there = true;
  await attempt(entrant, async () => {
    there = await runner.prepare(work);
    if (!there) {
      return;
    }
    entrant.first = (await runner.play(1, 1)).whole;
    let made = 1;
    for (const steps of COMPARED) {
      await runner.play(1, steps - made);
      made = steps;
      entrant.answers.push(...probabilities(work, await runner.images()));
    }
    entrant.note = await runner.note();
    entrant.differs = Math.max(...entrant.answers.map((it, at) => Math.abs(it - (expected ?? entrant.answers)[at])));
    if (!(entrant.differs <= TOLERANCE)) {
      const steps = COMPARED.join(' or ');
      entrant.problem = `other probabilities after ${steps} steps, by up to ${entrant.differs.toExponential(1)}`;
      return;
    }
    Object.assign(entrant, await planOf(runner));
  });
  if (there) {
    return entrant;
  }
  await runner.end();
  return undefined;
}

/** @param {Entrant} entrant @returns {Result} */
function resultOf({ runner, first, differs, note, frames, steps, played, problem }) {
  const times = played.map((it) => it.whole / (frames * steps));
  return {
    runner,
    step: problem ? NaN : median(times),
    spread: spread(times),
    busy: problem ? NaN : median(played.map((it) => it.busy / (frames * steps))),
    first,
    differs,
    note,
    problem,
  };
}

/** How many frames of how many steps make a round. @param {Runner} runner */
async function planOf(runner) {
  const quick = await runner.play(1, 2);
  const steps = Math.min(MOST_STEPS, Math.max(2, Math.round((2 * ROUND) / quick.whole)));
  const { whole } = steps > 2 ? await runner.play(1, steps) : quick;
  return { frames: Math.max(1, Math.round(ROUND / whole)), steps };
}

/**
 * Does something with a candidate, which has a problem if it fails or takes too long.
 *
 * @param {Entrant} entrant
 * @param {() => Promise<void>} work
 */
async function attempt(entrant, work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing after ${TIMEOUT / 1000} s`)), TIMEOUT);
  });
  try {
    await Promise.race([work(), late]);
  } catch (error) {
    entrant.problem = String(error).split('\n')[0];
  }
  clearTimeout(timer);
}
