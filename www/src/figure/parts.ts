// The parts of a figure, and which of them are on show.

export const GROUPS = {
  controls: ['timeline', 'run', 'step', 'reset', 'pace'],
  settings: ['network', 'digit', 'preset', 'more', 'target', 'rate', 'optimizer', 'steps', 'seed', 'noise-std', 'colors'],
  charts: ['loss', 'probability', 'bars', 'filters', 'mean', 'opinions', 'nearest', 'change'],
  labels: ['scale', 'readings'],
};

type Group = keyof typeof GROUPS;

/** Every part that can be shown or hidden. */
export const PARTS = Object.values(GROUPS).flat();

/** That the settings stand in tabs, not below one another: only where it is asked for by name. */
const TABS = 'tabs';

/** The most letters of a list of parts: the rest is not read. */
export const MOST_LETTERS = 1000;
/** The most unknown names that a note quotes. */
const MOST_NAMED = 3;

/**
 * The parts on show: the labels, the controls if they are asked for, and what is in `show`, less
 * what is in `hide`.
 */
export function partsOf({ controls, show, hide }: {
  controls: boolean;
  /** Parts or groups, separated by commas or spaces, or `all`. */
  show: string;
  /** The same. */
  hide: string;
}): { parts: Set<string>; notes: string[] } {
  const parts = new Set(GROUPS.labels);
  const unknown = new Set<string>();
  const named = (list: string) =>
    list
      .slice(0, MOST_LETTERS)
      .split(/[\s,]+/)
      .filter((name) => name !== '')
      .flatMap((name) => {
        if (name === 'all') {
          return PARTS;
        }
        if (Object.hasOwn(GROUPS, name)) {
          return GROUPS[name as Group];
        }
        if (name !== TABS && !PARTS.includes(name)) {
          unknown.add(`"${name.slice(0, 24)}"`);
          return [];
        }
        return [name];
      });
  for (const part of [...(controls ? GROUPS.controls : []), ...named(show)]) {
    parts.add(part);
  }
  for (const part of named(hide)) {
    parts.delete(part);
  }
  return { parts, notes: unknown.size === 0 ? [] : [noteOn([...unknown].slice(0, MOST_NAMED))] };
}

function noteOn(unknown: string[]) {
  const what = unknown.length === 1 ? 'is no part' : 'are no parts';
  return `There ${what} ${unknown.join(', ')}. There are: ${[...PARTS, TABS, ...Object.keys(GROUPS), 'all'].join(', ')}.`;
}
