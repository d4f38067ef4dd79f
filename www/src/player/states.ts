// The states of a run, and what may follow what. The only place that says so.

/**
 * - `idle`: it has not begun, or has been given back.
 * - `loading`: its first snapshot is on its way.
 * - `failed`: its first snapshot could not be had.
 * - `paused`: it stands still, at its start or on its way.
 * - `playing`: it makes iterations at the pace that was chosen, to the last.
 * - `seeking`: it makes iterations as fast as it can, to the one that is to be shown.
 * - `rerunning`: it was at its end, and is made again, behind what is on show, with settings that have changed since.
 * - `resting`: that is made, and on show. Settings that change in the next moment are still the same movement of a
 *   slider.
 * - `done`: it is at its end.
 */
export type State = 'idle' | 'loading' | 'failed' | 'paused' | 'playing' | 'seeking' | 'rerunning' | 'resting' | 'done';

/**
 * - `begin`: its files and its first snapshot are asked for.
 * - `load`: the first snapshot is there.
 * - `fail`: what was asked for cannot be had.
 * - `play`, `pause`, `step`: somebody asks for that. A run at its end cannot be played: another takes its place.
 * - `seek`: somebody asks for an iteration that has not been made yet.
 * - `arrive`: that iteration is made.
 * - `end`: the last iteration is made.
 * - `extend`: its end has moved further on.
 * - `rerun`: another setting of a run at its end has changed.
 * - `made`: a run with the newest settings has replaced the one on show.
 * - `rest`: the settings have not changed for a while.
 * - `leave`: it is given back.
 */
export type Event =
  | 'begin'
  | 'load'
  | 'fail'
  | 'play'
  | 'pause'
  | 'step'
  | 'seek'
  | 'arrive'
  | 'end'
  | 'extend'
  | 'rerun'
  | 'made'
  | 'rest'
  | 'leave';

/** What somebody sees of it. */
export type ShownState = 'playing' | 'paused' | 'done';

export const TRANSITIONS: Record<State, Partial<Record<Event, State>>> = {
  idle: { begin: 'loading', pause: 'idle', leave: 'idle' },
  loading: { load: 'paused', fail: 'failed', play: 'loading', pause: 'loading', leave: 'idle' },
  failed: { step: 'loading', pause: 'failed', leave: 'idle' },
  paused: {
    play: 'playing', pause: 'paused', step: 'paused', seek: 'seeking', extend: 'playing', rerun: 'rerunning', fail: 'paused',
    leave: 'idle',
  },
  playing: { play: 'playing', pause: 'paused', step: 'paused', seek: 'seeking', end: 'done', fail: 'paused', leave: 'idle' },
  seeking: {
    play: 'playing', pause: 'paused', step: 'paused', seek: 'seeking', arrive: 'paused', end: 'done', fail: 'paused',
    leave: 'idle',
  },
  rerunning: { pause: 'rerunning', made: 'resting', fail: 'done', leave: 'idle' },
  resting: {
    pause: 'paused', step: 'paused', seek: 'seeking', extend: 'playing', rerun: 'rerunning', rest: 'done', leave: 'idle',
  },
  done: {
    pause: 'paused', step: 'paused', seek: 'seeking', extend: 'playing', rerun: 'rerunning', fail: 'done', leave: 'idle',
  },
};

/** Whether an event may happen in a state. */
export function allows(state: State, event: Event) {
  return TRANSITIONS[state][event] !== undefined;
}

/**
 * The state after an event.
 *
 * @returns Throws where the table has none.
 */
export function after(state: State, event: Event): State {
  const next = TRANSITIONS[state][event];
  if (next === undefined) {
    throw new Error(`A run that is ${state} cannot ${event}.`);
  }
  return next;
}

/** The states in which iterations are made, as long as somebody sees them. */
export function isMaking(state: State) {
  return state === 'playing' || state === 'seeking' || state === 'rerunning';
}

/** @param seen Whether somebody sees the run: nobody plays what nobody sees. */
export function shownAs(state: State, seen: boolean): ShownState {
  switch (state) {
    case 'playing':
    case 'seeking':
      return seen ? 'playing' : 'paused';
    case 'rerunning':
    case 'resting':
    case 'done':
      return 'done'; // The former images stay on show until all iterations are made.
    default:
      return 'paused';
  }
}
