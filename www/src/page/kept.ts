// What the page remembers of a visit: guesses, and where one was. A browser that forbids it has the page without.

const PREFIX = 'actmax-';

export function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + key) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keep(key: string, value: string) {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // It is forbidden, or full.
  }
}
