import { utf8Length } from './text.ts';

/**
 * What a page of a list may weigh, in bytes of UTF-8. A message between a Worker and an object ends at 32 MiB (platform
 * limit), and an isolate has 128 MB for everything.
 */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** The first entries of a list, and whether there are more behind them. */
export interface Page<Entry> {
  entries: Entry[];
  hasMore: boolean;
}

/**
 * Takes the entries of a page: at most `limit` of them, and at most as many as `maxBytes` hold, but always one. Reads one
 * entry more than it takes, and nothing behind that.
 */
export function pageOf<Entry>(
  entries: Iterable<Entry>,
  limit: number,
  bytesOf: (entry: Entry) => number,
  maxBytes = MAX_PAGE_BYTES,
): Page<Entry> {
  const taken: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += bytesOf(entry);
    if (taken.length === limit || (bytes > maxBytes && taken.length > 0))
      return { entries: taken, hasMore: true };
    taken.push(entry);
  }
  return { entries: taken, hasMore: false };
}

/** Returns the bytes of the texts of a row. What else is in a row is small. */
export function bytesOfTexts(row: Readonly<Record<string, unknown>>): number {
  let bytes = 0;
  for (const value of Object.values(row)) if (typeof value === 'string') bytes += utf8Length(value);
  return bytes;
}
