/** The spending of a conversation, as it is stored with it. Pure. */
import type { ModelCall } from '../../contract/insights.ts';
import { NO_LEASE, type HeldLease } from '../../budget/held-lease.ts';
import { rowsOf, totalOf } from '../../budget/tally.ts';
import {
  addRows,
  NO_USAGE,
  sumOf,
  withoutRows,
  type UsageCounts,
  type UsageRow,
} from '../../budget/usage.ts';

/** The spending of a conversation: null in its record until a model is called, or a budget concerns it. */
export interface SpendingRecord {
  /** Everything that its models have used. */
  totals: UsageCounts;
  /** The part of it that is not reported yet. */
  open: readonly UsageRow[];
  /** The number of the last report that was answered. */
  reported: number;
  held: HeldLease;
  /** True while a turn spends the lease: found so by a fresh process, the lease counts as wholly spent. */
  running: boolean;
}

/** The spending of a conversation that has spent nothing. */
export const NO_SPENDING: SpendingRecord = {
  totals: NO_USAGE,
  open: [],
  reported: 0,
  held: NO_LEASE,
  running: false,
};

/** Returns spending with a call added that ended now. */
export function withCall(spending: SpendingRecord, call: ModelCall, now: number): SpendingRecord {
  return {
    ...spending,
    totals: sumOf(spending.totals, totalOf([call])),
    open: addRows(spending.open, rowsOf([call], now)),
  };
}

/** Returns spending after its report was answered. */
export function afterReport(
  spending: SpendingRecord,
  number: number,
  rows: readonly UsageRow[],
): SpendingRecord {
  return { ...spending, reported: number, open: withoutRows(spending.open, rows) };
}
