/** Decides about rate limits: at most `limit` requests in any 60 seconds. Times are in milliseconds since 1970. */

/** Length of the window in milliseconds. */
export const WINDOW_MS = 60_000;

/**
 * The highest limit whose requests are counted by their exact times. Above it, a time is rounded up to the end of its
 * second: a stored counter has 61 times with their numbers at most, and not a thousand times.
 */
const MAX_EXACT_LIMIT = 100;
/** Length of the steps in which the times of a higher limit are counted, in milliseconds. */
export const STEP_MS = 1_000;

/** Times of the requests that were let through in the last 60 seconds, oldest first. */
export type Stamps = readonly number[];

/** Times as they are stored and published: a time that was counted several times has its number beside it. */
type StoredStamps = (number | [stamp: number, count: number])[];

/** Returns times as JSON. */
export function writtenStamps(stamps: Stamps): string {
  const stored: StoredStamps = [];
  for (let at = 0; at < stamps.length;) {
    const stamp = stamps[at] ?? 0;
    let end = at;
    while (stamps[end] === stamp) end += 1;
    stored.push(end - at === 1 ? stamp : [stamp, end - at]);
    at = end;
  }
  return JSON.stringify(stored);
}

/** Returns times from their JSON, of any version. */
export function readStamps(json: string): number[] {
  const stored = JSON.parse(json) as StoredStamps;
  return stored.flatMap((entry) =>
    typeof entry === 'number' ? entry : Array.from<number>({ length: entry[1] }).fill(entry[0]),
  );
}

/** Returns the times of two lists that may have requests in common: each time as often as the list that has it more often. */
export function mergedStamps(one: Stamps, other: Stamps): number[] {
  const counts = new Map<number, number>();
  for (const stamps of [one, other]) {
    for (const [stamp, { length }] of Map.groupBy(stamps, (each) => each))
      counts.set(stamp, Math.max(counts.get(stamp) ?? 0, length));
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([stamp, count]) => Array.from<number>({ length: count }).fill(stamp));
}

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
 * that the times stay in order. A time that is rounded up leaves the window later, never earlier: the limit holds in any
 * 60 seconds.
 */
export function decideAt(
  stamps: Stamps,
  limit: number,
  now: number,
): { decision: Decision; stamps: number[] } {
  const step = limit > MAX_EXACT_LIMIT ? STEP_MS : 1;
  const time = Math.max(now, (stamps.at(-1) ?? 0) - (step - 1));
  const before = counted(stamps, time);
  const allowed = before.length < limit;
  const after = allowed ? [...before, Math.ceil(time / step) * step] : before;
  // A refused request waits until one fits. That is when the oldest leaves, except after a limit was lowered.
  const next = allowed ? after[0] : before[before.length - limit];
  const resetAt = (next ?? time) + WINDOW_MS;
  return {
    decision: { allowed, limit, remaining: Math.max(limit - after.length, 0), resetAt },
    stamps: after,
  };
}
