/**
 * Decides about leases. A conversation leases an amount from its budgets and spends it on its own; renewing settles what
 * was spent. For each counter and limit, what is settled and what open leases hold never exceed the limit together, in any
 * order of requests. A lease that is never settled stays held until its period ends, as if it were wholly spent. Pure.
 */
import { isNothing, minus, NOTHING, plus, UNITS, type Amounts, type Unit } from './amounts.ts';
import type { Bound } from './bounds.ts';
import { endOf, periodAt } from './periods.ts';

/** The most that one lease grants. A renewal costs a request and a few rows, so a lease lasts for several turns. */
export const LEASE: Amounts = { tokens: 20_000, micro_usd: 50_000, turns: 5 };
/**
 * A lease grants at most this part of what is left, or what its turn needs: many conversations share a small rest, and
 * none of them holds more than it is about to use.
 */
const SHARE = 16;

/** Amounts of one subject in one period: settled, and held by open leases. */
export interface Counter {
  spent: Amounts;
  held: Amounts;
}

/** A lease as the budget keeps it. */
export interface OpenLease {
  /** Grows with every lease of a holder: a holder that names an older one has lost the answer to a renewal. */
  number: number;
  granted: Amounts;
  /** The keys of the counters that hold it. */
  counters: readonly string[];
}

/** A lease as its holder keeps it. Units without a limit are null. */
export interface Lease {
  number: number;
  granted: Readonly<Record<Unit, number | null>>;
  /** The end of its first period, in milliseconds since 1970: after that a new one is needed. */
  until: number;
  /** True when it is to be settled right after the turn, because little is left. */
  scarce: boolean;
  /** True when a soft percentage is passed: the economical models are used. */
  soft: boolean;
}

/** Report of a holder about its lease. */
export interface Settlement {
  /** Names the conversation or the request that spends. */
  holder: string;
  /** The number of its last lease; 0 for none. */
  number: number;
  /** The part of that lease that was spent. */
  used: Amounts;
  /** Amounts that were spent without a lease, while the budget did not answer. */
  unleased: Amounts;
  bounds: readonly Bound[];
}

/** A request for a lease. `need` is the least with which the work may begin, and `want` what it may take at the most. */
export interface Renewal extends Settlement {
  need: Amounts;
  want: Amounts;
}

/** The part of the state that a command reads and writes. */
export interface BudgetState {
  lease: OpenLease | null;
  counters: ReadonlyMap<string, Counter>;
}

/** The answer to a renewal: a lease, or the limit that refuses it and the time at which its period ends. */
export type RenewalAnswer =
  { kind: 'granted'; lease: Lease } | { kind: 'refused'; bound: Bound; resets_at: number };

/** A limit whose soft percentage is passed, with what is committed of it. */
export interface Passed {
  bound: Bound;
  period: string;
  committed: number;
}

/** The new state, the answer, and the soft percentages that are passed now. */
export interface Decision<Answer> extends BudgetState {
  answer: Answer;
  passed: readonly Passed[];
}

const EMPTY: Counter = { spent: NOTHING, held: NOTHING };

/** Returns the key of a counter: the period's name and the subject. */
export function counterKey(period: string, subject: string): string {
  return `${period} ${subject}`;
}

/** Returns the name of the period of a counter's key. */
export function periodOfKey(key: string): string {
  return key.slice(0, key.indexOf(' '));
}

function keyOf({ period, subject }: Bound, now: number): string {
  return counterKey(periodAt(period, now), subject);
}

/** Returns the keys of every counter that a command about these limits may touch. */
export function keysOf(bounds: readonly Bound[], lease: OpenLease | null, now: number): string[] {
  return [...new Set([...bounds.map((bound) => keyOf(bound, now)), ...(lease?.counters ?? [])])];
}

/** The counters while a command is carried out. */
class Counters {
  readonly all: Map<string, Counter>;

  constructor(counters: ReadonlyMap<string, Counter>) {
    this.all = new Map(counters);
  }

  of(key: string): Counter {
    return this.all.get(key) ?? EMPTY;
  }

  /** Returns what is settled and held of a limit. */
  committed(bound: Bound, now: number): number {
    const { spent, held } = this.of(keyOf(bound, now));
    return spent[bound.unit] + held[bound.unit];
  }

  release(keys: readonly string[], granted: Amounts, spent: Amounts): void {
    for (const key of keys) {
      const before = this.of(key);
      this.all.set(key, { spent: plus(before.spent, spent), held: minus(before.held, granted) });
    }
  }

  hold(keys: readonly string[], granted: Amounts): void {
    for (const key of keys) {
      const before = this.of(key);
      this.all.set(key, { ...before, held: plus(before.held, granted) });
    }
  }
}

/** Closes the lease of a holder, and counts what was spent without one. */
function close(
  counters: Counters,
  lease: OpenLease | null,
  settlement: Settlement,
  keys: readonly string[],
): void {
  const { number, used, unleased } = settlement;
  if (lease !== null) {
    // A holder that does not know its lease may have spent it, and died before it could say so.
    const spent = lease.number === number ? used : lease.granted;
    counters.release(lease.counters, lease.granted, spent);
  }
  if (!isNothing(unleased)) counters.release(keys, NOTHING, unleased);
}

function ownKeys(bounds: readonly Bound[], now: number): string[] {
  return [...new Set(bounds.map((bound) => keyOf(bound, now)))];
}

/** Settles a lease: what was not spent of it is free again. Safe to repeat, but for what was spent without a lease. */
export function settle(state: BudgetState, settlement: Settlement, now: number): Decision<null> {
  const counters = new Counters(state.counters);
  // A copy that comes after the next renewal closes nothing.
  const isOutdated = state.lease !== null && settlement.number < state.lease.number;
  const lease = isOutdated ? null : state.lease;
  close(counters, lease, settlement, ownKeys(settlement.bounds, now));
  return { answer: null, lease: isOutdated ? state.lease : null, counters: counters.all, passed: [] };
}

/** Returns what is granted of each unit; null for a unit without a limit. */
function grantOf(
  counters: Counters,
  { bounds, need, want }: Renewal,
  now: number,
): { granted: Record<Unit, number | null>; scarce: boolean } {
  const granted: Record<Unit, number | null> = { tokens: null, micro_usd: null, turns: null };
  let scarce = false;
  for (const unit of UNITS) {
    const lefts = bounds
      .filter((bound) => bound.unit === unit)
      .map((bound) => bound.limit - counters.committed(bound, now));
    if (lefts.length === 0) continue;
    const left = Math.min(...lefts);
    const share = Math.min(LEASE[unit], Math.floor(left / SHARE));
    granted[unit] = Math.max(need[unit], Math.min(Math.max(want[unit], share), left));
    scarce ||= share < LEASE[unit];
  }
  return { granted, scarce };
}

/** Returns the limits whose soft percentage is passed by what is settled and held. */
function passedOf(counters: Counters, bounds: readonly Bound[], now: number): Passed[] {
  return bounds.flatMap((bound) => {
    const committed = counters.committed(bound, now);
    const isPassed = bound.soft_percent !== null && committed * 100 >= bound.limit * bound.soft_percent;
    return isPassed ? [{ bound, period: periodAt(bound.period, now), committed }] : [];
  });
}

/** Settles the lease of a holder and grants the next one, or refuses it. A refusal holds nothing. */
export function renew(state: BudgetState, renewal: Renewal, now: number): Decision<RenewalAnswer> {
  const { bounds, need } = renewal;
  const counters = new Counters(state.counters);
  const keys = ownKeys(bounds, now);
  close(counters, state.lease, renewal, keys);
  const short = bounds.filter((bound) => {
    const left = bound.limit - counters.committed(bound, now);
    return left < need[bound.unit];
  });
  const [last] = short.toSorted((one, other) => resetOf(other, now) - resetOf(one, now));
  if (last !== undefined) {
    const answer = { kind: 'refused', bound: last, resets_at: resetOf(last, now) } as const;
    return { answer, lease: null, counters: counters.all, passed: passedOf(counters, bounds, now) };
  }
  const { granted, scarce } = grantOf(counters, renewal, now);
  const amounts: Amounts = {
    tokens: granted.tokens ?? 0,
    micro_usd: granted.micro_usd ?? 0,
    turns: granted.turns ?? 0,
  };
  counters.hold(keys, amounts);
  const number = Math.max(state.lease?.number ?? 0, renewal.number) + 1;
  const until = Math.min(...bounds.map((bound) => resetOf(bound, now)));
  const passed = passedOf(counters, bounds, now);
  return {
    answer: { kind: 'granted', lease: { number, granted, until, scarce, soft: passed.length > 0 } },
    lease: { number, granted: amounts, counters: keys },
    counters: counters.all,
    passed,
  };
}

function resetOf(bound: Bound, now: number): number {
  return endOf(periodAt(bound.period, now));
}
