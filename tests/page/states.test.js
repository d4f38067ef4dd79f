// @ts-check
// The table of a run's states: every entry is gone through, and everything that is not in it throws and changes nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RunState } from '../../www/src/player/run-state.ts';
import { TRANSITIONS, after, allows, isMaking, shownAs } from '../../www/src/player/states.ts';

/** @typedef {import('../../www/src/player/states.ts').Event} Event */
/** @typedef {import('../../www/src/player/states.ts').State} State */

const STATES = /** @type {State[]} */ (Object.keys(TRANSITIONS));
/** @type {Record<Event, true>} All of them, or the types do not fit. */
const ALL = {
  begin: true, load: true, fail: true, play: true, pause: true, step: true, seek: true, arrive: true, end: true, extend: true,
  rerun: true, made: true, rest: true, leave: true,
};
const EVENTS = /** @type {Event[]} */ (Object.keys(ALL));

/** The shortest way from `idle` to each state. @returns {Map<State, Event[]>} */
function ways() {
  /** @type {Map<State, Event[]>} */
  const found = new Map([['idle', []]]);
  for (const [state, way] of found) {
    for (const [event, next] of /** @type {[Event, State][]} */ (Object.entries(TRANSITIONS[state]))) {
      if (!found.has(next)) {
        found.set(next, [...way, event]);
      }
    }
  }
  return found;
}

/** A run in a state, and how often it has told of a change since. @param {State} state */
function runIn(state) {
  const told = { changes: 0 };
  const it = new RunState(() => (told.changes += 1));
  ways().get(state)?.forEach((event) => it.to(event));
  assert.equal(it.value, state);
  told.changes = 0;
  return { it, told };
}

test('a run begins idle, and can come into every state', () => {
  assert.equal(new RunState(() => {}).value, 'idle');
  assert.deepEqual([...ways().keys()].sort(), STATES.toSorted());
});

for (const state of STATES) {
  for (const event of EVENTS) {
    const next = TRANSITIONS[state][event];
    test(`${event} of a run that is ${state}: ${next ?? 'throws'}`, async () => {
      const { it, told } = runIn(state);
      const waiting = it.change(50);
      if (next === undefined) {
        const words = new RegExp(`^Error: A run that is ${state} cannot ${event}\\.$`);
        assert.equal(allows(state, event), false);
        assert.throws(() => after(state, event), words);
        assert.throws(() => it.to(event), words);
        assert.deepEqual([it.value, told.changes], [state, 0]);
        assert.equal(await waiting, false, 'who waits is told of a change that was none');
      } else {
        assert.equal(allows(state, event), true);
        assert.equal(after(state, event), next);
        it.to(event);
        assert.deepEqual([it.value, told.changes], [next, 1]);
        assert.equal(await waiting, true, 'who waits hears of no change');
      }
    });
  }
}

test('every run can be given back, and one that is cannot be asked for anything', () => {
  for (const state of STATES) {
    assert.equal(after(state, 'leave'), 'idle');
  }
  assert.deepEqual(EVENTS.filter((event) => allows('idle', event)), ['begin', 'pause', 'leave']);
});

test('to pause is possible in every state, and nothing is played after it', () => {
  for (const state of STATES) {
    const next = after(state, 'pause');
    assert.ok(next !== 'playing' && next !== 'seeking', `${state} → ${next}`);
  }
});

test('a run is at its end only after the last iteration', () => {
  for (const state of STATES) {
    for (const event of EVENTS) {
      if (TRANSITIONS[state][event] === 'done') {
        assert.ok(['end', 'rest'].includes(event) || (event === 'fail' && shownAs(state, true) === 'done'), `${state}, ${event}`);
      }
    }
  }
});

test('nobody plays what nobody sees, and what is made again looks like what it was', () => {
  const shown = (/** @type {boolean} */ isSeen) => Object.fromEntries(STATES.map((state) => [state, shownAs(state, isSeen)]));
  const still = {
    idle: 'paused', loading: 'paused', failed: 'paused', paused: 'paused', rerunning: 'done', resting: 'done', done: 'done',
  };
  assert.deepEqual(shown(true), { ...still, playing: 'playing', seeking: 'playing' });
  assert.deepEqual(shown(false), { ...still, playing: 'paused', seeking: 'paused' });
  assert.deepEqual(STATES.filter(isMaking), ['playing', 'seeking', 'rerunning']);
});
