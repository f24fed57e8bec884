import { utf8Length } from './text.ts';

/**
 * Maximum size of a page of a list in bytes of UTF-8. A message between a Worker and an object ends at 32 MiB (platform
 * limit), and an isolate has 128 MB of memory.
 */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** The first entries of a list. `hasMore` is true if more follow. */
export interface Page<Entry> {
  entries: Entry[];
  hasMore: boolean;
}

/**
 * Returns the first entries of a list: at most `limit`, and at most as many as fit into `maxBytes`, but at least one.
 * Reads one entry more than it returns.
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

/** Returns the size of the texts of a row in bytes of UTF-8. The other values of a row are small. */
export function bytesOfTexts(row: Readonly<Record<string, unknown>>): number {
  let bytes = 0;
  for (const value of Object.values(row)) if (typeof value === 'string') bytes += utf8Length(value);
  return bytes;
}
