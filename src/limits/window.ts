/** The rule of a rate limit, pure: at most `limit` requests in any 60 seconds. Times in milliseconds since 1970. */

export const WINDOW_MS = 60_000;

/** When each counted request of the last 60 seconds was let through, oldest first. */
export type Stamps = readonly number[];

/** What a limit says to one request. */
export interface Decision {
  allowed: boolean;
  limit: number;
  /** How many more requests would pass now. */
  remaining: number;
  /** When the oldest counted request leaves the window; for a refused one, when the next would pass. */
  resetAt: number;
}

/** The stamps that still count at `now`. */
export function counted(stamps: Stamps, now: number): number[] {
  return stamps.filter((stamp) => stamp > now - WINDOW_MS);
}

/**
 * Decides about a request at `now`, and counts it if it passes. A clock that went back is held where it was, so that
 * the stamps stay in order.
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
  // A refused request waits until so many have left that one fits, which is the oldest unless a limit was lowered.
  const next = allowed ? after[0] : before[before.length - limit];
  const resetAt = (next ?? time) + WINDOW_MS;
  return {
    decision: { allowed, limit, remaining: Math.max(limit - after.length, 0), resetAt },
    stamps: after,
  };
}
