/** Counts of the visitors that begin from one network, and the proofs of work that were used there. Pure. */

/** Length of the window in minutes. */
const WINDOW_MINUTES = 60;
const MINUTE_MS = 60_000;

/** The state of one network. It is stored as one value. */
export interface VisitorCounts {
  /** Numbers of visitors by the minute in which they began, oldest first. */
  begun: readonly (readonly [minute: number, count: number])[];
  /** Proofs of work that were used, with the time until which each would be accepted, in milliseconds since 1970. */
  used: readonly (readonly [proof: string, until: number])[];
}

export const NO_VISITORS: VisitorCounts = { begun: [], used: [] };

/** A visitor who begins: the maximum of their network, and the proof of work that they bring. */
export interface Beginning {
  /** Maximum number of visitors that begin in any hour. */
  limit: number;
  /** Identifier of the proof, and the time until which it would be accepted; null where none is demanded. */
  proof: { id: string; until: number } | null;
}

/** The answer to a visitor who begins. `resetAt` is when the next one may begin, in milliseconds since 1970. */
export type BeginningAnswer =
  { verdict: 'begins' } | { verdict: 'used' } | { verdict: 'limit'; resetAt: number };

/** Returns the part of the state that still matters at `now`. A minute counts until its end is an hour ago. */
export function current({ begun, used }: VisitorCounts, now: number): VisitorCounts {
  const first = Math.floor(now / MINUTE_MS) - WINDOW_MINUTES;
  return {
    begun: begun.filter(([minute]) => minute >= first),
    used: used.filter(([, until]) => until > now),
  };
}

/**
 * Decides about a visitor who begins at `now`. A proof is used up by a visitor who begins. Minutes are counted whole:
 * never more than `limit` begin in any hour.
 */
export function decideBeginning(
  counts: VisitorCounts,
  { limit, proof }: Beginning,
  now: number,
): { answer: BeginningAnswer; counts: VisitorCounts } {
  const { begun, used } = current(counts, now);
  if (proof !== null && used.some(([id]) => id === proof.id)) {
    return { answer: { verdict: 'used' }, counts: { begun, used } };
  }
  const minute = Math.floor(now / MINUTE_MS);
  const total = begun.reduce((sum, [, count]) => sum + count, 0);
  const [oldest = minute] = begun[0] ?? [];
  if (total >= limit) {
    const resetAt = (oldest + WINDOW_MINUTES + 1) * MINUTE_MS;
    return { answer: { verdict: 'limit', resetAt }, counts: { begun, used } };
  }
  const last = begun.at(-1);
  const counted =
    last !== undefined && last[0] >= minute
      ? [...begun.slice(0, -1), [last[0], last[1] + 1] as const]
      : [...begun, [minute, 1] as const];
  const spent = proof === null ? used : [...used, [proof.id, proof.until] as const];
  return { answer: { verdict: 'begins' }, counts: { begun: counted, used: spent } };
}
