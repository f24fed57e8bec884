/** The values that the widget keeps for all windows of a site and for later visits: who the visitor is. */
import { PREFIX } from './tab-storage.ts';

/** The values of this page, where the browser denies storage. */
const ofPage = new Map<string, unknown>();

/** Returns the value that is kept under a name; null when there is none. The caller checks its shape. */
export function readShared(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    if (text !== null) return JSON.parse(text) as unknown;
  } catch {
    // The browser denies storage, or a script of the page has written something else.
  }
  return ofPage.get(key) ?? null;
}

/** Keeps a value; null removes it. Where the browser denies storage the value lives as long as the page. */
export function keepShared(key: string, value: unknown): void {
  ofPage.delete(key);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    if (value !== null) ofPage.set(key, value);
  }
}

/** Removes everything that the widget keeps for all windows. */
export function forgetShared(): void {
  ofPage.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Nothing is kept where there is no storage.
  }
}

/**
 * Does work that only one window of the site does at a time. Where the browser has no locks (pages without TLS, frames
 * without an origin), and after `waitMs` milliseconds of waiting for another window, it is done at once.
 */
export async function alone<T>(
  name: string,
  waitMs: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  const timer = setTimeout(stop, waitMs);
  signal.addEventListener('abort', stop);
  let isBegun = false;
  const begin = () => {
    isBegun = true;
    clearTimeout(timer);
    return work();
  };
  try {
    return await navigator.locks.request(name, { signal: waiting.signal }, begin);
  } catch (error) {
    if (isBegun) throw error;
    signal.throwIfAborted();
    return await begin();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
