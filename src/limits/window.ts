/** Decides about rate limits: at most `limit` requests in any 60 seconds. Times are in milliseconds since 1970. */

/** Length of the window in milliseconds. */
export const WINDOW_MS = 60_000;

/** Times of the requests that were let through in the last 60 seconds, oldest first. */
export type Stamps = readonly number[];

/** The decision about one request. */
export interface Decision {
  allowed: boolean;
  limit: number;
  /** Number of requests that would pass now. */
  remaining: number;
  /** Time when the oldest counted request leaves the window. For a refused request, time when the next one passes. */
  resetAt: number;
}

/** Returns the times that still count at `now`. */
export function counted(stamps: Stamps, now: number): number[] {
  return stamps.filter((stamp) => stamp > now - WINDOW_MS);
}

/**
 * Decides about a request at `now`, and counts it if it passes. If the clock went back, the last time is used again, so
 * that the times stay in order.
 */
export function decideAt(
  stamps: Stamps,
  limit: number,
  now: number,
): { decision: Decision; stamps: number[] } {
  const time = Math.max(now, stamps.at(-1) ?? 0);
  const before = counted(stamps, time);
  const allowed = before.length < limit;
  const after = allowed ? [...before, time] : before;
  // A refused request waits until one fits. That is when the oldest leaves, except after a limit was lowered.
  const next = allowed ? after[0] : before[before.length - limit];
  const resetAt = (next ?? time) + WINDOW_MS;
  return {
    decision: { allowed, limit, remaining: Math.max(limit - after.length, 0), resetAt },
    stamps: after,
  };
}
