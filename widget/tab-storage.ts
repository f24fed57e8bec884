/** The values that the widget keeps in the storage of the tab, under names that include their user. */

/** The beginning of the name of everything that the widget keeps. */
export const PREFIX = 'amigo-chat:';

/** The name of something kept. As JSON, so that no two lists of parts have the same name. */
export function storageKey(...parts: string[]): string {
  return PREFIX + JSON.stringify(parts);
}

/**
 * Returns the value that is kept under a name; null when there is none, or when the page is denied storage. The
 * caller checks its shape.
 */
export function readKept(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as unknown;
  } catch {
    return null;
  }
}

/** Keeps a value; null removes it. Without storage it lives as long as the page. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The page may be denied storage, or have filled it.
  }
}

/** Removes everything that the widget keeps in this tab, of all users. */
export function forgetKept(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Nothing is kept where there is no storage.
  }
}
